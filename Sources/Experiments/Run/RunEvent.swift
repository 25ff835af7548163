import ResultsFormat
import Retrieval

/// What a run tells whoever watches it.
public enum RunEvent: Sendable {
    /// Data are looked for, downloaded or read.
    case data(DataProgress)
    /// The plan is made; the run begins.
    case planned(ExperimentPlan)
    /// The run goes on from a checkpoint: in an epoch, from 1, after so many of its steps.
    case resumed(epoch: Int, step: Int)
    /// Something that the user should know.
    case notice(String)
    /// The trained model was written.
    case saved(ModelReference)
    /// A training step ended; steps and epochs from 1. The learning rate is the one that the step
    /// had, of the parameters that no rule of its own moves.
    case step(epoch: Int, step: Int, steps: Int, meanLoss: Double, learningRate: Float)
    /// An epoch ended, of so many.
    case epoch(EpochRecord, of: Int)
    /// Training ended before its last epoch, or with the weights of an earlier one.
    case stopped(EarlyStoppingRecord)
    /// The evaluation of a part of the data begins: after an epoch, or of the trained model.
    case evaluating(EvaluationProgress)
    /// The evaluation of the test part ended.
    case evaluated(EvaluationResult)
}

/// How far the evaluation of a part of the data is.
public struct EvaluationProgress: Sendable {
    /// `test` or `validation`.
    public var part: String
    /// How many examples it has.
    public var examples: Int
    /// Read from any thread, for as long as one likes.
    public var meter: WorkMeter

    /// - Parameters:
    ///   - part: `test` or `validation`.
    ///   - examples: how many it has.
    ///   - meter: what whoever evaluates tells how far it is.
    public init(part: String, examples: Int, meter: WorkMeter) {
        self.part = part
        self.examples = examples
        self.meter = meter
    }
}

/// A flag that asks a run to stop after the step it is in.
public struct StopRequest: Sendable {
    private let isRequested: @Sendable () -> Bool

    public init(_ isRequested: @escaping @Sendable () -> Bool = { false }) {
        self.isRequested = isRequested
    }

    var isSet: Bool { isRequested() }
}
