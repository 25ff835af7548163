/// The functions of `tf.keras.activations` by their names there, and those of `tf.nn` that Keras
/// takes by name.
public enum ActivationFunction: String, FieldChoice {
    /// x.
    case linear
    /// max(x, 0).
    case relu
    /// min(max(x, 0), 6).
    case relu6
    /// x, or the negative slope times x below 0.
    case leakyReLU = "leaky_relu"
    /// x, or eˣ − 1 below 0.
    case elu
    /// Scaled elu: 1.0507 · x, or 1.0507 · 1.6733 · (eˣ − 1) below 0 (Klambauer et al., 2017).
    case selu
    /// x · Φ(x), Φ the distribution function of the normal distribution, or its approximation by
    /// tanh.
    case gelu
    /// Keras's `gelu(x, approximate=True)`.
    case approximateGELU = "gelu_approximate"
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    /// Keras 2's: 0.2 · x + 0.5, cut to 0 ... 1.
    case hardSigmoid = "hard_sigmoid"
    /// The hyperbolic tangent.
    case tanh
    /// eˣ divided by the sum over the vector.
    case softmax
    /// ln(1 + eˣ).
    case softplus
    /// x / (1 + |x|).
    case softsign
    /// x · sigmoid(x).
    case swish
    /// Another name of swish.
    case silu
    /// x · tanh(softplus(x)).
    case mish
    /// eˣ.
    case exponential

    /// Slope below zero of `leaky_relu`, and what `elu` tends to there.
    var defaultAlpha: Float { self == .leakyReLU ? 0.2 : 1 }
}

/// Whole arrays at a time; `count` numbers are read and written, and inputs never overlap outputs.
extension ActivationFunction {
    private static let seluScale: Float = 1.05070098735548
    private static let seluAlpha: Float = 1.67326324235438
    private static let invRoot2: Float = 0.707106781186548
    private static let invRoot2Pi: Float = 0.398942280401433
    private static let root2OverPi: Float = 0.797884560802865
    private static let geluCubic: Float = 0.044715

    /// y = f(x). Not for `softmax`, which is a function of a row.
    func evaluate(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int, alpha: Float
    ) {
        switch self {
        case .linear, .softmax: y.update(from: x, count: count)
        case .relu: for i in 0..<count { y[i] = x[i] < 0 ? 0 : x[i] }
        case .relu6: for i in 0..<count { y[i] = x[i] < 0 ? 0 : x[i] > 6 ? 6 : x[i] }
        case .leakyReLU: for i in 0..<count { y[i] = x[i] < 0 ? alpha * x[i] : x[i] }
        case .elu:
            Kernels.exp(y, x, count)
            for i in 0..<count { y[i] = x[i] < 0 ? alpha * (y[i] - 1) : x[i] }
        case .selu:
            Kernels.exp(y, x, count)
            for i in 0..<count {
                y[i] = Self.seluScale * (x[i] < 0 ? Self.seluAlpha * (y[i] - 1) : x[i])
            }
        case .gelu:
            for i in 0..<count { y[i] = x[i] * Self.invRoot2 }
            Kernels.erf(y, y, count)
            for i in 0..<count { y[i] = 0.5 * x[i] * (1 + y[i]) }
        case .approximateGELU:
            for i in 0..<count { y[i] = Self.cubic(x[i]) }
            Kernels.tanh(y, y, count)
            for i in 0..<count { y[i] = 0.5 * x[i] * (1 + y[i]) }
        case .sigmoid: Kernels.sigmoid(y, x, count)
        case .hardSigmoid:
            for i in 0..<count {
                let line = 0.2 * x[i] + 0.5
                y[i] = line < 0 ? 0 : line > 1 ? 1 : line
            }
        case .tanh: Kernels.tanh(y, x, count)
        case .softplus: Kernels.softplus(y, x, count)
        case .softsign: for i in 0..<count { y[i] = x[i] / (1 + abs(x[i])) }
        case .swish, .silu:
            Kernels.sigmoid(y, x, count)
            for i in 0..<count { y[i] *= x[i] }
        case .mish:
            Kernels.softplus(y, x, count)
            Kernels.tanh(y, y, count)
            for i in 0..<count { y[i] *= x[i] }
        case .exponential: Kernels.exp(y, x, count)
        }
    }

    /// slope = f′(x), given y = f(x). Where f has a corner, the slope is the one that TensorFlow
    /// takes. Not for `softmax`.
    func differentiate(
        _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ slope: UnsafeMutablePointer<Float>, count: Int, alpha: Float
    ) {
        switch self {
        case .linear, .softmax: slope.update(repeating: 1, count: count)
        case .relu: for i in 0..<count { slope[i] = x[i] > 0 ? 1 : 0 }
        case .relu6: for i in 0..<count { slope[i] = x[i] > 0 && x[i] < 6 ? 1 : 0 }
        case .leakyReLU: for i in 0..<count { slope[i] = x[i] > 0 ? 1 : alpha }
        case .elu: for i in 0..<count { slope[i] = x[i] < 0 ? y[i] + alpha : 1 }
        case .selu:
            let low = Self.seluScale * Self.seluAlpha
            for i in 0..<count { slope[i] = x[i] < 0 ? y[i] + low : Self.seluScale }
        case .gelu:
            // Φ(x) + x φ(x)
            for i in 0..<count { slope[i] = -0.5 * x[i] * x[i] }
            Kernels.exp(slope, slope, count)
            for i in 0..<count {
                let cumulative = 0.5 * (1 + Kernels.erf(x[i] * Self.invRoot2))
                slope[i] = cumulative + x[i] * (Self.invRoot2Pi * slope[i])
            }
        case .approximateGELU:
            for i in 0..<count { slope[i] = Self.cubic(x[i]) }
            Kernels.tanh(slope, slope, count)
            for i in 0..<count {
                let t = slope[i]
                let inner = Self.root2OverPi * (1 + 3 * Self.geluCubic * x[i] * x[i])
                slope[i] = 0.5 * (1 + t) + 0.5 * x[i] * (1 - t * t) * inner
            }
        case .sigmoid: for i in 0..<count { slope[i] = y[i] * (1 - y[i]) }
        case .hardSigmoid:
            for i in 0..<count {
                let line = 0.2 * x[i] + 0.5
                slope[i] = line < 0 || line > 1 ? 0 : 0.2
            }
        case .tanh: for i in 0..<count { slope[i] = 1 - y[i] * y[i] }
        case .softplus: Kernels.sigmoid(slope, x, count)
        case .softsign:
            for i in 0..<count {
                let below = 1 + abs(x[i])
                slope[i] = 1 / (below * below)
            }
        case .swish, .silu:
            Kernels.sigmoid(slope, x, count)
            for i in 0..<count { slope[i] += y[i] * (1 - slope[i]) }
        case .mish:
            // t + x (1 − t²) σ(x), where t = tanh(softplus(x))
            Kernels.sigmoid(slope, x, count)
            for i in 0..<count {
                let t = Kernels.tanh(Kernels.softplus(x[i]))
                slope[i] = t + x[i] * (1 - t * t) * slope[i]
            }
        case .exponential: slope.update(from: y, count: count)
        }
    }

    private static func cubic(_ x: Float) -> Float {
        root2OverPi * (x + geluCubic * x * x * x)
    }
}
