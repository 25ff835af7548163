/// `initial · rate ^ (step / decaySteps)`: `tf.keras.optimizers.schedules.ExponentialDecay`.
public struct ExponentialDecay: LearningRateSchedule {
    public var initialLearningRate: Double
    public var decaySteps: Double
    public var decayRate: Double
    /// Whether the quotient is rounded down.
    public var staircase: Bool

    public init(
        initialLearningRate: Double, decaySteps: Double, decayRate: Double,
        staircase: Bool = false
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.decayRate = decayRate
        self.staircase = staircase
    }

    public func learningRate(at step: Int) -> Double {
        let periods = Double(step) / decaySteps
        return initialLearningRate
            * ScheduleMath.power(decayRate, staircase ? periods.rounded(.down) : periods)
    }
}

extension ExponentialDecay: CatalogComponent {
    static let initialLearningRateField = ScheduleMath.initialLearningRateField()

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "exponential_decay", summary: "Falls by the same factor every decay_steps.",
        source: "tf.keras.optimizers.schedules.ExponentialDecay",
        fields: [
            initialLearningRateField.description, ScheduleMath.decayStepsField.description,
            ScheduleMath.decayRateField.description, ScheduleMath.staircaseField.description,
        ]
    ) { values in
        ExponentialDecay(
            initialLearningRate: values[initialLearningRateField],
            decaySteps: values[ScheduleMath.decayStepsField],
            decayRate: values[ScheduleMath.decayRateField],
            staircase: values[ScheduleMath.staircaseField])
    }
}
