/// A small map from names to values that remembers the order of insertion.
///
/// Results files are read by people: metrics stay in the order in which the experiment declares
/// them. Names are few as a rule (tens), so the storage is one array; of more than that, where each
/// name stands is kept beside it.
///
/// Two maps are equal when they hold the same members in the same order.
public struct OrderedMap<Value> {
    /// One name and its value.
    public struct Member {
        /// The member's name.
        public var key: String
        public var value: Value

        public init(key: String, value: Value) {
            self.key = key
            self.value = value
        }
    }

    private var members: [Member] = []
    /// Where each name stands; empty for maps so small that a look through them is faster.
    private var places: [String: Int] = [:]

    private static var smallCount: Int { 16 }

    /// An empty map.
    public init() {}

    /// A map of the given members; of several with one name the last value stays, at the place of
    /// the first.
    public init(_ members: some Sequence<(String, Value)>) {
        for (key, value) in members { self[key] = value }
    }

    /// A map of members that the caller knows to have distinct names.
    package init(distinct members: [Member]) {
        self.members = members
        note()
    }

    /// Notes where all names stand.
    private mutating func note() {
        places = [:]
        guard members.count > Self.smallCount else { return }
        places.reserveCapacity(members.count)
        for (place, member) in members.enumerated() { places[member.key] = place }
    }

    private func place(of key: String) -> Int? {
        places.isEmpty ? members.firstIndex { $0.key == key } : places[key]
    }

    /// The names, in order.
    public var keys: [String] { members.map(\.key) }

    /// The values, in order.
    public var values: [Value] { members.map(\.value) }

    /// The value of a name; setting an existing name keeps its place, setting `nil` removes it.
    public subscript(key: String) -> Value? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                note()
            case (nil, let value?):
                members.append(Member(key: key, value: value))
                if places.isEmpty { note() } else { places[key] = members.count - 1 }
            case (nil, nil): break
            }
        }
    }

    /// Whether there is a member of that name.
    public func contains(key: String) -> Bool { place(of: key) != nil }

    /// Changes the value of a name in place, so that one which grows is not copied each time.
    ///
    /// - Parameter absent: what stands there at first where there is no such name.
    public mutating func update(
        _ key: String, default absent: @autoclosure () -> Value, _ change: (inout Value) -> Void
    ) {
        if place(of: key) == nil { self[key] = absent() }
        guard let place = place(of: key) else { return }
        change(&members[place].value)
    }

    /// The same names with other values.
    public func mapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> OrderedMap<Other> {
        let mapped = try members.map { member throws(Failure) in
            OrderedMap<Other>.Member(key: member.key, value: try transform(member.value))
        }
        return OrderedMap<Other>(distinct: mapped)
    }

    /// The same members, ordered by the UTF-8 bytes of their names.
    public func sortedByKey() -> OrderedMap {
        OrderedMap(
            distinct: members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
}

extension OrderedMap: RandomAccessCollection {
    public var startIndex: Int { members.startIndex }
    public var endIndex: Int { members.endIndex }
    /// The member at a position, from 0.
    public subscript(position: Int) -> Member { members[position] }
}

extension OrderedMap: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(elements)
    }
}

extension OrderedMap.Member: Equatable where Value: Equatable {}
extension OrderedMap.Member: Hashable where Value: Hashable {}
extension OrderedMap.Member: Sendable where Value: Sendable {}
extension OrderedMap: Equatable where Value: Equatable {
    public static func == (left: OrderedMap, right: OrderedMap) -> Bool {
        left.members == right.members
    }
}

extension OrderedMap: Hashable where Value: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}
extension OrderedMap: Sendable where Value: Sendable {}
