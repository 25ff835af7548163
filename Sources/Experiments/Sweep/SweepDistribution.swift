import Platform
import Retrieval
import YAMLTree

/// How a random axis is drawn.
package enum SweepDistribution: Sendable {
    case choice([YAMLNode])
    /// Between the bounds, the lower included.
    case uniform(Double, Double, at: YAMLNode)
    /// Its logarithm is uniform; both bounds are above 0.
    case logUniform(Double, Double, at: YAMLNode)
    /// Between the bounds, both included.
    case int(Int, Int, at: YAMLNode)

    static let names = ["choice", "uniform", "log_uniform", "int"]

    /// A value. Numbers are rounded to four significant digits: they name the trial.
    func draw(from stream: inout RandomStream) -> YAMLNode {
        switch self {
        case .choice(let values):
            return values[stream.below(values.count)]
        case .uniform(let low, let high, let node):
            return Self.number(
                low + (high - low) * stream.uniform(), within: low...high, at: node)
        case .logUniform(let low, let high, let node):
            let value = exp(log(low) + (log(high) - log(low)) * stream.uniform())
            return Self.number(value, within: low...high, at: node)
        case .int(let low, let high, let node):
            let value = low + stream.below(high - low + 1)
            return .scalar(.integer(value), text: "\(value)", at: node.range, in: node.source)
        }
    }

    /// The value that a number stands for: itself, or its place among the choices.
    func value(at position: Double) -> YAMLNode {
        switch self {
        case .choice(let values):
            return values[min(max(0, Int(exactly: position) ?? 0), values.count - 1)]
        case .uniform(let low, let high, let node), .logUniform(let low, let high, let node):
            return Self.number(position, within: low...high, at: node)
        case .int(let low, let high, let node):
            let value =
                position >= Double(high)
                ? high : position > Double(low) ? Int(position.rounded()) : low
            return .scalar(.integer(value), text: "\(value)", at: node.range, in: node.source)
        }
    }

    /// The number that ``value(at:)`` takes for the first of its values.
    var start: Double {
        switch self {
        case .choice: 0
        case .uniform(let low, _, _), .logUniform(let low, _, _): low
        case .int(let low, _, _): Double(low)
        }
    }

    private static func number(
        _ value: Double, within bounds: ClosedRange<Double>, at node: YAMLNode
    ) -> YAMLNode {
        let value = rounded(value, within: bounds)
        return .scalar(.number(value), text: "\(value)", at: node.range, in: node.source)
    }

    static func rounded(_ value: Double, within bounds: ClosedRange<Double>) -> Double {
        let rounded = Double(value.significant(4)) ?? value
        return min(max(rounded, bounds.lowerBound), bounds.upperBound)
    }
}
