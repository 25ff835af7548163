import ResultsFormat
import Retrieval

/// How a model did on a part of the data.
public struct EvaluationResult: Sendable {
    /// Metrics by name, in the order in which they are declared; one without a value is absent.
    public var metrics: OrderedMap<Double> = [:]
    /// How many examples were evaluated.
    public var examples: Int
    /// The mean of the examples' losses; nil for a baseline, whose scores are no logits.
    public var loss: Double?
    /// The penalties that regularizers put on the weights; nil where there are none.
    public var regularizationLoss: Double?
    /// The mean of the batches' losses with ``regularizationLoss``; nil where that is.
    public var totalLoss: Double?
    /// The 95% interval of each metric that has one, by the metric's name.
    public var intervals: OrderedMap<ConfidenceInterval> = [:]
    /// The metrics of parts of the examples, by the part's name.
    public var slices: OrderedMap<SliceRecord> = [:]
    /// What the model's scores and lists are like; nil where there is but one candidate.
    public var diagnosis: Diagnosis?
    /// The metrics of rankings without training by the same protocol, by the ranking's name.
    public var baselines: OrderedMap<OrderedMap<Double>> = [:]
    /// What the metrics mean.
    public var definitions: EvaluationDefinitions
    /// The figures of single queries, where the spec asks for them.
    public var figures: QueryFigures?
    /// Where the positives were found, for reports; nil where no corpus metric ranked them.
    public var profile: PartProfile?

    init(examples: Int, definitions: EvaluationDefinitions) {
        self.examples = examples
        self.definitions = definitions
    }
}

/// Whether a model's scores tell candidates apart and its lists queries, over samples of the
/// queries.
public struct Diagnosis: Hashable, Sendable {
    /// Candidates of the corpus.
    public var candidates: Int
    /// What the model lists; nil where positives are ranked among samples, without lists.
    public var lists: Lists?
    /// Positives that tie with other candidates; nil where ties were not looked at.
    public var ties: TieDiagnosis?
    /// Why the model ranks by chance alone; nil for one that is alive.
    public var collapse: Collapse?

    /// The lists of some queries.
    public struct Lists: Hashable, Sendable {
        /// Queries that were asked.
        public var queries: Int
        /// Candidates of each list.
        public var depth: Int
        /// Distinct lists, as sets of candidates, divided by the queries: in 0 ... 1.
        public var distinctShare: Double
        /// Candidates that stand in any of the lists.
        public var candidates: Int
        /// Nil for an exact index.
        public var indexRecall: IndexRecall?
    }

    /// How good an index is that is not exact.
    public struct IndexRecall: Hashable, Sendable {
        /// How many of the best candidates it is about.
        public var depth: Int
        /// The share of them that the index finds, in 0 ... 1.
        public var share: Double
    }
}
