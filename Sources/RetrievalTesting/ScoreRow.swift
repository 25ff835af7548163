import Retrieval

/// A row of scores that a loss is tried on: those of one query against every candidate of a batch.
public struct ScoreRow: Hashable, Sendable {
    /// One for each column.
    public var scores: [Float]
    /// The positive's column; nil where the row has none.
    public var positive: Int?
    /// How many candidates each column stands for; nil: one each.
    public var counts: [Float]?

    public init(_ scores: [Float], positive: Int?, counts: [Float]? = nil) {
        self.scores = scores
        self.positive = positive
        self.counts = counts
    }

    package var labels: RowLabels {
        guard let counts else { return RowLabels(positive: positive, columns: scores.count) }
        return RowLabels(
            positive: positive, counts: counts, columnCount: counts.reduce(0, +))
    }

    /// The row with every copy written out, and for each of its columns the column it copies. The
    /// positive is the first of its copies.
    package var expanded: (row: ScoreRow, origins: [Int]) {
        let origins = scores.indices.flatMap { column in
            Array(repeating: column, count: Int(counts?[column] ?? 1))
        }
        let row = ScoreRow(
            origins.map { scores[$0] },
            positive: positive.flatMap { origins.firstIndex(of: $0) })
        return (row, origins)
    }
}

/// What a loss made of a row, bit by bit.
package struct LossOutcome: Equatable {
    package let loss: Float
    package let gradient: [Float]

    package init(_ loss: Float, _ gradient: [Float]) {
        self.loss = loss
        self.gradient = gradient
    }
}

extension Loss {
    package func value(of row: ScoreRow) -> Float { outcome(on: row).loss }

    package func outcome(on row: ScoreRow) -> LossOutcome {
        var logits = row.scores
        var span = logits.mutableSpan
        let loss = evaluate(&span, labels: row.labels)
        return LossOutcome(loss, logits)
    }
}
