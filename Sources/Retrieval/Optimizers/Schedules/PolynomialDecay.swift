/// `(initial − end) · (1 − step / decaySteps) ^ power + end`, then `end`:
/// `tf.keras.optimizers.schedules.PolynomialDecay`.
public struct PolynomialDecay: LearningRateSchedule {
    /// The rate of the first step; at least 0.
    public var initialLearningRate: Double
    /// Steps that the decay takes; above 0.
    public var decaySteps: Double
    /// The rate after them; at least 0.
    public var endLearningRate: Double
    /// The polynomial's exponent; 1: a line.
    public var power: Double
    /// Whether, at the end, the decay goes on from where a decay over the next multiple of
    /// `decaySteps` would be.
    public var cycle: Bool

    public init(
        initialLearningRate: Double, decaySteps: Double, endLearningRate: Double = 0.0001,
        power: Double = 1, cycle: Bool = false
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.endLearningRate = endLearningRate
        self.power = power
        self.cycle = cycle
    }

    public func learningRate(at step: Int) -> Double {
        var step = Double(step)
        var length = decaySteps
        if cycle {
            length *= max(1, (step / decaySteps).rounded(.up))
        } else {
            step = min(step, length)
        }
        return (initialLearningRate - endLearningRate)
            * ScheduleMath.power(1 - step / length, power) + endLearningRate
    }
}

extension PolynomialDecay: CatalogComponent {
    static let initialLearningRateField = ScheduleMath.initialLearningRateField()
    static let endLearningRateField = Field<Double>(
        "end_learning_rate", default: 0.0001, .atLeast(0), "The rate at the end.")
    static let powerField = Field<Double>(
        "power", default: 1, .atLeast(0), "The power of the polynomial; 1: a straight line.")
    static let cycleField = Field<Bool>(
        "cycle", default: false,
        "Whether the rate rises again after decay_steps, to a decay over twice as many.")

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "polynomial_decay", summary: "Falls to end_learning_rate along a polynomial.",
        source: "tf.keras.optimizers.schedules.PolynomialDecay",
        fields: [
            initialLearningRateField.description, ScheduleMath.decayStepsField.description,
            endLearningRateField.description, powerField.description, cycleField.description,
        ]
    ) { values in
        PolynomialDecay(
            initialLearningRate: values[initialLearningRateField],
            decaySteps: values[ScheduleMath.decayStepsField],
            endLearningRate: values[endLearningRateField], power: values[powerField],
            cycle: values[cycleField])
    }
}
