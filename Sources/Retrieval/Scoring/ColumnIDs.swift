/// Which columns hold the same candidate id.
package struct ColumnIDs: Sendable {
    /// The id of each column and the columns of each id; nil where no two columns share one.
    private let shared: (codes: [Int32], columns: Groups)?

    /// - Parameter codes: the id of each column, as a small non-negative number.
    package init(codes: [Int32]) {
        let columns = Groups(groupOf: codes, count: Int(codes.max() ?? -1) + 1)
        shared = columns.areSingletons ? nil : (codes, columns)
    }

    private init() { shared = nil }

    /// Every column has an id of its own.
    package static let distinct = ColumnIDs()

    /// Whether every column has an id of its own.
    var areDistinct: Bool { shared == nil }

    /// Calls `body` with the columns that share the id of an example's positive, but for the
    /// positive itself. An example without one has an empty label row, whose argmax TFRS takes:
    /// it loses column 0 as well.
    @inline(__always)
    func forEachHit(ofPositive positive: Int32, columns: Int, _ body: (Int) -> Void) {
        guard let shared else {
            if positive < 0 && columns > 0 { body(0) }
            return
        }
        guard columns > 0 else { return }
        let code = shared.codes[Int(max(0, positive))]
        for column in shared.columns[Int(code)] where column != positive { body(Int(column)) }
    }
}
