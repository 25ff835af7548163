/// Half a cosine wave again and again: `tf.keras.optimizers.schedules.CosineDecayRestarts`
/// (Loshchilov and Hutter, 2017, "SGDR").
///
/// Each period is `lengthening` times as long as the one before and starts at `lowering` times its
/// rate. Where Keras finds the period by a quotient of logarithms, whose rounding may put the step
/// of a restart into the period before, this adds up the periods.
public struct CosineDecayRestarts: LearningRateSchedule {
    /// The rate of the first step; at least 0.
    public var initialLearningRate: Double
    /// Steps of the first decay; above 0.
    public var firstDecaySteps: Double
    /// Keras's `t_mul`, at least 1.
    public var lengthening: Double
    /// Keras's `m_mul`.
    public var lowering: Double
    /// The least rate, as a share of the initial one; at least 0.
    public var alpha: Double

    public init(
        initialLearningRate: Double, firstDecaySteps: Double, lengthening: Double = 2,
        lowering: Double = 1, alpha: Double = 0
    ) {
        precondition(lengthening >= 1, "periods that shrink come to an end")
        self.initialLearningRate = initialLearningRate
        self.firstDecaySteps = firstDecaySteps
        self.lengthening = lengthening
        self.lowering = lowering
        self.alpha = alpha
    }

    public func learningRate(at step: Int) -> Double {
        var fraction = Double(step) / firstDecaySteps
        var restarts = 0.0
        if lengthening == 1 {
            restarts = fraction.rounded(.down)
            fraction -= restarts
        } else {
            // In units of the first period.
            var length = 1.0
            while fraction >= length {
                fraction -= length
                length *= lengthening
                restarts += 1
            }
            fraction /= length
        }
        let wave = ScheduleMath.power(lowering, restarts) * ScheduleMath.cosine(fraction)
        return initialLearningRate * ((1 - alpha) * wave + alpha)
    }
}

extension CosineDecayRestarts: CatalogComponent {
    static let initialLearningRateField = ScheduleMath.initialLearningRateField()
    static let firstDecayStepsField = Field<Double>(
        "first_decay_steps", default: nil, .greaterThan(0), unit: "optimizer steps",
        "How many steps the first period takes.")
    static let lengtheningField = Field<Double>(
        "t_mul", default: 2, .atLeast(1), "How many times as long the next period is.")
    static let loweringField = Field<Double>(
        "m_mul", default: 1, .atLeast(0), "How many times as high the next period starts.")

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "cosine_decay_restarts", summary: "Falls along half a cosine wave, and restarts.",
        source: "tf.keras.optimizers.schedules.CosineDecayRestarts; Loshchilov and Hutter, 2017",
        fields: [
            initialLearningRateField.description, firstDecayStepsField.description,
            lengtheningField.description, loweringField.description,
            ScheduleMath.alphaField.description,
        ]
    ) { values in
        CosineDecayRestarts(
            initialLearningRate: values[initialLearningRateField],
            firstDecaySteps: values[firstDecayStepsField],
            lengthening: values[lengtheningField], lowering: values[loweringField],
            alpha: values[ScheduleMath.alphaField])
    }
}
