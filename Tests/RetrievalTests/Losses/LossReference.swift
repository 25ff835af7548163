import Foundation

/// The losses written out once more, in double precision and on dense rows of labels, as the
/// formulas of Keras and the papers have them.
enum LossReference {
    typealias Function = @Sendable (_ scores: [Double], _ labels: [Double]) -> Double

    private static let epsilon = 1e-7
    /// Keras's upper bound of a probability, as float32 has it: 2⁻²³ below 1, not 1e-7.
    private static let highest = Double(1 - Float(1e-7))

    private static func softmax(_ scores: [Double]) -> [Double] {
        let maximum = scores.max() ?? 0
        let terms = scores.map { exp($0 - maximum) }
        return shares(terms)
    }

    private static func shares(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    private static func clip(_ value: Double, to upper: Double = highest) -> Double {
        min(max(value, epsilon), upper)
    }

    private static func smooth(_ labels: [Double], _ smoothing: Double, toward: Double) -> [Double]
    {
        labels.map { $0 * (1 - smoothing) + smoothing * toward }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    static func categoricalCrossentropy(fromLogits: Bool, smoothing: Double) -> Function {
        { scores, labels in
            let labels = smooth(labels, smoothing, toward: 1 / Double(labels.count))
            let probabilities = fromLogits ? softmax(scores) : shares(scores).map { clip($0) }
            return -zip(labels, probabilities).map { $0 * log($1) }.reduce(0, +)
        }
    }

    static func binaryCrossentropy(fromLogits: Bool, smoothing: Double) -> Function {
        { scores, labels in
            let labels = smooth(labels, smoothing, toward: 0.5)
            return mean(
                zip(scores, labels).map { score, label in
                    guard fromLogits else {
                        let p = clip(score)
                        return -label * log(p + epsilon) - (1 - label) * log(1 - p + epsilon)
                    }
                    return max(score, 0) - score * label + log1p(exp(-abs(score)))
                })
        }
    }

    static func focal(
        alpha: Double, gamma: Double, fromLogits: Bool, smoothing: Double
    ) -> Function {
        { scores, labels in
            let labels = smooth(labels, smoothing, toward: 1 / Double(labels.count))
            let probabilities = (fromLogits ? softmax(scores) : shares(scores)).map { clip($0) }
            return zip(labels, probabilities).map { label, p in
                -label * log(p) * alpha * pow(1 - p, gamma)
            }.reduce(0, +)
        }
    }

    static let categoricalHinge: Function = { scores, labels in
        let positive = zip(scores, labels).map { $0 * $1 }.reduce(0, +)
        let negative = zip(scores, labels).map { $0 * (1 - $1) }.max() ?? -.infinity
        return max(0, negative - positive + 1)
    }

    static let hinge: Function = { scores, labels in
        mean(zip(scores, labels).map { max(0, 1 - $0 * (2 * $1 - 1)) })
    }

    static let squaredHinge: Function = { scores, labels in
        mean(zip(scores, labels).map { pow(max(0, 1 - $0 * (2 * $1 - 1)), 2) })
    }

    static let meanSquaredError: Function = { scores, labels in
        mean(zip(scores, labels).map { ($0 - $1) * ($0 - $1) })
    }

    static func klDivergence(fromLogits: Bool) -> Function {
        { scores, labels in
            let probabilities = fromLogits ? softmax(scores) : scores
            return zip(labels, probabilities).map { label, p in
                let label = clip(label, to: 1)
                return label * log(label / clip(p, to: 1))
            }.reduce(0, +)
        }
    }

    /// The terms `f(positive − negative)` of a row's pairs.
    private static func pairs(
        _ scores: [Double], _ labels: [Double], _ term: (Double) -> Double
    ) -> [Double] {
        guard let positive = labels.firstIndex(of: 1) else { return [] }
        return scores.indices.filter { $0 != positive }.map { term(scores[positive] - scores[$0]) }
    }

    static let bayesianPersonalizedRanking: Function = { scores, labels in
        let terms = pairs(scores, labels) { -log(1 / (1 + exp(-$0))) }
        return terms.isEmpty ? 0 : mean(terms)
    }

    static let pairwiseLogistic: Function = { scores, labels in
        pairs(scores, labels) { log1p(exp(-$0)) }.reduce(0, +)
    }

    static func pairwiseHinge(margin: Double) -> Function {
        { scores, labels in pairs(scores, labels) { max(0, margin - $0) }.reduce(0, +) }
    }
}
