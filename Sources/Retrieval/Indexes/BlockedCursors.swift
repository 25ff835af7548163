/// Where some rows stand in the places that they must not find, while a scan goes on.
struct BlockedCursors {
    private let blocked: RowPlaces?
    private let rows: [Int]
    private let cursors: LaneBuffer<Int>

    init(_ blocked: RowPlaces?, _ rows: [Int]) {
        self.blocked = blocked
        self.rows = rows
        cursors = LaneBuffer(repeating: 0, count: blocked == nil ? 0 : rows.count)
    }

    /// Passes over what stands before a place.
    func start(at first: Int) {
        guard let blocked else { return }
        for (index, row) in rows.enumerated() {
            let places = blocked.places(of: row)
            cursors.pointer[index] = places.firstIndex { $0 >= first } ?? places.endIndex
        }
    }

    /// Calls `body` with the places of a row, known by its index, that lie in a range; ranges must
    /// follow each other.
    func forEach(_ index: Int, _ range: Range<Int>, _ body: (Int) -> Void) {
        guard let places = blocked?.rows else { return }
        var cursor = cursors.pointer[index]
        let end = places.offsets[rows[index] + 1]
        while cursor < end, places.elements[cursor] < range.upperBound {
            body(Int(places.elements[cursor]))
            cursor += 1
        }
        cursors.pointer[index] = cursor
    }
}
