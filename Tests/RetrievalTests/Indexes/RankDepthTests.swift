import Retrieval
import RetrievalTesting
import Testing

/// Ranks that are counted up to a depth only, against all of them.
struct RankDepthTests {
    /// Few whole numbers, so that many scores tie.
    private func wholeNumbers(_ random: inout RandomStream, _ rows: Int, _ columns: Int) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<(rows * columns)).map { _ in Float(random.below(5) - 2) })
    }

    /// A search with everything that a row may have, or not.
    private func request(
        _ round: Int, _ rows: Int, _ corpus: inout Matrix, _ random: inout RandomStream
    ) -> CorpusRequest {
        let heads = round % 3 == 2 ? 1 + random.below(4) : 1
        var queries = wholeNumbers(&random, rows * heads, corpus.columns)
        let awkward: [Float] = [.nan, .infinity, -.infinity]
        if round % 5 == 1 {
            corpus.values[random.below(corpus.values.count)] = awkward[random.below(3)]
        }
        if round % 5 == 3 {
            queries.values[random.below(queries.values.count)] = awkward[random.below(3)]
        }
        var request = CorpusRequest(queries: queries, heads: heads)
        if round % 4 == 0 {
            request.blocked = RowPlaces(
                (0..<rows).map { _ in
                    (0..<Int32(corpus.rows)).filter { _ in random.chance(0.05) }
                })
        }
        if round % 4 == 1 {
            request.limits = (0..<rows).map { _ in Int32(random.below(corpus.rows + 1)) }
        }
        request.targets.offsets = [0]
        for _ in 0..<rows {
            for _ in 0..<random.below(4) {
                request.targets.places.append(
                    random.chance(0.2) ? -1 : Int32(random.below(corpus.rows)))
                request.targets.scores.append(
                    random.chance(0.1)
                        ? awkward[random.below(3)] : Float(random.below(25) - 12))
            }
            request.targets.offsets.append(request.targets.scores.count)
        }
        return request
    }

    @Test func isWhatCountingEverythingSays() {
        var random = RandomStream(seed: 1, stream: "rank_depth")
        for round in 0..<40 {
            let count = 1 + random.below(round % 2 == 0 ? 3_000 : 300)
            var corpus = wholeNumbers(&random, count, 1 + random.below(6))
            var request = request(round, 1 + random.below(60), &corpus, &random)
            let all = BruteForce(corpus).search(request, lanes: Lanes(threads: 1))
            #expect(all.scoreCount == request.queries.rows * count)

            let rankDepth = [0, 1, 10, 100, count + 1][round % 5]
            request.rankDepth = rankDepth
            let isBeyond = all.greater.map { $0 >= rankDepth }
            func expected(_ values: [Int32], beyond value: Int) -> [Int32] {
                zip(values, isBeyond).map { $1 ? Int32(value) : $0 }
            }
            let indexes: [any CandidateIndex] = [
                BruteForce(corpus), Streaming(corpus, batchSize: 700),
                Streaming(corpus, batchSize: 7),
            ]
            for (index, threads) in zip(indexes, [1 + round % 2, 2, 1]) {
                let found = index.search(request, lanes: Lanes(threads: threads))
                #expect(found.greater == expected(all.greater, beyond: rankDepth), "\(round)")
                #expect(found.ties == expected(all.ties, beyond: 0), "\(round)")
                #expect(found.tiesAhead == expected(all.tiesAhead, beyond: 0), "\(round)")
                #expect(found.isRanked == all.isRanked)
                #expect(found.finiteCounts == all.finiteCounts, "\(round)")
                #expect(found.scoreCount <= all.scoreCount)
            }
            // Lists want every score, whatever is asked of ranks.
            request.depth = 5
            let listed = BruteForce(corpus).search(request, lanes: Lanes(threads: 2))
            #expect(listed.greater == expected(all.greater, beyond: rankDepth))
            request.rankDepth = nil
            let lists = BruteForce(corpus).search(request, lanes: Lanes(threads: 2)).lists
            #expect(listed.lists.places == lists.places)
        }
    }

    /// Rows that have met enough are left out from then on, and how many that saves depends on the
    /// problem alone.
    @Test func decidedRowsAreScoredNoFurther() {
        var random = RandomStream(seed: 2, stream: "rank_depth")
        let (rows, count) = (400, 4_000)
        let (queries, corpus) = (random.matrix(rows, 3), random.matrix(count, 3))
        let places = (0..<rows).map { _ in Int32(random.below(count)) }
        var request = CorpusRequest(queries: queries, rankDepth: 20)
        request.targets = RowTargets(
            offsets: Array(0...rows),
            scores: (0..<rows).map { row in
                zip(queries.row(row), corpus.row(Int(places[row]))).reduce(Float(0)) {
                    $0.addingProduct($1.0, $1.1)
                }
            },
            places: places)
        let one = BruteForce(corpus).search(request, lanes: Lanes(threads: 1))
        let two = BruteForce(corpus).search(request, lanes: Lanes(threads: 2))
        #expect(one.scoreCount == two.scoreCount && one.greater == two.greater)
        #expect(one.greater.allSatisfy { $0 <= 20 } && one.greater.contains { $0 < 20 })
        #expect(one.scoreCount < rows * count / 4)
    }

    /// What a metric declares of ranks is all that it reads of them.
    @Test func metricsReadNoRankBeyondTheirDepth() throws {
        var random = RandomStream(seed: 3, stream: "rank_depth")
        let metrics: [any FactorizedMetric] =
            [QueryUnit.interaction, .query].flatMap { per -> [any FactorizedMetric] in
                [
                    HitRate(ks: [1, 7], per: per), CorpusRecall(ks: [7], per: per),
                    CorpusPrecision(ks: [3, 7], per: per), F1(ks: [7], per: per),
                    CorpusNDCG(ks: [7], per: per, gainColumn: "grade", isExponential: true),
                    CorpusMeanReciprocalRank(k: 7, per: per), Serendipity(ks: [7], per: per),
                    MeanAveragePrecision(ks: [7], per: per, divisor: .attainable),
                ]
            } + [FactorizedTopK(ks: [1, 7]), PopularityBucketedRecall(ks: [2, 7])]
        for policy in [TiePolicy.tfrs, .pessimistic, .mean] {
            let count = 200
            let greater = (0..<count).map { _ in Int32(random.below(20)) }
            let ties = (0..<count).map { _ in Int32(random.below(4)) }
            let ranked = { (rankDepth: Int?) in
                let isBeyond = greater.map { $0 >= rankDepth ?? .max }
                return RankedQueries(
                    strictlyGreater: greater.map { min($0, Int32(rankDepth ?? 20)) },
                    ties: zip(ties, isBeyond).map { $1 ? 0 : $0 },
                    isFinite: (0..<count).map { $0 % 17 != 0 },
                    weights: (0..<count).map { Float($0 % 3) }, corpusCount: 30,
                    rankDepth: rankDepth, tiePolicy: policy,
                    places: (0..<Int32(count)).map { $0 % 30 },
                    queries: (0..<Int32(count)).map { $0 % 31 },
                    corpus: CorpusKnowledge(trainingCounts: (0..<30).map { 30 - $0 }),
                    interactionColumns: ["grade": (0..<count).map { Float($0 % 4) }])
            }
            let (all, some) = (ranked(nil), ranked(7))
            #expect(zip(greater, some.before).allSatisfy { $0 < 7 || $1 == .infinity })
            let chosen = (0..<Int32(50)).map { $0 * 3 }
            for metric in metrics {
                #expect([metric.needs].rankDepth == 7)
                for (all, some) in [(all, some), (all.selecting(chosen), some.selecting(chosen))] {
                    var (full, capped) = (FactorizedMetricRun(metric), FactorizedMetricRun(metric))
                    full.measure(all)
                    capped.measure(some)
                    #expect(full.summarize() == capped.summarize(), "\(metric)")
                    let (one, other) = (full.queryFigures(), capped.queryFigures())
                    #expect(one.map(\.weights) == other.map(\.weights))
                }
            }
        }
    }

    @Test func whatNeedsTheDeepestRankDecides() {
        #expect([FactorizedTopK(ks: [1, 100]).needs, HitRate(ks: [10]).needs].rankDepth == 100)
        #expect([FactorizedTopK(ks: [100]).needs, MeanRank().needs].rankDepth == nil)
        #expect([RankingNeeds]().rankDepth == 0)
    }
}
