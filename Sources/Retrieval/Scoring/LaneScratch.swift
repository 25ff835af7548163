extension LaneScorer {
    /// What a lane carries from row to row.
    struct Scratch {
        var metrics: [BatchMetricRun]
        /// The columns' counts, and one more for the positive's other copies.
        var counts: [Float]
        var visible = VisibleCounts()
        /// Two rows of scores.
        let rows: LaneBuffer<Float>
        var miner = RowMiner()
        var shortlist = HardestColumns()
        var mined = MinedRows()
        /// What losses and metrics are lent.
        let lent = RowScratch()
        let own: LaneExamples
    }
}

/// The examples of a lane, and the counts of the columns: copies, for lanes that retain and release
/// the same arrays for each row wait for each other.
struct LaneExamples {
    private let first: Int
    private let positives: [Int32]
    private let weights: [Float]
    let counts: [Float]?

    /// - Parameters:
    ///   - slots: the lane's, of the problem's examples.
    ///   - weights: of all examples.
    init(_ slots: Range<Int>, of problem: InBatchProblem, weights: [Float]) {
        first = slots.lowerBound
        // An array of a whole slice would be the same memory.
        positives = problem.examples.positives[slots].map(\.self)
        self.weights = weights[slots].map(\.self)
        counts = problem.counts?.map(\.self)
    }

    func positives(_ slots: Range<Int>) -> ArraySlice<Int32> { positives[place(slots)] }

    func weights(_ slots: Range<Int>) -> ArraySlice<Float> { weights[place(slots)] }

    private func place(_ slots: Range<Int>) -> Range<Int> {
        (slots.lowerBound - first)..<(slots.upperBound - first)
    }
}
