/// One batch as the engine scores it: rows of queries against columns of candidates.
///
/// A row may serve several examples (the same query asked for several candidates) and a column
/// may stand for several candidates of the batch (the same candidate, scored once). The dense
/// problem of TFRS is the one in which every row serves one example and every column stands for
/// itself.
package struct InBatchProblem: Sendable {
    /// Query embeddings, [rows · heads, dimension], the heads of one row after each other.
    package var queries: Matrix
    /// How many embeddings each row has; a column's score is that of its best head.
    package var heads = 1
    /// Candidate embeddings, [columns, dimension].
    package var candidates: Matrix
    package var examples: RowExamples
    /// How many candidates of the batch each column stands for; nil: each for itself.
    package var counts: [Float]?
    /// Where the candidates that each column stands for were in the batch, for what prefers the
    /// earlier of equal scores; nil: column j is candidate j.
    package var copies: Groups?
    /// The identity of each column's candidate, where accidental hits are to be found.
    package var columnIDs: ColumnIDs?
    /// What is added to each column after the temperature: `−log q` of the sampling correction.
    package var columnBias: [Float]?
    /// The same for each pair, [rows, columns] row by row, in the place of ``columnBias``.
    package var pairBias: [Float]?
    package var mask: ScoreMask?
    /// As ``SharedRow/alike``, of columns that are counted.
    var alikeColumns = 0
    /// Which rows the queries here are, and how many there are at all, where each rank has its own;
    /// nil: they are all rows.
    var ownRows: (range: Range<Int>, of: Int)?
    /// Whether each rank is left with what its lanes come to of the candidates' gradient, to be added
    /// up later; otherwise all get the sum.
    var leavesCandidatesApart = false

    package init(queries: Matrix, candidates: Matrix, examples: RowExamples) {
        self.queries = queries
        self.candidates = candidates
        self.examples = examples
    }

    var rows: Int { ownRows?.of ?? queries.rows / heads }

    /// The first row of those that the queries are.
    var firstRow: Int { ownRows?.range.lowerBound ?? 0 }

    /// Of an embedding, and of the room that its gradient takes while it is summed.
    var width: PaddedWidth { PaddedWidth(candidates.columns) }

    /// The number of columns, copies counted.
    var columnCount: Float {
        counts.map { $0.reduce(0, +) } ?? Float(candidates.rows)
    }
}
