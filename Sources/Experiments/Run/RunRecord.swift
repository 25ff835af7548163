import ResultsFormat
import Retrieval

/// What a run did, however it ended.
public struct RunRecord: Sendable {
    /// How a run ended.
    public enum Status: Hashable, Sendable {
        /// Trained and evaluated.
        case completed
        /// The run could not go on: the reason, and the epoch and step it happened in, from 1.
        case failed(reason: String, epoch: Int, step: Int)
        /// Asked to stop; the finished epochs are there.
        case interrupted
    }

    /// How the run ended.
    public var status: Status = .completed
    /// The finished epochs, in order.
    public var epochs: [EpochRecord] = []
    /// What became of early stopping, where the spec asks for it.
    public var earlyStopping: EarlyStoppingRecord?
    /// How the model that the run ended with did on the test part.
    public var test: EvaluationResult?
    /// The same of the validation part, where the split has one.
    public var validation: EvaluationResult?
    /// How the scores of the batches were computed.
    public var engine = EngineRecord()
    /// What was taken of an earlier model, where the spec asks for it.
    public var warmStart: WarmStart?
    /// The model that was written, where the spec asks for it.
    public var model: ModelReference?
    /// Seconds per stage, in the order of the stages.
    public var seconds: [(stage: String, seconds: Double)] = []

    public init() {}

    /// What came of the run that its user should not have to puzzle over.
    public var findings: [String] {
        [("test", test), ("validation", validation)].flatMap { part, result in
            result.map { Findings(part: part, result: $0).all } ?? []
        }
    }
}

/// How the scores of the training batches were computed.
public struct EngineRecord: Sendable {
    /// Scores that the batches ask for: examples × candidates, copies counted.
    public var denseScores = 0
    /// Scores that were computed.
    public var computedScores = 0
    /// Whether in some batch equal queries, or equal candidates, were scored once.
    public var sharesQueries = false
    /// Whether in some batch equal candidates were scored once.
    public var sharesCandidates = false

    mutating func add(_ step: Trainer.StepResult) {
        denseScores += step.denseScores
        computedScores += step.computedScores
        sharesQueries = sharesQueries || step.scoredRows < step.examples
        sharesCandidates =
            sharesCandidates || step.scoredColumns * step.examples < step.denseScores
    }

    /// How many times fewer scores were computed than asked for.
    public var deduplicationFactor: Double {
        computedScores == 0 ? 1 : Double(denseScores) / Double(computedScores)
    }
}
