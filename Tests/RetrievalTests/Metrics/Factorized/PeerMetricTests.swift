import Foundation
import Retrieval
import TestSupport
import Testing

/// Corpus metrics against what pytrec_eval, ranx, ir_measures and RecBole's formulas gave on random
/// runs, as scripts/cross-check-metrics.py recorded it.
struct PeerMetricTests {
    private struct Recording: Decodable {
        var runs: [RecordedRun]
    }

    private struct RecordedRun: Decodable {
        var queries: [Query]
        var peers: [String: [String: Double]]
        /// The candidates that each query lists, best first, and the metrics of them.
        var lists: [[Int32]]
        var trainingCounts: [Int32]
        var ofLists: [String: Double]
    }

    private struct Query: Decodable {
        var candidates: Int
        var ranks: [Int32]
        var grades: [Float]
    }

    private static let recording: Result<Recording, any Error> = Result {
        let file = Repository.file("Tests/PeerMetrics/peer-metrics.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Recording.self, from: Data(contentsOf: file))
    }

    private let ks = [1, 5, 10]

    private func ours(_ queries: [Query]) -> [String: Double] {
        let interactions = queries.enumerated().flatMap { number, query in
            zip(query.ranks, query.grades).map { (Int32(number), $0, $1) }
        }
        let ranked = RankedQueries(
            strictlyGreater: interactions.map(\.1),
            ties: [Int32](repeating: 0, count: interactions.count),
            isFinite: [Bool](repeating: true, count: interactions.count),
            weights: [Float](repeating: 1, count: interactions.count),
            corpusCount: queries[0].candidates, queries: interactions.map(\.0),
            interactionColumns: ["grade": interactions.map(\.2)])
        let metrics: [any FactorizedMetric] =
            [
                HitRate(ks: ks, per: .query), CorpusPrecision(ks: ks, per: .query),
                CorpusRecall(ks: ks, per: .query), F1(ks: ks, per: .query),
                CorpusMeanReciprocalRank(per: .query), CorpusNDCG(ks: ks, per: .query),
                CorpusNDCG(ks: ks, per: .query, name: "graded_ndcg", gainColumn: "grade"),
                CorpusNDCG(
                    ks: ks, per: .query, name: "exponential_ndcg", gainColumn: "grade",
                    isExponential: true),
                MeanAveragePrecision(ks: ks),
                MeanAveragePrecision(ks: ks, name: "attainable_map", divisor: .attainable),
                CorpusAUC(per: .query, name: "auc"),
            ] + ks.map { CorpusMeanReciprocalRank(k: $0, per: .query) }
        var values: [String: Double] = [:]
        for metric in metrics {
            var run = FactorizedMetricRun(metric)
            run.measure(ranked)
            for value in run.summarize() {
                values[value.name.replacingOccurrences(of: "per_query/", with: "")] = value.value
            }
        }
        return values
    }

    @Test func agreeWithThePeers() throws {
        let recording = try Self.recording.get()
        #expect(recording.runs.count == 3)
        var compared: Set<String> = []
        for run in recording.runs {
            let ours = ours(run.queries)
            for (peer, values) in run.peers {
                for (name, value) in values {
                    let got = try #require(ours[name], "\(name) of \(peer)")
                    #expect(abs(got - value) < 1e-9, "\(name): \(got), by \(peer) \(value)")
                    compared.insert(name)
                }
            }
        }
        #expect(compared.count == 3 * 10 + 2)
    }

    @Test func listsAgreeWithThePeers() throws {
        for run in try Self.recording.get().runs {
            let count = run.lists.count
            let ranked = RankedQueries(
                strictlyGreater: [Int32](repeating: 0, count: count),
                ties: [Int32](repeating: 0, count: count),
                isFinite: [Bool](repeating: true, count: count),
                weights: [Float](repeating: 1, count: count),
                corpusCount: run.trainingCounts.count,
                lists: RankedLists(
                    depth: run.lists[0].count, places: run.lists.flatMap { $0 },
                    scores: [Float](repeating: 0, count: count * run.lists[0].count)),
                corpus: CorpusKnowledge(trainingCounts: run.trainingCounts))
            let metrics: [any FactorizedMetric] = [
                CatalogueCoverage(ks: ks), GiniIndex(ks: ks), ExposureEntropy(ks: ks),
                AveragePopularity(ks: ks),
            ]
            let values = metrics.flatMap { metric in
                var measurement = FactorizedMetricRun(metric)
                measurement.measure(ranked)
                return measurement.summarize()
            }
            #expect(values.count == run.ofLists.count)
            for value in values {
                let expected = try #require(run.ofLists[value.name])
                #expect(abs(value.value - expected) < 1e-9, "\(value.name)")
            }
        }
    }
}
