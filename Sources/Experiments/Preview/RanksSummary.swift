import Retrieval

/// What the ranks of an experiment will hold and send.
public struct RanksSummary: Sendable {
    /// How many there are.
    public var size: Int
    /// A table whose rows are dealt to the ranks.
    public struct Table: Sendable {
        /// The parameter's name.
        public var name: String
        /// Of the whole.
        public var rows: Int
        /// At each rank.
        public var rowsOfRanks: [Int]
    }
    /// The tables that are dealt.
    public var tables: [Table]
    /// The names of the parameters that every rank holds whole.
    public var whole: [String]
    /// Bytes of parameters and of what optimizers remember, at each rank.
    public var heldBytes: [Int]
    /// The first training step, which was taken.
    public struct Step: Sendable {
        /// Rows of scores, equal queries once where that can be.
        public var queries: Int
        /// Candidates that were scored, equal ones once.
        public var candidates: Int
        /// Bytes that each rank sent.
        public var sentBytes: [Int]
    }
    /// Nil for a baseline.
    public var firstStep: Step?

    /// Nil for one process alone. Takes the first step on all ranks, which have to come to this at
    /// the same time.
    init?(_ plan: ExperimentPlan, _ options: RunOptions, batches: Batches?) {
        let ranks = options.ranks
        guard !ranks.isAlone else { return nil }
        var trainer = Trainer(
            plan, model: plan.model, lanes: Lanes(threads: options.threads), ranks: ranks)
        let holdings = trainer.holdings
        size = ranks.size
        let rows = ranks.allGather(holdings.map(\.ownRows))
        tables = holdings.enumerated().filter(\.element.isShared).map { index, table in
            Table(name: table.name, rows: table.rows, rowsOfRanks: rows.map { $0[index] })
        }
        whole = holdings.filter { !$0.isShared }.map(\.name)
        heldBytes = ranks.allGather([holdings.reduce(0) { $0 + $1.bytes }]).map { $0[0] }
        guard let batches, let first = batches.ranges.first else { return }
        var metrics = plan.task.makeMetricState()
        let before = ranks.bytesSent
        let result = trainer.step(batches.examples, first, metrics: &metrics)
        firstStep = Step(
            queries: result.scoredRows, candidates: result.scoredColumns,
            sentBytes: ranks.allGather([ranks.bytesSent - before]).map { $0[0] })
    }
}
