import CKernels
import Foundation
import Testing

/// A function of each element: the kernel, its version for one number, and the truth.
struct Function: CustomTestStringConvertible, Sendable {
    typealias Map =
        @Sendable (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int) -> Void

    let name: String
    /// The error allowed, in units of the last place.
    let tolerance: Double
    /// Only for magnitudes up to this.
    let limit: Float
    let map: Map
    let one: @Sendable (Float) -> Float
    let truth: @Sendable (Double) -> Double

    var testDescription: String { name }

    private init(
        _ name: String, _ tolerance: Double, limit: Float = .infinity,
        _ map: @escaping Map,
        _ one: @escaping @Sendable (Float) -> Float,
        _ truth: @escaping @Sendable (Double) -> Double
    ) {
        (self.name, self.tolerance, self.limit) = (name, tolerance, limit)
        (self.map, self.one, self.truth) = (map, one, truth)
    }

    static let all: [Function] = elementary + powers

    private static let elementary = [
        Function("exp", 2, { tk_exp($0, $1, $2) }, { tk_exp1($0) }, { Foundation.exp($0) }),
        Function("log", 2, { tk_log($0, $1, $2) }, { tk_log1($0) }, { Foundation.log($0) }),
        Function("tanh", 4, { tk_tanh($0, $1, $2) }, { tk_tanh1($0) }, { Foundation.tanh($0) }),
        Function("erf", 4, { tk_erf($0, $1, $2) }, { tk_erf1($0) }, { Foundation.erf($0) }),
        Function(
            "sigmoid", 4, { tk_sigmoid($0, $1, $2) }, { tk_sigmoid1($0) },
            { x in
                let e = Foundation.exp(-abs(x))
                return (x < 0 ? e : 1) / (1 + e)
            }),
        Function(
            "softplus", 4, { tk_softplus($0, $1, $2) }, { tk_softplus1($0) },
            { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) + ($0.isNaN ? .nan : 0) }),
        Function(
            "sin", 1, limit: 1e6, { tk_sin($0, $1, $2) }, { tk_sin1($0) }, { Foundation.sin($0) }),
        Function(
            "cos", 1, limit: 1e6, { tk_cos($0, $1, $2) }, { tk_cos1($0) }, { Foundation.cos($0) }),
        Function(
            "sqrt", 0.5, { tk_sqrt($0, $1, $2) }, { $0.squareRoot() }, { $0.squareRoot() }),
    ]

    private static let powers = [0.5, -1, 3, -2.5, 0.75].map { (exponent: Float) in
        Function(
            "pow(_, \(exponent))", 1, { tk_pow($0, $1, exponent, $2) }, { tk_pow1($0, exponent) },
            { Foundation.pow($0, Double(exponent)) })
    }

    /// The results for many inputs at once.
    func callAsFunction(_ inputs: [Float]) -> [Float] {
        var results = inputs
        results.withUnsafeMutableBufferPointer { map($0.baseAddress, inputs, inputs.count) }
        return results
    }
}
