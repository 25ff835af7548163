import ResultsFormat
import Retrieval
import YAMLTree

/// An experiment ready to run: data read and split, components made, weights initialised.
public struct ExperimentPlan: Sendable {
    /// What was planned.
    public let spec: ExperimentSpec
    /// When the run does what.
    public let schedule: RunSchedule
    /// Where the data come from.
    public let origin: DataOrigin
    /// SHA-256 over the data's content and the split.
    public let fingerprint: String
    /// What each filter of the data did, in order.
    public let filters: [FilterOutcome]
    /// What the held-out parts hold that training never sees.
    public let unseen: [UnseenCount]
    /// How much of everything there is.
    public let counts: DataCounts
    /// As it is initialised; without numbers once a run has taken them.
    public private(set) var model: TwoTowerModel
    /// The features and layers that the towers were built of.
    public let parts: [ModelPart]
    /// The loss, the metrics and the options of both.
    public let task: RetrievalTask
    /// The optimizers and what each of them moves.
    public let optimizers: [OptimizerGroup]
    /// The examples of each part, in the split's order.
    public let train: Examples
    /// The examples that judge, in the split's order.
    public let test: Examples
    /// Nil where the split has no validation part.
    public let validation: Examples?
    /// The candidate tower's keys of the corpus.
    public let corpus: [Int32]
    /// How the model is measured over the corpus.
    public let evaluation: EvaluationPlan
    /// The figures that a run has.
    public let figures: SpecFigures
    /// How many keys the towers know.
    public let keyCounts: KeyCounts
    /// What batches are made of beside their examples.
    public let batchOptions: BatchOptions
    /// What the towers learned from data beside their parameters.
    public let learned: Learned
    /// What the spec's ``ExperimentSpec/warmStart`` came to; nil where there is none.
    public let warmStart: WarmStart?
    /// What a saved model keeps of the data; nil where none is asked for.
    let served: ServedData?
    /// What a reader of the results ought to know of the features: tokens out of vocabulary, rows
    /// that a file of weights lacks.
    public let notes: [String]
    /// What is legal but surely worth knowing: of the spec, and of the spec with these data.
    public let warnings: [Diagnostic]
    /// Numbers that the model consists of.
    let parameterCount: Int
    /// When the interactions happened, where the data say it.
    let timeProfile: TimeProfile?
    /// What candidates are called, where their table says it.
    let candidateTitles: CandidateTitles?

    /// Hands the model over to who trains it. What stays has no parameters: tables that fill the
    /// memory are held once.
    public mutating func takeModel() -> TwoTowerModel {
        let whole = model
        model.parameters = Parameters()
        return whole
    }
}

/// How much of everything there is.
public struct DataCounts: Hashable, Sendable {
    /// After the filters.
    public var interactions: Int
    /// Distinct queries.
    public var queries: Int
    /// Distinct candidates.
    public var candidates: Int
    /// Interactions that train.
    public var train: Int
    /// Interactions that test.
    public var test: Int
    /// Nil where the split has no validation part.
    public var validation: Int?
}
