import Experiments
import Foundation
import Retrieval
import Testing
import YAMLTree

/// Proposals by tree-structured Parzen estimators, as a function of what they are told.
struct TreeParzenSearchTests {
    /// A density is one: nowhere negative, with an area of one, and what a plain mixture of normal
    /// distributions, each divided by its part within the bounds, comes to.
    @Test func densitiesHaveAnAreaOfOne() {
        var stream = RandomStream(seed: 1, stream: "test")
        for (count, bounds) in [(0, -1.0...3.0), (1, 0...1), (7, -5...(-4)), (60, 0...1e-3)] {
            let width = bounds.upperBound - bounds.lowerBound
            var places = (0..<count).map { _ in bounds.lowerBound + width * stream.uniform() }
            // Both ends and a repetition are among them.
            if count > 3 { places += [bounds.lowerBound, bounds.upperBound, places[0]] }
            let estimator = ParzenEstimator(places, within: bounds)
            let steps = 40_000
            var area = 0.0
            for step in 0..<steps {
                let place = bounds.lowerBound + width * (Double(step) + 0.5) / Double(steps)
                let density = estimator.density(at: place)
                #expect(density > 0)
                area += density * width / Double(steps)
            }
            #expect(abs(area - 1) < 1e-6, "\(count) observations: \(area)")
        }
    }

    /// With no observation only the prior is there, with two the parts are as wide as the way to
    /// the farther neighbour.
    @Test func densitiesAreThePapers() {
        func normal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
            let distance = (x - mean) / deviation
            let whole = deviation * (2 * Double.pi).squareRoot()
            func below(_ bound: Double) -> Double {
                0.5 * (1 + erf((bound - mean) / deviation / 2.0.squareRoot()))
            }
            return exp(-distance * distance / 2) / whole / (below(1) - below(0))
        }
        let prior = ParzenEstimator([], within: 0...1)
        let two = ParzenEstimator([0.9, 0.2], within: 0...1)
        for x in [0, 0.1, 0.2, 0.5, 0.77, 1] {
            #expect(abs(prior.density(at: x) - normal(x, 0.5, 1)) < 1e-12)
            let mixture =
                (normal(x, 0.2, 1.0 / 3) + normal(x, 0.5, 1) + normal(x, 0.9, 0.4)) / 3
            #expect(abs(two.density(at: x) - mixture) < 1e-12, "at \(x)")
        }
    }

    /// What is drawn is distributed as the density says.
    @Test func drawsFollowTheDensity() {
        let estimator = ParzenEstimator([0.1, 0.15, 0.8], within: 0...1)
        var stream = RandomStream(seed: 2, stream: "draws")
        var counts = [Int](repeating: 0, count: 10)
        let total = 40_000
        for _ in 0..<total {
            let place = estimator.draw(from: &stream)
            #expect(estimator.bounds.contains(place))
            counts[min(9, Int(place * 10))] += 1
        }
        for (bin, count) in counts.enumerated() {
            let expected = (0..<1000).reduce(0.0) { sum, step in
                sum + estimator.density(at: (Double(bin) + (Double(step) + 0.5) / 1000) / 10) / 1e4
            }
            let deviation = (expected * (1 - expected) / Double(total)).squareRoot()
            #expect(abs(Double(count) / Double(total) - expected) < 5 * deviation)
        }
        let categories = ParzenCategories([2, 2, 0], count: 4)
        let chances: [Double] = (0..<4).map { categories.chance(of: $0) }
        #expect(chances == [0.3125, 0.0625, 0.5625, 0.0625])
    }

    private static let node = YAMLNode(
        .sequence([]), range: .wholeFile, source: SourceFile(name: "test", text: ""))

    private static func search(seed: UInt64) -> TreeParzenSearch {
        TreeParzenSearch(
            axes: [
                ("rate", .logUniform(1e-4, 1, at: node)), ("share", .uniform(0, 1, at: node)),
                ("size", .int(1, 64, at: node)),
                ("kind", .choice([node, node, node, node])),
            ], seed: seed)
    }

    /// Least at a rate of 0.01, a share of 0.3, a size of 20 and the third kind.
    private static func cost(_ values: [Double]) -> Double {
        let rate = Foundation.log(values[0] / 0.01) / Foundation.log(10)
        let size = (values[2] - 20) / 20
        return rate * rate + 4 * (values[1] - 0.3) * (values[1] - 0.3) + size * size
            + (values[3] == 2 ? 0 : 1)
    }

    private static func best(of trials: Int, seed: UInt64, startup: Int) -> Double {
        let search = search(seed: seed)
        var outcomes: [TreeParzenSearch.Outcome] = []
        for number in 0..<trials {
            let values =
                number < startup
                ? search.start(number: number)
                : search.proposal(number: number, attempt: 0, after: outcomes)
            outcomes.append(.init(values: values, cost: cost(values)))
        }
        return outcomes.compactMap(\.cost).min() ?? .infinity
    }

    /// After sixty trials it is about half as far off as after as many random ones.
    @Test func findsWhatRandomDrawsDoNot() {
        let seeds = (0..<20).map { UInt64($0) }
        let random = seeds.map { Self.best(of: 60, seed: $0, startup: 60) }.reduce(0, +) / 20
        let model = seeds.map { Self.best(of: 60, seed: $0, startup: 10) }.reduce(0, +) / 20
        #expect(random > 0.1 && random < 1)
        #expect(model < 0.6 * random, "\(model) where random draws come to \(random)")
    }

    /// Proposals are within the bounds, integers where they have to be, and follow from number,
    /// seed and outcomes alone.
    @Test func proposalsAreRepeatable() {
        let search = Self.search(seed: 7)
        var outcomes: [TreeParzenSearch.Outcome] = []
        for number in 0..<40 {
            let values = search.proposal(number: number, attempt: 0, after: outcomes)
            #expect(values == search.proposal(number: number, attempt: 0, after: outcomes))
            #expect((1e-4...1).contains(values[0]) && (0...1).contains(values[1]))
            #expect((1...64).contains(values[2]) && values[2] == values[2].rounded())
            #expect((0...3).contains(values[3]) && values[3] == values[3].rounded())
            // Some fail, of some an axis does not count, some are equal.
            let cost = number % 7 == 3 ? nil : number % 5 == 0 ? 1 : Self.cost(values)
            var seen: [Double?] = values
            if number % 3 == 0 { seen[1] = nil }
            outcomes.append(.init(values: seen, cost: cost))
        }
        #expect(
            search.proposal(number: 40, attempt: 0, after: outcomes)
                != search.proposal(number: 40, attempt: 1, after: outcomes))
        #expect(
            search.proposal(number: 40, attempt: 0, after: outcomes)
                != Self.search(seed: 8).proposal(number: 40, attempt: 0, after: outcomes))
    }
}
