/// A linear warm-up, then half a cosine wave: `tf.keras.optimizers.schedules.CosineDecay`
/// (Loshchilov and Hutter, 2017, "SGDR").
///
/// For `warmupSteps` steps from the initial rate to `warmupTarget`; then for `decaySteps` steps
/// from there to `alpha` times as much. Without a target there is no warm-up.
public struct CosineDecay: LearningRateSchedule {
    /// The rate of the first step, before any warm-up; at least 0.
    public var initialLearningRate: Double
    /// Steps that the decay takes; above 0.
    public var decaySteps: Double
    /// The last rate, as a share of the highest; at least 0.
    public var alpha: Double
    /// The rate that a warm-up leads to; nil: there is none.
    public var warmupTarget: Double?
    /// Steps of the warm-up; at least 0.
    public var warmupSteps: Double

    public init(
        initialLearningRate: Double, decaySteps: Double, alpha: Double = 0,
        warmupTarget: Double? = nil, warmupSteps: Double = 0
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.alpha = alpha
        self.warmupTarget = warmupTarget
        self.warmupSteps = warmupSteps
    }

    public func learningRate(at step: Int) -> Double {
        var step = Double(step)
        var highest = initialLearningRate
        if let warmupTarget {
            if step < warmupSteps {
                return initialLearningRate
                    + (warmupTarget - initialLearningRate) * (step / warmupSteps)
            }
            step -= warmupSteps
            highest = warmupTarget
        }
        let wave = ScheduleMath.cosine(min(step, decaySteps) / decaySteps)
        return highest * ((1 - alpha) * wave + alpha)
    }
}

extension CosineDecay: SelfChecking {
    /// Keras passes over the steps of a warm-up without a target; here they are not meant.
    public func check() throws(OptimizerError) {
        guard warmupTarget == nil, warmupSteps > 0 else { return }
        throw .badSchedule(
            "'warmup_steps' requires 'warmup_target', the rate that they rise to; without it there "
                + "is no warm-up")
    }
}

extension CosineDecay: CatalogComponent {
    static let initialLearningRateField = ScheduleMath.initialLearningRateField()
    static let warmupTargetField = Field<Double?>(
        "warmup_target", optional: .atLeast(0),
        "The rate at the end of the warm-up, where the decay starts; null: no warm-up.")
    static let warmupStepsField = Field<Double>(
        "warmup_steps", default: 0, .atLeast(0), unit: "optimizer steps",
        "How many steps the rate rises to warmup_target, before decay_steps begin.")

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "cosine_decay", summary: "Rises in a warm-up, then falls along half a cosine wave.",
        source: "tf.keras.optimizers.schedules.CosineDecay; Loshchilov and Hutter, 2017",
        fields: [
            initialLearningRateField.description, ScheduleMath.decayStepsField.description,
            ScheduleMath.alphaField.description, warmupTargetField.description,
            warmupStepsField.description,
        ]
    ) { values in
        CosineDecay(
            initialLearningRate: values[initialLearningRateField],
            decaySteps: values[ScheduleMath.decayStepsField],
            alpha: values[ScheduleMath.alphaField], warmupTarget: values[warmupTargetField],
            warmupSteps: values[warmupStepsField])
    }
}
