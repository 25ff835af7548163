/// `initial / (1 + rate · step / decaySteps)`:
/// `tf.keras.optimizers.schedules.InverseTimeDecay`.
public struct InverseTimeDecay: LearningRateSchedule {
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
            / (1 + decayRate * (staircase ? periods.rounded(.down) : periods))
    }
}

extension InverseTimeDecay: CatalogComponent {
    static let initialLearningRateField = ScheduleMath.initialLearningRateField()

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "inverse_time_decay", summary: "Falls as one over the time.",
        source: "tf.keras.optimizers.schedules.InverseTimeDecay",
        fields: [
            initialLearningRateField.description, ScheduleMath.decayStepsField.description,
            ScheduleMath.decayRateField.description, ScheduleMath.staircaseField.description,
        ]
    ) { values in
        InverseTimeDecay(
            initialLearningRate: values[initialLearningRateField],
            decaySteps: values[ScheduleMath.decayStepsField],
            decayRate: values[ScheduleMath.decayRateField],
            staircase: values[ScheduleMath.staircaseField])
    }
}
