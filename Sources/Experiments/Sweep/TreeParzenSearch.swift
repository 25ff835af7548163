import Platform
import Retrieval

/// Proposes settings by what earlier trials came to: tree-structured Parzen estimators (Bergstra,
/// Bardenet, Bengio and Kégl, 2011). Of each axis it estimates how the values of the best trials
/// and those of the others are distributed, draws candidates from the first, and takes the one for
/// which the first density exceeds the second most.
///
/// A proposal is a function of its number, the seed and the trials it is told of, in their order.
package struct TreeParzenSearch: Sendable {
    /// What became of a proposal.
    package struct Outcome {
        /// The value of each axis; nil where its condition did not hold.
        package var values: [Double?]
        /// The objective, less being better; nil for a trial that failed.
        package var cost: Double?

        package init(values: [Double?], cost: Double?) {
            self.values = values
            self.cost = cost
        }
    }

    /// What each axis is drawn from, and the stream that draws.
    package let axes: [(name: String, distribution: SweepDistribution)]
    package let seed: UInt64

    package init(axes: [(name: String, distribution: SweepDistribution)], seed: UInt64) {
        self.axes = axes
        self.seed = seed
    }

    /// The share of the trials that count as the best ones, as in the paper.
    private static let bestShare = 0.15
    /// Candidates of each axis, of which one is proposed.
    private static let candidates = 24

    /// A value for each axis, without regard to any outcome.
    package func start(number: Int) -> [Double] {
        axes.map { axis in
            var stream = stream(axis.name, number, attempt: 0)
            return axis.distribution.position(from: &stream)
        }
    }

    /// - Parameter attempt: another one for every proposal that was refused.
    package func proposal(number: Int, attempt: Int, after outcomes: [Outcome]) -> [Double] {
        let order = outcomes.indices.sorted { left, right in
            switch (outcomes[left].cost, outcomes[right].cost) {
            case (let a?, let b?) where a != b: a < b
            case (.some, nil): true
            case (nil, .some): false
            default: left < right
            }
        }
        let count = Int((Self.bestShare * Double(outcomes.count)).rounded(.up))
        let (best, others) = (order.prefix(count), order.dropFirst(count))
        return axes.indices.map { index in
            let axis = axes[index]
            var stream = stream(axis.name, number, attempt: attempt)
            func values(_ trials: ArraySlice<Int>) -> [Double] {
                trials.compactMap { outcomes[$0].values[index] }
            }
            return axis.distribution.proposal(
                best: values(best), others: values(others), candidates: Self.candidates,
                from: &stream)
        }
    }

    /// A stream of its own for every axis: another axis does not shift its values.
    private func stream(_ axis: String, _ number: Int, attempt: Int) -> RandomStream {
        RandomStream(
            seed: seed, stream: StreamNames.proposals(axis),
            index: number * Self.maximumAttempts + attempt)
    }

    /// Where all that could be proposed has been tried, so many attempts find nothing new.
    static let maximumAttempts = 64
}

extension SweepDistribution {
    /// A value as a number: itself, or its place among the choices.
    func position(from stream: inout RandomStream) -> Double {
        switch self {
        case .choice(let values): Double(stream.below(values.count))
        case .uniform, .logUniform, .int:
            // Over the whole interval, the lower bound included.
            place(lower + (upper - lower) * stream.uniform())
        }
    }

    /// Of candidates that are drawn as the best trials are distributed, the one that the others
    /// make least likely in comparison.
    func proposal(
        best: [Double], others: [Double], candidates: Int, from stream: inout RandomStream
    ) -> Double {
        if case .choice(let values) = self {
            let good = ParzenCategories(best.map { Int($0) }, count: values.count)
            let bad = ParzenCategories(others.map { Int($0) }, count: values.count)
            return Double(
                Self.foremost(candidates) {
                    let value = good.draw(from: &stream)
                    return (value, good.chance(of: value) / bad.chance(of: value))
                })
        }
        let good = ParzenEstimator(best.map(scaled), within: lower...upper)
        let bad = ParzenEstimator(others.map(scaled), within: lower...upper)
        return Self.foremost(candidates) {
            let value = place(good.draw(from: &stream))
            let at = scaled(value)
            return (value, good.density(at: at) / bad.density(at: at))
        }
    }

    /// The first of the candidates with the greatest score.
    private static func foremost<Value>(
        _ count: Int, _ draw: () -> (value: Value, score: Double)
    ) -> Value {
        var found = draw()
        for _ in 1..<count {
            let next = draw()
            if next.score > found.score { found = next }
        }
        return found.value
    }

    // MARK: Scales

    /// Where the axis is even: of logarithms, or with half an integer beyond either end.
    private var lower: Double {
        switch self {
        case .choice: 0
        case .uniform(let low, _, _): low
        case .logUniform(let low, _, _): log(low)
        case .int(let low, _, _): Double(low) - 0.5
        }
    }

    private var upper: Double {
        switch self {
        case .choice(let values): Double(values.count)
        case .uniform(_, let high, _): high
        case .logUniform(_, let high, _): log(high)
        case .int(_, let high, _): Double(high) + 0.5
        }
    }

    /// A value where the axis is even, within its bounds.
    private func scaled(_ value: Double) -> Double {
        if case .logUniform = self { return min(max(log(value), lower), upper) }
        return min(max(value, lower), upper)
    }

    /// The value at a place, as a spec would have it.
    private func place(_ place: Double) -> Double {
        switch self {
        case .choice: place
        case .uniform(let low, let high, _): Self.rounded(place, within: low...high)
        case .logUniform(let low, let high, _): Self.rounded(exp(place), within: low...high)
        case .int(let low, let high, _):
            min(max(place.rounded(), Double(low)), Double(high))
        }
    }
}
