/// Adagrad whose moves of a parameter are scaled, all by one factor, so that none is too large for
/// its weight: `tensorflow_recommenders.experimental.optimizers.ClippyAdagrad` (Tang et al., 2023,
/// "Improving Training Stability for Multitask Ranking Models in Recommender Systems").
///
/// The factor is the largest, at most 1, for which every move stays within `|w| ·
/// variableRelativeThreshold + accumulatorRelativeThreshold / √acc + absoluteThreshold`.
public struct ClippyAdagrad: Optimizer {
    /// When the gradient enters the accumulator, and how.
    public enum AccumulatorUpdate: Sendable {
        /// After the step, unclipped: the default.
        case delayed
        /// After the step, scaled as the moves are.
        case clipped
        /// Before the step, as in Adagrad.
        case standard
    }

    public var options: OptimizerOptions
    /// Where the sums of squares start; at least 0.
    public var initialAccumulatorValue: Float
    /// The largest change of a number, as a share of its magnitude.
    public var variableRelativeThreshold: Float
    /// The largest change, in units of the root of the sum of squares.
    public var accumulatorRelativeThreshold: Float
    /// What is added to the largest change.
    public var absoluteThreshold: Float
    /// What keeps divisors from 0.
    public var epsilon: Float
    /// Whether the factors are among what is told of training.
    public var exportClippingFactors: Bool
    /// Which sums of squares a step divides by.
    public var accumulatorUpdate: AccumulatorUpdate

    public init(
        learningRate: LearningRate = 0.001, initialAccumulatorValue: Float = 0.1,
        variableRelativeThreshold: Float = 0.1, accumulatorRelativeThreshold: Float = 0,
        absoluteThreshold: Float = 1e-7, epsilon: Float = 1e-7,
        exportClippingFactors: Bool = false, accumulatorUpdate: AccumulatorUpdate = .delayed
    ) {
        options = OptimizerOptions(learningRate: learningRate)
        self.initialAccumulatorValue = initialAccumulatorValue
        self.variableRelativeThreshold = variableRelativeThreshold
        self.accumulatorRelativeThreshold = accumulatorRelativeThreshold
        self.absoluteThreshold = absoluteThreshold
        self.epsilon = epsilon
        self.exportClippingFactors = exportClippingFactors
        self.accumulatorUpdate = accumulatorUpdate
    }

    /// The sums of squares of one parameter.
    public struct State: Sendable {
        /// The sum of squared gradients of every element.
        public internal(set) var slots: OptimizerSlots
        /// What the last step's moves were scaled by; 0 before the first.
        public internal(set) var clippingFactor: Float = 0
    }

    public func makeState(for parameter: Matrix) -> State {
        State(slots: OptimizerSlots(for: parameter, startingAt: [initialAccumulatorValue]))
    }

    public func update(
        _ parameter: inout Matrix, state: inout State, gradient: Gradient, step: OptimizerStep
    ) {
        let rates = ClippyRates(
            lr: step.learningRate, eps: epsilon, variableRelative: variableRelativeThreshold,
            accumulatorRelative: accumulatorRelativeThreshold, absolute: absoluteThreshold,
            standard: accumulatorUpdate == .standard)
        let least = LeastFactor()
        state.slots.sweep(&parameter, gradient, step, .doesNothing) {
            least.note(Kernels.clippyScale($0.weights, $0.slot(0), $0.gradient, $0.count, rates))
        }
        let factor = least.value
        let accumulatorFactor = accumulatorUpdate == .clipped ? factor : 1
        state.slots.sweep(&parameter, gradient, step, .doesNothing) {
            Kernels.clippy(
                $0.weights, $0.slot(0), $0.gradient, $0.count, factor, accumulatorFactor, rates)
        }
        state.clippingFactor = factor
    }

    public func report(_ state: State) -> [(name: String, value: Double)] {
        exportClippingFactors ? [("clipping_factor", Double(state.clippingFactor))] : []
    }
}

extension ClippyAdagrad.State: RestorableParts {
    public static var parts: [StatePart<Self>] {
        [StatePart("", \.slots), StatePart("clipping_factor", \.clippingFactor)]
    }
}

extension ClippyAdagrad: CatalogComponent {
    static let variableRelativeThresholdField = Field<Double>(
        "variable_relative_threshold", default: 0.1, .atLeast(0),
        "Largest move of a weight, as a share of the weight.")
    static let accumulatorRelativeThresholdField = Field<Double>(
        "accumulator_relative_threshold", default: 0, .atLeast(0),
        "What is allowed on top, as a share of one over the accumulator's root.")
    static let absoluteThresholdField = Field<Double>(
        "absolute_threshold", default: 1e-7, .atLeast(0),
        "What is allowed on top for every weight.")
    static let exportClippingFactorsField = Field<Bool>(
        "export_clipping_factors", default: false,
        "Whether each epoch's metrics tell what its last step was scaled by.")
    static let clipAccumulatorUpdateField = Field<Bool>(
        "clip_accumulator_update", default: false,
        "Whether the gradient is scaled for the accumulator too.")
    static let useStandardAccumulatorUpdateField = Field<Bool>(
        "use_standard_accumulator_update", default: false,
        "Whether the accumulator holds the step's gradient already, as in Adagrad.")

    public static let entry = ComponentEntry<any Optimizer>(
        "clippy_adagrad", summary: "Adagrad with moves that are small beside the weights.",
        source: "tfrs.experimental.optimizers.ClippyAdagrad; Tang et al., 2023",
        fields: OptimizerOptions.fields([
            Adagrad.initialAccumulatorValueField.description,
            variableRelativeThresholdField.description,
            accumulatorRelativeThresholdField.description, absoluteThresholdField.description,
            Adagrad.epsilonField.description, exportClippingFactorsField.description,
            clipAccumulatorUpdateField.description, useStandardAccumulatorUpdateField.description,
        ])
    ) { values, components in
        let (clips, isStandard) = (
            values[clipAccumulatorUpdateField], values[useStandardAccumulatorUpdateField]
        )
        guard !(clips && isStandard) else { throw OptimizerError.conflictingAccumulatorUpdates }
        var optimizer = ClippyAdagrad(
            initialAccumulatorValue: Float(values[Adagrad.initialAccumulatorValueField]),
            variableRelativeThreshold: Float(values[variableRelativeThresholdField]),
            accumulatorRelativeThreshold: Float(values[accumulatorRelativeThresholdField]),
            absoluteThreshold: Float(values[absoluteThresholdField]),
            epsilon: Float(values[Adagrad.epsilonField]),
            exportClippingFactors: values[exportClippingFactorsField],
            accumulatorUpdate: clips ? .clipped : isStandard ? .standard : .delayed)
        optimizer.options = try OptimizerOptions(values, components)
        return optimizer
    }
}
