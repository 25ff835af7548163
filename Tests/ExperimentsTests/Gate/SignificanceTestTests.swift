import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Testing

/// The tests hold their level, and find what is there, by simulation.
struct SignificanceTestTests {
    /// Synthetic differences: what a run's seed does, what a query does, and noise.
    struct World {
        var runs: Int
        var queries = 100
        var effect = 0.0
        var ofRuns: Double
        var ofQueries: Double
        var noise = 0.3

        func differences(_ stream: inout RandomStream) -> [[Double]] {
            let byQuery = (0..<queries).map { _ in ofQueries * stream.normal() }
            return (0..<runs).map { _ in
                let run = ofRuns * stream.normal()
                return byQuery.map { effect + run + $0 + noise * stream.normal() }
            }
        }

        /// How often of `trials` the lower tail is at most `level`.
        func firings(_ trials: Int, level: Double, withQueries: Bool = true) -> Int {
            var stream = RandomStream(seed: 11, stream: "gate-simulation")
            return (0..<trials).count { _ in
                let rows = differences(&stream)
                let test = SignificanceTest(
                    runDifferences: rows.map { $0.reduce(0, +) / Double(queries) },
                    queryDifferences: withQueries ? rows : nil, seed: 1)
                return (test.lowerTail ?? 1) <= level
            }
        }
    }

    /// Of 1,000 comparisons without a difference at most a share of `level` fires, but for what
    /// chance allows: three standard deviations of the binomial.
    @Test(arguments: [
        World(runs: 2, ofRuns: 0.02, ofQueries: 0), World(runs: 2, ofRuns: 0.05, ofQueries: 0.3),
        World(runs: 3, ofRuns: 0.03, ofQueries: 0.2), World(runs: 5, ofRuns: 0, ofQueries: 0),
        World(runs: 5, ofRuns: 0.03, ofQueries: 0.2), World(runs: 8, ofRuns: 0.003, ofQueries: 0.1),
    ])
    func crossedTestsHoldTheirLevel(world: World) {
        let level = 0.05
        let allowed = 1000 * level + 3 * (1000 * level * (1 - level)).squareRoot()
        #expect(Double(world.firings(1000, level: level)) <= allowed)
    }

    /// Runs that vary are no evidence, however many queries each of them has: per query alone such
    /// data would fire nearly always.
    @Test func seedVarianceIsNotSignificance() {
        let world = World(runs: 3, queries: 300, ofRuns: 0.2, ofQueries: 0, noise: 0.1)
        #expect(world.firings(300, level: 0.01) <= 12)
    }

    @Test func runsAloneHoldTheirLevel() {
        let world = World(runs: 4, ofRuns: 0.05, ofQueries: 0)
        let count = world.firings(1000, level: 0.05, withQueries: false)
        #expect(count >= 30 && count <= 71)
    }

    @Test func oneRunHoldsItsLevelOverQueries() {
        let world = World(runs: 1, queries: 60, ofRuns: 0, ofQueries: 0)
        let count = world.firings(200, level: 0.05)
        #expect(count >= 1 && count <= 20)
    }

    @Test func aDropIsFound() {
        let world = World(runs: 5, effect: -0.1, ofRuns: 0.01, ofQueries: 0.1)
        #expect(world.firings(200, level: 0.01) >= 180)
    }

    @Test func equalDifferencesAreNoProof() {
        let test = SignificanceTest(
            runDifferences: [-0.1, -0.1], queryDifferences: nil, seed: 1)
        #expect(test.lowerTail == 0.25)
        #expect(test.upperTail == 1)
    }

    @Test func oneRunAloneIsUntested() {
        let test = SignificanceTest(runDifferences: [-0.5], queryDifferences: nil, seed: 1)
        #expect(test.method == .none)
        #expect(test.lowerTail == nil)
    }

    /// Against tables of Student's t.
    @Test(arguments: [
        (1.0, 12.7062), (2, 4.30265), (4, 2.77645), (9, 2.26216), (14, 2.14479), (100, 1.98397),
    ])
    func quantiles(degrees: Double, value: Double) {
        let quantile = StudentT.quantile(0.975, degreesOfFreedom: degrees)
        #expect(abs(quantile - value) < 1e-4)
        #expect(abs(StudentT.upperTail(quantile, degreesOfFreedom: degrees) - 0.025) < 1e-9)
        #expect(abs(StudentT.upperTail(-quantile, degreesOfFreedom: degrees) - 0.975) < 1e-9)
    }
}

extension RandomStream {
    fileprivate mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }
}
