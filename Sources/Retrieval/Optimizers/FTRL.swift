/// Follow the regularized leader: `tf.keras.optimizers.Ftrl` (McMahan et al., 2013, "Ad Click
/// Prediction: a View from the Trenches").
///
/// As in Keras a step computes every weight anew from what is remembered of its gradients: a
/// weight that has had none is 0 after the first step, unless the updates are lazy.
public struct FTRL: ElementwiseOptimizer {
    public var options: OptimizerOptions
    /// 0 or less: what the sum of squares is raised to in the step size.
    public var learningRatePower: Float
    /// Where the sums of squares start; at least 0.
    public var initialAccumulatorValue: Float
    /// Below what threshold numbers become 0; at least 0.
    public var l1RegularizationStrength: Float
    /// What pulls numbers towards 0; at least 0.
    public var l2RegularizationStrength: Float
    /// A penalty on squares that does not change the sums; at least 0.
    public var l2ShrinkageRegularizationStrength: Float
    /// What is added to the root of the sum of squares; at least 0.
    public var beta: Float

    public init(
        learningRate: LearningRate = 0.001, learningRatePower: Float = -0.5,
        initialAccumulatorValue: Float = 0.1, l1RegularizationStrength: Float = 0,
        l2RegularizationStrength: Float = 0, l2ShrinkageRegularizationStrength: Float = 0,
        beta: Float = 0
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.learningRatePower = learningRatePower
        self.initialAccumulatorValue = initialAccumulatorValue
        self.l1RegularizationStrength = l1RegularizationStrength
        self.l2RegularizationStrength = l2RegularizationStrength
        self.l2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength
        self.beta = beta
    }

    /// The sum of squared gradients and the linear term of every element.
    public func makeState(for parameter: Matrix) -> OptimizerSlots {
        OptimizerSlots(for: parameter, startingAt: [initialAccumulatorValue, 0])
    }

    public func update(
        _ parameter: inout Matrix, state: inout OptimizerSlots, gradient: Gradient,
        step: OptimizerStep
    ) {
        let rates = FTRLRates(
            lr: step.learningRate, l1: l1RegularizationStrength,
            twiceL2: 2 * (l2RegularizationStrength + beta / (2 * step.learningRate)),
            twiceShrinkage: 2 * l2ShrinkageRegularizationStrength, power: -learningRatePower)
        state.sweep(&parameter, gradient, step, .movesWeights) {
            Kernels.ftrl($0.weights, $0.slot(0), $0.slot(1), $0.gradient, $0.count, rates)
        }
    }
}

extension FTRL: CatalogComponent {
    static let learningRatePowerField = Field<Double>(
        "learning_rate_power", default: -0.5, Bounds(upper: .inclusive(0)),
        "What the sum of squares is raised to in the step size; 0 keeps it fixed.")
    static let initialAccumulatorValueField = Field<Double>(
        "initial_accumulator_value", default: 0.1, .atLeast(0),
        "Where the sum of squared gradients starts.")
    static let l1Field = Field<Double>(
        "l1_regularization_strength", default: 0, .atLeast(0),
        "Strength of the penalty that keeps weights at 0.")
    static let l2Field = Field<Double>(
        "l2_regularization_strength", default: 0, .atLeast(0),
        "Strength of the penalty on squares, in the leader's own problem.")
    static let shrinkageField = Field<Double>(
        "l2_shrinkage_regularization_strength", default: 0, .atLeast(0),
        "Strength of a penalty on squares that is added to the gradient.")
    static let betaField = Field<Double>(
        "beta", default: 0, .atLeast(0), "Added to the root of the sum of squares.")

    public static let entry = ComponentEntry<any Optimizer>(
        "ftrl", summary: "Follows the regularized leader; with L1 it makes weights 0.",
        source: "tf.keras.optimizers.Ftrl; McMahan et al., 2013",
        fields: OptimizerOptions.fields([
            learningRatePowerField.description, initialAccumulatorValueField.description,
            l1Field.description, l2Field.description, shrinkageField.description,
            betaField.description,
        ])
    ) { values, components in
        var optimizer = FTRL(
            learningRatePower: Float(values[learningRatePowerField]),
            initialAccumulatorValue: Float(values[initialAccumulatorValueField]),
            l1RegularizationStrength: Float(values[l1Field]),
            l2RegularizationStrength: Float(values[l2Field]),
            l2ShrinkageRegularizationStrength: Float(values[shrinkageField]),
            beta: Float(values[betaField]))
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
