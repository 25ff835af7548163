/// Rows of any lengths, one after the other in one piece of memory.
public struct Ragged<Element: Sendable>: Sendable {
    /// Where each row starts in ``elements``; one more than there are rows, the first 0, ascending.
    public private(set) var offsets: [Int]
    /// The elements of all rows, one row after the other.
    public private(set) var elements: [Element]

    /// No rows.
    public init() {
        offsets = [0]
        elements = []
    }

    public init(_ rows: some Sequence<some Sequence<Element>>) {
        self.init()
        for row in rows { append(row) }
    }

    /// One element a row.
    init(single elements: [Element]) {
        offsets = Array(0...elements.count)
        self.elements = elements
    }

    /// The number of rows.
    public var count: Int { offsets.count - 1 }

    /// The elements of a row.
    public subscript(row: Int) -> ArraySlice<Element> {
        elements[offsets[row]..<offsets[row + 1]]
    }

    /// Adds a row.
    public mutating func append(_ row: some Sequence<Element>) {
        elements.append(contentsOf: row)
        offsets.append(elements.count)
    }

    /// The numbers of elements that rows have.
    var lengths: some Sequence<Int> { zip(offsets, offsets.dropFirst()).lazy.map { $1 - $0 } }

    /// Calls `body` with each element of a row. Unlike a slice it retains nothing, for which lanes
    /// would wait for each other.
    @inline(__always)
    func forEach(of row: Int, _ body: (Element) -> Void) {
        let range = offsets[row]..<offsets[row + 1]
        elements.withUnsafeBufferPointer { elements in
            for index in range { body(elements[index]) }
        }
    }
}

extension Ragged where Element == Int32 {
    /// Numbers gathered by their group, a row for each group; within a row in the order in which
    /// they come.
    ///
    /// - Parameters:
    ///   - groupOf: the group of a number.
    ///   - count: groups are below this number.
    init(_ numbers: [Int32], groupOf: (Int32) -> Int32, count: Int) {
        offsets = groupOffsets(numbers.lazy.map(groupOf), count: count)
        var next = offsets
        elements = [Int32](repeating: 0, count: numbers.count)
        for number in numbers {
            let group = Int(groupOf(number))
            elements[next[group]] = number
            next[group] += 1
        }
    }
}

/// Where the members of each group start if they stand one group after the other: one more than
/// there are groups, the last the number of members.
func groupOffsets<Offset: FixedWidthInteger>(
    _ groupOf: some Sequence<Int32>, count: Int
) -> [Offset] {
    var offsets = [Offset](repeating: 0, count: count + 1)
    for group in groupOf { offsets[Int(group) + 1] += 1 }
    for group in 0..<count { offsets[group + 1] += offsets[group] }
    return offsets
}
