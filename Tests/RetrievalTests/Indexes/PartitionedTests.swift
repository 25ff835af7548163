import Retrieval
import RetrievalTesting
import Testing

struct PartitionedTests {
    private func index(
        _ corpus: Matrix, leaves: Int, searched: Int, threads: Int = 1, seed: UInt64 = 3
    ) -> Partitioned {
        Partitioned(
            corpus, leaves: leaves, searchedLeaves: searched, reorderedCandidates: 40, seed: seed,
            lanes: Lanes(threads: threads))
    }

    @Test func searchingEverythingIsNearlyExact() {
        var random = RandomStream(seed: 5, stream: "partitioned")
        let corpus = random.matrix(300, 8)
        let request = CorpusRequest(queries: random.matrix(20, 8), depth: 10)
        let exact = BruteForce(corpus).search(request, lanes: Lanes(threads: 1)).lists
        let found = index(corpus, leaves: 7, searched: 7)
            .search(request, lanes: Lanes(threads: 1)).lists
        // 40 candidates are scored exactly: 8 bits do not lose one of the ten best.
        #expect(found.places == exact.places)
        #expect(found.scores == exact.scores)
    }

    @Test func fewLeavesFindMostAndTheSameForAnyThreads() {
        var random = RandomStream(seed: 6, stream: "partitioned")
        let corpus = random.matrix(400, 4)
        let request = CorpusRequest(queries: random.matrix(30, 4), depth: 10)
        let exact = BruteForce(corpus).search(request, lanes: Lanes(threads: 1)).lists
        let one = index(corpus, leaves: 12, searched: 4, threads: 1)
            .search(request, lanes: Lanes(threads: 1)).lists
        let two = index(corpus, leaves: 12, searched: 4, threads: 2)
            .search(request, lanes: Lanes(threads: 2)).lists
        #expect(one.places == two.places)
        let shared = (0..<30).reduce(0) { sum, row in
            sum + Set(exact.places(of: row)).intersection(one.places(of: row)).count
        }
        #expect(shared > 150 && shared < 300, "\(shared) of 300")
    }

    /// Each head looks into leaves of its own; candidates are scored by the best of them.
    @Test func severalHeads() {
        var random = RandomStream(seed: 9, stream: "partitioned")
        let corpus = random.matrix(300, 8)
        let request = CorpusRequest(queries: random.matrix(20 * 3, 8), heads: 3, depth: 10)
        let exact = BruteForce(corpus).search(request, lanes: Lanes(threads: 1)).lists
        let all = index(corpus, leaves: 7, searched: 7)
            .search(request, lanes: Lanes(threads: 1)).lists
        #expect(all.places == exact.places)
        #expect(all.scores == exact.scores)
        let few = index(corpus, leaves: 12, searched: 3)
            .search(request, lanes: Lanes(threads: 2)).lists
        let shared = (0..<20).reduce(0) { sum, row in
            sum + Set(exact.places(of: row)).intersection(few.places(of: row)).count
        }
        #expect(shared > 100 && shared < 200, "\(shared) of 200")
    }

    @Test func whatIsBlockedNeverAppears() {
        var random = RandomStream(seed: 7, stream: "partitioned")
        let corpus = random.matrix(60, 3)
        var request = CorpusRequest(queries: random.matrix(2, 3), depth: 60)
        request.blocked = RowPlaces([Array(0..<50), [59]])
        request.limits = [60, 55]
        let lists = index(corpus, leaves: 4, searched: 4)
            .search(request, lanes: Lanes(threads: 1)).lists
        #expect(lists.places(of: 0).sorted() == Array(50..<60))
        #expect(lists.places(of: 1).sorted() == Array(0..<55))
    }

    @Test func positivesAreFoundByIDOnly() throws {
        var random = RandomStream(seed: 8, stream: "partitioned")
        let corpus = random.matrix(50, 3)
        let queries = random.matrix(4, 3)
        let approximate = try RetrievalCorpus<Int>(
            index: index(corpus, leaves: 5, searched: 5), dimension: 3)
        #expect(throws: RetrievalError.requiresIDs) {
            try approximate.rank(queries: queries, positives: queries)
        }
        let exact = try RetrievalCorpus<Int>(embeddings: corpus)
        let ids = [3, 14, 15, 49]
        #expect(
            try approximate.rank(queries: queries, ids: ids, depth: 50).before
                == exact.rank(queries: queries, ids: ids).before)
        #expect(
            try approximate.rank(queries: queries, ids: [99, 14, 15, 49], depth: 50).before[0]
                == .infinity)
    }
}
