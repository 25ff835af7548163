/// How many candidates each column of a row stands for, where a mask hides some from all of the
/// row's examples: 0 for these.
struct VisibleCounts {
    private(set) var counts: [Float] = []
    /// Columns that were hidden from the row before.
    private var hiddenColumns: [Int32] = []
    /// A row's scores without what is hidden: kept for its memory.
    private var scoresSeen: [Float] = []

    /// How far scores may lie apart that share an exponential: e⁵⁰ of float32's e⁸⁸.
    private static let span: Float = 50

    /// Counts what a row's examples see. False where they have not seen the same, where what is
    /// hidden lies so far above the rest that one exponential cannot hold both, or where it is no
    /// number.
    ///
    /// - Parameters:
    ///   - examples: where the row's examples stand in the batch.
    ///   - given: the counts of the columns without a mask, the same for every row; nil: 1 each.
    mutating func hide(
        _ seen: SeenColumns, examples: ArraySlice<Int32>, scores: UnsafeBufferPointer<Float>,
        counts given: [Float]?
    ) -> Bool {
        guard let first = examples.first else { return true }
        guard examples.allSatisfy({ seen.areAlike(Int($0), Int(first)) }) else { return false }
        restore(given, columns: scores.count)
        scoresSeen.removeAll(keepingCapacity: true)
        scoresSeen.append(contentsOf: scores)
        var hidden = -Float.infinity
        var areNumbers = true
        seen.forEachColumn(ofExample: Int(first)) { column in
            let score = scores[Int(column)]
            counts[Int(column)] = 0
            scoresSeen[Int(column)] = -.infinity
            hiddenColumns.append(column)
            hidden = max(hidden, score)
            areNumbers = areNumbers && score.isFinite
        }
        return areNumbers && hidden - Kernels.max(scoresSeen, scoresSeen.count) < Self.span
    }

    /// Has every column seen again.
    private mutating func restore(_ given: [Float]?, columns: Int) {
        if counts.count == columns {
            for column in hiddenColumns { counts[Int(column)] = given?[Int(column)] ?? 1 }
        } else {
            counts = given ?? [Float](repeating: 1, count: columns)
        }
        hiddenColumns.removeAll(keepingCapacity: true)
    }
}
