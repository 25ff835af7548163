/// How many candidates each column of a row stands for, where a mask hides some from all of the
/// row's examples: 0 for these.
struct VisibleCounts {
    private(set) var counts: [Float] = []

    /// How far scores may lie apart that share an exponential: e⁵⁰ of float32's e⁸⁸.
    private static let span: Float = 50

    /// Counts what a row's examples see. False where they have not seen the same, where what is
    /// hidden lies so far above the rest that one exponential cannot hold both, or where it is no
    /// number.
    ///
    /// - Parameters:
    ///   - examples: where the row's examples stand in the batch.
    ///   - counts: of the columns without a mask; nil: 1 each.
    mutating func hide(
        _ seen: SeenColumns, examples: ArraySlice<Int32>, scores: UnsafeBufferPointer<Float>,
        counts given: [Float]?
    ) -> Bool {
        guard let first = examples.first else { return true }
        guard examples.allSatisfy({ seen.areAlike(Int($0), Int(first)) }) else { return false }
        counts.removeAll(keepingCapacity: true)
        if let given {
            counts += given
        } else {
            counts += repeatElement(1, count: scores.count)
        }
        var (hidden, visible) = (-Float.infinity, -Float.infinity)
        var areNumbers = true
        seen.forEachColumn(ofExample: Int(first)) { column in
            counts[Int(column)] = 0
            hidden = max(hidden, scores[Int(column)])
            areNumbers = areNumbers && scores[Int(column)].isFinite
        }
        for column in scores.indices where counts[column] != 0 {
            visible = max(visible, scores[column])
        }
        return areNumbers && hidden - visible < Self.span
    }
}
