import Retrieval
import Testing

/// Every metric of what lists show against one that counts by hand.
struct ShownListsTests {
    private static let ks = [1, 2, 3, Int.max]

    private func values(_ metric: any FactorizedMetric, _ ranked: RankedQueries) -> [Double] {
        var run = FactorizedMetricRun(metric)
        run.measure(ranked)
        return run.summarize().map(\.value)
    }

    /// The mean over entities of the mean over their lists, without those that have no figure.
    private func mean(_ lists: [[[Int]]], _ k: Int, _ figure: ([Int]) -> Double) -> Double {
        func mean(_ values: [Double]) -> Double {
            let known = values.filter { !$0.isNaN }
            return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
        }
        return mean(lists.map { mean($0.map { $0.isEmpty ? .nan : figure(Array($0.prefix(k))) }) })
    }

    private func expectEqual(_ got: [Double], _ expected: [Double], _ what: String) {
        #expect(got.count == expected.count)
        for (got, expected) in zip(got, expected) {
            let isEqual = expected.isNaN ? got.isNaN : abs(got - expected) < 1e-9
            #expect(isEqual, "\(what): \(got), not \(expected)")
        }
    }

    /// Such evaluations as show lists, with scores that are numbers.
    private func forEachEvaluation(_ check: (SmallEvaluation, RankedQueries) -> Void) {
        var random = RandomStream(seed: 6, stream: "shown_lists")
        var count = 0
        while count < 200 {
            let evaluation = SmallEvaluation(&random)
            guard !evaluation.isSampled, evaluation.candidates.values.allSatisfy(\.isFinite)
            else { continue }
            count += 1
            check(evaluation, evaluation.ranked)
        }
    }

    @Test func figuresOfListsAreMeansOfMeans() {
        forEachEvaluation { evaluation, ranked in
            let lists = evaluation.shownLists
            let counts = evaluation.trainingCounts.map(Double.init)
            let total = counts.reduce(0) { $0 + $1 + 1 }
            let popularity = Self.ks.map { k in
                mean(lists, k) { $0.reduce(0) { $0 + counts[$1] } / Double($0.count) }
            }
            expectEqual(values(AveragePopularity(ks: Self.ks), ranked), popularity, "popularity")
            let novelty = Self.ks.map { k in
                mean(lists, k) { list in
                    list.reduce(0) { $0 - Self.log2((counts[$1] + 1) / total) }
                        / Double(list.count)
                }
            }
            expectEqual(values(Novelty(ks: Self.ks), ranked), novelty, "novelty")
            let diversities = Self.ks.map { k in
                mean(lists, k) { diversity($0, evaluation.genres) }
            }
            expectEqual(
                values(IntraListDiversity(column: "genres", ks: Self.ks), ranked), diversities,
                "diversity")
        }
    }

    /// Over all ordered pairs, each of which counts twice.
    private func diversity(_ list: [Int], _ genres: [[Int]]) -> Double {
        let sets = list.map { Set(genres[$0]) }
        var (sum, pairs) = (0.0, 0.0)
        for a in sets.indices {
            for b in sets.indices where a != b {
                let all = sets[a].union(sets[b]).count
                let shared = sets[a].intersection(sets[b]).count
                sum += all == 0 ? 0 : Double(all - shared) / Double(all)
                pairs += 1
            }
        }
        return pairs == 0 ? .nan : sum / pairs
    }

    @Test func figuresOfTheCatalogueAreOfAllListsTogether() {
        forEachEvaluation { evaluation, ranked in
            let exposures = Self.ks.map { k -> [Double] in
                var shown = evaluation.corpus.map { _ in 0.0 }
                for list in evaluation.shownLists.joined() {
                    for place in list.prefix(k) { shown[place] += 1 }
                }
                return shown
            }
            func expect(_ metric: any FactorizedMetric, _ figure: ([Double]) -> Double) {
                expectEqual(
                    values(metric, ranked),
                    exposures.map { $0.reduce(0, +) == 0 ? .nan : figure($0) },
                    "\(type(of: metric))")
            }
            expect(CatalogueCoverage(ks: Self.ks)) { shown in
                Double(shown.count { $0 > 0 }) / Double(shown.count)
            }
            expect(ExposureEntropy(ks: Self.ks)) { shown in
                let total = shown.reduce(0, +)
                return shown.reduce(0) { $1 > 0 ? $0 - $1 / total * Self.log2($1 / total) : $0 }
            }
            // Half the mean difference of all pairs, by the mean.
            expect(GiniIndex(ks: Self.ks)) { shown in
                let differences = shown.reduce(0) { sum, one in
                    shown.reduce(sum) { $0 + abs(one - $1) }
                }
                return differences / (2 * Double(shown.count) * shown.reduce(0, +))
            }
        }
    }

    private static func log2(_ x: Double) -> Double {
        // ln by its series, apart from the code under test.
        var (value, result) = (x, 0.0)
        while value < 1 { (value, result) = (value * 2, result - 1) }
        let y = (value - 1) / (value + 1)
        var (sum, term) = (0.0, y)
        for index in 0..<60 {
            sum += term / Double(2 * index + 1)
            term *= y * y
        }
        return result + 2 * sum / 0.69314718055994530942
    }
}
