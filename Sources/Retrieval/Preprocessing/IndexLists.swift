/// The indices that a preprocessing layer makes of each of a tower's keys.
///
/// Keys of equal value share a list: `lists[valueOfKey[key]]`.
public struct IndexLists: Sendable {
    /// The list of each key.
    public var valueOfKey: [Int32]
    /// The lists, in the order in which they were added.
    public private(set) var lists = Ragged<Int32>()

    public init(valueOfKey: [Int32]) {
        self.valueOfKey = valueOfKey
    }

    /// One index for each key.
    public init(single indices: [Int32]) {
        valueOfKey = indices.indices.map { Int32($0) }
        lists = Ragged(single: indices)
    }

    /// Adds a list, whose number is how many there were.
    public mutating func append(_ list: some Sequence<Int32>) {
        lists.append(list)
    }

    /// The indices of a key's value.
    public func list(ofKey key: Int32) -> ArraySlice<Int32> {
        lists[Int(valueOfKey[Int(key)])]
    }

    /// The index of each key, if every key has exactly one.
    var single: [Int32]? {
        guard lists.lengths.allSatisfy({ $0 == 1 }) else { return nil }
        return valueOfKey.map { lists.elements[Int($0)] }
    }

    /// Whether no list has more than one index; the mask token leaves none.
    var holdsAtMostOne: Bool {
        lists.lengths.allSatisfy { $0 <= 1 }
    }

    /// The lists without an index, such as the one that pads.
    func dropping(_ index: Int32) -> IndexLists {
        var kept = IndexLists(valueOfKey: valueOfKey)
        for value in 0..<lists.count { kept.append(lists[value].lazy.filter { $0 != index }) }
        return kept
    }
}
