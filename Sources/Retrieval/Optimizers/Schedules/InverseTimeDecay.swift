/// `initial / (1 + rate · step / decaySteps)`:
/// `tf.keras.optimizers.schedules.InverseTimeDecay`.
public struct InverseTimeDecay: LearningRateSchedule {
    /// How fast the rate falls.
    public var pace: DecayPace

    public init(_ pace: DecayPace) {
        self.pace = pace
    }

    public func learningRate(at step: Int) -> Double {
        pace.initialLearningRate / (1 + pace.decayRate * pace.periods(at: step))
    }
}

extension InverseTimeDecay: CatalogComponent {
    public static let entry = DecayPace.entry(
        "inverse_time_decay", summary: "Falls as one over the time.",
        source: "tf.keras.optimizers.schedules.InverseTimeDecay"
    ) { InverseTimeDecay($0) }
}
