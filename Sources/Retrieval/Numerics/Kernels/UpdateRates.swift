import CKernels

/// The numbers of a step of Nadam.
struct NadamRates: Sendable {
    let numbers: tk_nadam_rates

    /// - Parameters:
    ///   - momentumNext: what the new moment is scaled by: that of the next step, and its
    ///     correction, `biasNext`.
    ///   - gradientShare: what the gradient is scaled by: its share, and its correction, `bias`.
    ///   - bias2: the correction of v.
    init(
        lr: Float, eps: Float, beta1: Float, beta2: Float, momentumNext: Float, biasNext: Float,
        gradientShare: Float, bias: Float, bias2: Float
    ) {
        numbers = tk_nadam_rates(
            lr: lr, eps: eps, rate_1: 1 - beta1, rate_2: 1 - beta2,
            momentum_next: momentumNext, bias_next: biasNext, gradient_share: gradientShare,
            bias: bias, bias_2: bias2)
    }
}

/// The numbers of a step of FTRL.
struct FTRLRates: Sendable {
    let numbers: tk_ftrl_rates

    /// - Parameter power: what the accumulator is raised to: minus Keras's `learning_rate_power`.
    init(lr: Float, l1: Float, twiceL2: Float, twiceShrinkage: Float, power: Float) {
        numbers = tk_ftrl_rates(
            lr: lr, l1: l1, twice_l2: twiceL2, twice_shrinkage: twiceShrinkage, power: power)
    }
}

/// The numbers of a step of ClippyAdagrad.
struct ClippyRates: Sendable {
    let numbers: tk_clippy_rates

    /// - Parameter standard: whether the accumulator holds this step's gradient when it divides.
    init(
        lr: Float, eps: Float, variableRelative: Float, accumulatorRelative: Float,
        absolute: Float, standard: Bool
    ) {
        numbers = tk_clippy_rates(
            lr: lr, eps: eps, variable_relative: variableRelative,
            accumulator_relative: accumulatorRelative, absolute: absolute, standard: standard)
    }
}
