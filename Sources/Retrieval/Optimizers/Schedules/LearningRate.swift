/// How a learning rate goes on with the steps taken: `tf.keras.optimizers.schedules`.
///
/// Schedules are computed in double precision.
public protocol LearningRateSchedule: Sendable {
    /// - Parameter step: the number of steps taken so far.
    func learningRate(at step: Int) -> Double
}

extension ComponentKind where Product == any LearningRateSchedule {
    /// Learning rates over steps: ``LearningRateSchedule``.
    public static var schedule: ComponentKind {
        ComponentKind(noun: "learning rate schedule", pluralNoun: "learning rate schedules")
    }
}

/// A learning rate: one number, or a schedule.
public struct LearningRate: Sendable, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral
{
    /// nil: the rate never changes.
    public let schedule: (any LearningRateSchedule)?
    private let constant: Float

    public init(constant: Float) {
        schedule = nil
        self.constant = constant
    }

    public init(_ schedule: any LearningRateSchedule) {
        self.schedule = schedule
        constant = 0
    }

    public init(floatLiteral value: Float) {
        self.init(constant: value)
    }

    public init(integerLiteral value: Int) {
        self.init(constant: Float(value))
    }

    /// The rate after `step` steps.
    public func callAsFunction(at step: Int) -> Float {
        schedule.map { Float($0.learningRate(at: step)) } ?? constant
    }
}

/// What several schedules have in common.
enum ScheduleMath {
    /// `base ^ exponent` for base ≥ 0.
    static func power(_ base: Double, _ exponent: Double) -> Double {
        if exponent == 0 || base == 1 { return 1 }
        if base == 0 { return exponent > 0 ? 0 : .infinity }
        return Kernels.exp(exponent * Kernels.log(base))
    }

    /// From 1 at 0 to 0 at 1, along half a wave.
    static func cosine(_ fraction: Double) -> Double {
        0.5 * (1 + Kernels.cos(.pi * fraction))
    }

    static func initialLearningRateField(default rate: Double? = nil) -> Field<Double> {
        Field<Double>(
            "initial_learning_rate", default: rate, .atLeast(0), "The rate of the first step.")
    }

    static let decayStepsField = Field<Double>(
        "decay_steps", default: nil, .greaterThan(0), unit: "optimizer steps",
        "How many steps the decay takes.")
    static let alphaField = Field<Double>(
        "alpha", default: 0, .atLeast(0), "The last rate, as a share of the highest.")
}
