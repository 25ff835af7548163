import Platform
import Retrieval

/// A density over an interval that follows observations: a normal distribution around each and a
/// wide one around the middle, all alike in weight and cut off at the bounds (Bergstra et al.,
/// 2011, section 4.2).
package struct ParzenEstimator: Sendable {
    private struct Part {
        var mean: Double
        var deviation: Double
        /// What of it lies within the bounds.
        var share: Double
    }

    package let bounds: ClosedRange<Double>
    private var parts: [Part] = []

    /// - Parameters:
    ///   - observations: within the bounds.
    ///   - bounds: which differ.
    package init(_ observations: [Double], within bounds: ClosedRange<Double>) {
        self.bounds = bounds
        let width = bounds.upperBound - bounds.lowerBound
        let prior = bounds.lowerBound + width / 2
        let centres = (observations.map { (mean: $0, isPrior: false) } + [(prior, true)])
            .sorted { $0.mean < $1.mean }
        let narrowest = width / Double(min(100, centres.count))
        parts = centres.indices.map { index in
            let mean = centres[index].mean
            // As far as the neighbour that is farther; many observations of a place make it sure.
            let left = index > 0 ? mean - centres[index - 1].mean : 0
            let right = index + 1 < centres.count ? centres[index + 1].mean - mean : 0
            let deviation =
                centres[index].isPrior ? width : min(max(left, right, narrowest), width)
            let share =
                Self.cumulative((bounds.upperBound - mean) / deviation)
                - Self.cumulative((bounds.lowerBound - mean) / deviation)
            return Part(mean: mean, deviation: deviation, share: share)
        }
    }

    /// The density at a place within the bounds.
    package func density(at place: Double) -> Double {
        let root = 2.5066282746310002  // √(2π)
        let sum = parts.reduce(0) { sum, part in
            let distance = (place - part.mean) / part.deviation
            return sum + exp(-0.5 * distance * distance) / (part.deviation * root * part.share)
        }
        return sum / Double(parts.count)
    }

    /// A place, by the density.
    package func draw(from stream: inout RandomStream) -> Double {
        let part = parts[stream.below(parts.count)]
        // A third of the widest part at the least is within the bounds.
        for _ in 0..<1000 {
            let place = part.mean + part.deviation * Self.normal(from: &stream)
            if bounds.contains(place) { return place }
        }
        return part.mean
    }

    /// Of a standard normal distribution (Box and Muller, 1958).
    private static func normal(from stream: inout RandomStream) -> Double {
        let radius = (-2 * log(1 - stream.uniform())).squareRoot()
        return radius * cos(2 * .pi * stream.uniform())
    }

    /// The share of a standard normal distribution below a value.
    private static func cumulative(_ value: Double) -> Double {
        0.5 * erfc(-value / 2.0.squareRoot())
    }
}

/// How likely each of several values is, after observations of them; one more observation is
/// divided among all.
package struct ParzenCategories: Sendable {
    private var chances: [Double]

    /// - Parameter observations: places among the values.
    package init(_ observations: [Int], count: Int) {
        chances = [Double](repeating: 1 / Double(count), count: count)
        for observation in observations { chances[observation] += 1 }
        let total = Double(observations.count) + 1
        for index in chances.indices { chances[index] /= total }
    }

    package func chance(of value: Int) -> Double { chances[value] }

    package func draw(from stream: inout RandomStream) -> Int {
        var rest = stream.uniform()
        for (value, chance) in chances.enumerated() {
            rest -= chance
            if rest < 0 { return value }
        }
        return chances.count - 1
    }
}
