import ResultsFormat
import Retrieval

/// What a run tells whoever watches it.
public enum RunEvent: Sendable {
    case data(DataProgress)
    case planned(ExperimentPlan)
    /// A training step ended; steps and epochs from 1.
    case step(epoch: Int, step: Int, steps: Int, meanLoss: Double)
    case epoch(EpochRecord, of: Int)
    case evaluating(examples: Int)
    case evaluated(EvaluationRecord)
}

/// A flag that asks a run to stop after the step it is in.
public struct StopRequest: Sendable {
    private let isRequested: @Sendable () -> Bool

    public init(_ isRequested: @escaping @Sendable () -> Bool = { false }) {
        self.isRequested = isRequested
    }

    var isSet: Bool { isRequested() }
}
