import Retrieval

/// How a plan's model is measured over the corpus.
public struct EvaluationPlan: Sendable {
    /// By which rules.
    public var definitions: EvaluationDefinitions
    /// Examples of a batch of the losses; at least 1.
    public var batchSize: Int
    /// Whether positives are ranked among random candidates only.
    public var isSampled: Bool
    /// Whether the figures of single queries are kept.
    public var keepsFigures: Bool
    public var index: any CandidateIndexDefinition
    /// The candidate tower's keys of the corpus, in its order.
    public var corpus: [Int32]
    /// What is known of the corpus beside scores.
    public var knowledge: CorpusKnowledge
    /// What the metrics together need.
    public var listDepth: Int
    /// Up to which place from the best the metrics and the figures of single queries need ranks;
    /// nil: all of them.
    public var rankDepth: Int?
    /// How many candidates an index that is not exact retrieves.
    public var searchDepth: Int
    /// The part that models are judged by.
    public var test: EvaluatedPart
    /// Nil where the split has no validation part.
    public var validation: EvaluatedPart?
    /// Rankings without training that are measured beside the model.
    public var baselines: [PlannedBaseline]
    /// The metrics measured during training.
    public var trainingMetrics: [any FactorizedMetric]
    /// The token of each candidate of the corpus.
    public var candidateNames: TokenColumn
}

/// A ranking that needs no training, which knows queries by who asks alone.
public struct PlannedBaseline: Sendable {
    public var name: String
    /// The ranking as a model of fixed embeddings.
    public var model: TwoTowerModel
    /// How many keys the model knows.
    public var keyCounts: KeyCounts
}

/// A part of the data with the rules by which it is evaluated.
public struct EvaluatedPart: Sendable {
    /// The interactions, by key.
    public var examples: Examples
    /// Among what each positive is ranked.
    public var rules: RankingProtocol
    /// The columns of the interactions that metrics read.
    public var columns: [String: [Float]]
    /// Parts of the examples, by position, to be reported on their own.
    public var slices: [(name: String, members: [Int32])]
    /// Who asks in each example.
    public var queryNames: TokenColumn
    /// The candidate of each example.
    public var candidateNames: TokenColumn
}
