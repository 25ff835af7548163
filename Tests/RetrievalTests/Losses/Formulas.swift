import Foundation

/// What several losses' formulas say alike.
enum Formulas {
    /// Keras's epsilon.
    static let epsilon = 1e-7
    /// Keras's upper bound of a probability, as float32 has it: 2⁻²³ below 1, not 1e-7.
    static let highest = Double(1 - Float(1e-7))

    static func softmax(_ scores: [Double]) -> [Double] {
        let maximum = scores.max() ?? 0
        return shares(scores.map { exp($0 - maximum) })
    }

    static func shares(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    static func clip(_ value: Double, to upper: Double = highest) -> Double {
        min(max(value, epsilon), upper)
    }

    /// Labels drawn towards 1 / columns, as Keras smooths those of categories.
    static func smooth(_ labels: [Double], _ smoothing: Double) -> [Double] {
        labels.map { $0 * (1 - smoothing) + smoothing / Double(labels.count) }
    }

    static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// −Σ label · log probability.
    static func crossentropy(_ labels: [Double], _ probabilities: [Double]) -> Double {
        -zip(labels, probabilities).map { $0 * log($1) }.reduce(0, +)
    }

    /// The terms `f(positive − negative)` of a row's pairs.
    static func pairs(
        _ scores: [Double], _ labels: [Double], _ term: (Double) -> Double
    ) -> [Double] {
        guard let positive = labels.firstIndex(of: 1) else { return [] }
        return scores.indices.filter { $0 != positive }.map { term(scores[positive] - scores[$0]) }
    }
}
