/// A limit for gradients, as Keras's optimizers have it: on the rows of a sparse gradient as they
/// come, before those of equal index are added up.
///
/// So a norm is that of the rows, not of their sums, and a sum may exceed a limit of values.
public enum GradientClipping: Hashable, Sendable {
    /// `tf.clip_by_norm` of each parameter: g · limit / max(‖g‖, limit).
    case norm(Float)
    /// `tf.clip_by_global_norm` of all: g · limit · min(1/‖all‖, 1/limit); NaN if ‖all‖ is not
    /// finite.
    case globalNorm(Float)
    /// `tf.clip_by_value`: each number into ±limit.
    case value(Float)

    /// Whether what becomes of a number depends on others.
    var isOfNorm: Bool {
        switch self {
        case .norm, .globalNorm: true
        case .value: false
        }
    }
}

extension GradientClipping: JointRule {
    public func makeMemory(for parameters: [Matrix]) -> NoState { NoState() }

    /// Clips the gradients of one optimizer's parameters.
    public func prepare(
        _ gradients: inout [JointGradient], memory: inout NoState, step: inout OptimizerStep
    ) {
        switch self {
        case .norm(let limit):
            for index in gradients.indices {
                let length = Float(gradients[index].gradient.squareSum.squareRoot())
                let divisor = length > limit || length.isNaN ? length : limit
                gradients[index].gradient.mapValues { $0 = $0 * limit / divisor }
            }
        case .globalNorm(let limit):
            let length = Float(gradients.reduce(0) { $0 + $1.gradient.squareSum }.squareRoot())
            let scale = length.isFinite ? limit * min(1 / length, 1 / limit) : .nan
            for index in gradients.indices { gradients[index].gradient.mapValues { $0 *= scale } }
        case .value(let limit):
            for index in gradients.indices {
                gradients[index].gradient.mapValues { value in
                    if value > limit { value = limit }
                    if value < -limit { value = -limit }
                }
            }
        }
    }
}

extension Gradient {
    /// The squared length, added up row by row in double precision.
    fileprivate var squareSum: Double {
        let values = values
        return values.values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return (0..<values.rows).reduce(0.0) { sum, row in
                let start = base + row * values.columns
                return sum + Double(Kernels.dot(start, start, values.columns))
            }
        }
    }
}
