import Retrieval
import Testing

struct BaselineTests {
    /// Queries 0 and 1 share items 0 and 1; queries 1 and 2 share item 2.
    private let data = BaselineData(
        train: Examples(queryKeys: [0, 0, 1, 1, 1, 2], candidateKeys: [0, 1, 0, 1, 2, 2]),
        keyCounts: KeyCounts(queries: 3, candidates: 4), entityOfQueryKey: [0, 1, 2],
        columns: ["timestamp": [0, 10, 0, 0, 20, 30]], seed: 1)

    private func scores(_ baseline: any Baseline) throws -> [[Float]] {
        let model = try baseline.makeModel(of: data)
        let context = EncodingContext(lanes: Lanes(threads: 1))
        let queries = model.encodeQueries([0, 1, 2], context).embeddings
        let candidates = model.encodeCandidates([0, 1, 2, 3], context).embeddings
        return (0..<3).map { query in
            (0..<4).map { candidate in
                zip(queries.row(query), candidates.row(candidate)).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
    }

    @Test func popularityCountsInteractions() throws {
        #expect(try scores(MostPopular()) == [[Float]](repeating: [2, 2, 2, 0], count: 3))
        let recent = try scores(RecentPopular(halfLife: 10))[0]
        for (got, want) in zip(recent, [0.25, 0.25 + 0.125, 1.5, 0] as [Float]) {
            #expect(abs(got - want) < 1e-6)
        }
    }

    @Test func neighborsAddTheirCosines() throws {
        // sim(0, 1) = 2 / 2, sim(0, 2) = sim(1, 2) = 1 / 2.
        let all = try scores(ItemKNN())
        #expect(all == [[1, 1, 1, 0], [1.5, 1.5, 1, 0], [0.5, 0.5, 0, 0]])
        // With one neighbour each, item 2's is item 0, and that of 0 and 1 each other.
        let nearest = try scores(ItemKNN(neighbors: 1))
        #expect(nearest == [[1, 1, 0, 0], [1.5, 1, 0, 0], [0.5, 0, 0, 0]])
    }

    /// Beyond what an index can keep of such long embeddings, one that keeps none still serves.
    @Test func neighborsOfALargeCorpus() throws {
        var large = data
        large.keyCounts = KeyCounts(queries: 3, candidates: 10_001)
        let error = #expect(throws: DataError.self) { try ItemKNN().makeModel(of: large) }
        #expect("\(try #require(error))".contains("evaluate.candidates: streaming); found 10001"))
        large.indexKeepsEmbeddings = false
        let model = try ItemKNN().makeModel(of: large)
        let context = EncodingContext(lanes: Lanes(threads: 1))
        let embedded = model.encodeCandidates([2], context).embeddings.row(0)
        #expect(Array(embedded.prefix(4)) == [0.5, 0.5, 0, 0])
    }

    @Test func randomScoresDifferByQueryAndSeed() throws {
        let all = try scores(RandomRanking())
        #expect(all[0] != all[1])
        var other = data
        other.seed = 2
        #expect(try scores(RandomRanking()) == all)
        let model = try RandomRanking().makeModel(of: other)
        let context = EncodingContext(lanes: Lanes(threads: 1))
        #expect(
            model.encodeQueries([0], context).embeddings
                != (try RandomRanking().makeModel(of: data)).encodeQueries([0], context).embeddings)
    }
}
