/// How many scores a training batch asks for, and how many of them are computed.
public struct BatchShape: Hashable, Sendable {
    /// Examples of the batch.
    public var examples: Int
    /// Scores that the batch asks for: examples times columns, copies counted.
    public var denseScores: Int
    /// Rows and columns that are scored; equal to the examples and their candidates where nothing
    /// is deduplicated.
    public var scoredRows: Int
    /// Candidates that are scored, equal ones once.
    public var scoredColumns: Int
}

extension Trainer {
    /// The shape of the batch that a step would take, without taking it.
    ///
    /// - Parameter step: the steps taken before it; extra negatives depend on it.
    public func shape(of examples: Examples, _ range: Range<Int>, step: Int) -> BatchShape {
        let layout = assembler.layout(
            examples, range, model: model, task: task,
            step: TrainingStep(seed: seed, index: step))
        let columns =
            layout.columns.counts.map { $0.reduce(0, +) } ?? Float(layout.columns.keys.count)
        return BatchShape(
            examples: range.count, denseScores: range.count * Int(columns),
            scoredRows: layout.rows.keys.count, scoredColumns: layout.columns.keys.count)
    }
}
