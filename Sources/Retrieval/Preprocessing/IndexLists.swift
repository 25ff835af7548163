/// The indices that a preprocessing layer makes of each of a tower's keys.
///
/// Keys of equal value share a list: `lists[valueOfKey[key]]`.
public struct IndexLists: Sendable {
    /// The list of each key.
    public var valueOfKey: [Int32]
    /// Where each list starts in ``indices``; one more than there are lists.
    public private(set) var offsets: [Int] = [0]
    /// The indices of all lists, one list after the other.
    public private(set) var indices: [Int32] = []

    public init(valueOfKey: [Int32]) {
        self.valueOfKey = valueOfKey
    }

    /// One index for each key.
    public init(single indices: [Int32]) {
        valueOfKey = indices.indices.map { Int32($0) }
        offsets = Array(0...indices.count)
        self.indices = indices
    }

    /// Adds a list, whose number is how many there were.
    public mutating func append(_ list: some Sequence<Int32>) {
        indices.append(contentsOf: list)
        offsets.append(indices.count)
    }

    /// The indices of a key's value.
    public func list(ofKey key: Int32) -> ArraySlice<Int32> {
        let value = Int(valueOfKey[Int(key)])
        return indices[offsets[value]..<offsets[value + 1]]
    }

    /// The index of each key, if every key has exactly one.
    var single: [Int32]? {
        guard offsets.count == indices.count + 1,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $1 == $0 + 1 })
        else { return nil }
        return valueOfKey.map { indices[Int($0)] }
    }

    /// Whether no list has more than one index; the mask token leaves none.
    var holdsAtMostOne: Bool {
        zip(offsets, offsets.dropFirst()).allSatisfy { $1 <= $0 + 1 }
    }

    /// The lists without an index, such as the one that pads.
    func dropping(_ index: Int32) -> IndexLists {
        var kept = IndexLists(valueOfKey: valueOfKey)
        for value in 0..<(offsets.count - 1) {
            kept.append(indices[offsets[value]..<offsets[value + 1]].lazy.filter { $0 != index })
        }
        return kept
    }
}
