/// `initial · rate ^ (step / decaySteps)`: `tf.keras.optimizers.schedules.ExponentialDecay`.
public struct ExponentialDecay: LearningRateSchedule {
    /// How fast the rate falls.
    public var pace: DecayPace

    public init(_ pace: DecayPace) {
        self.pace = pace
    }

    public func learningRate(at step: Int) -> Double {
        pace.initialLearningRate * ScheduleMath.power(pace.decayRate, pace.periods(at: step))
    }
}

extension ExponentialDecay: CatalogComponent {
    public static let entry = DecayPace.entry(
        "exponential_decay", summary: "Falls by the same factor every decay_steps.",
        source: "tf.keras.optimizers.schedules.ExponentialDecay"
    ) { ExponentialDecay($0) }
}
