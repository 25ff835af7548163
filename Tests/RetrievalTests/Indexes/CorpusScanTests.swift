import Retrieval
import RetrievalTesting
import Testing

/// Searches against an independent plain one: all scores, sorted.
struct CorpusScanTests {
    /// Whole numbers, whose products and sums are exact in any order: ties are ties.
    private func wholeNumbers(_ random: inout RandomStream, _ rows: Int, _ columns: Int) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<(rows * columns)).map { _ in Float(random.below(5) - 2) })
    }

    private func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The score of a query's best head; a NaN is the best.
    private func score(
        _ queries: Matrix, _ heads: Int, _ row: Int, _ candidate: ArraySlice<Float>
    ) -> Float {
        let scores = (0..<heads).map { dot(queries.row(row * heads + $0), candidate) }
        return scores.contains(where: \.isNaN) ? .nan : scores.max()!
    }

    private func indexes(_ corpus: Matrix) -> [any CandidateIndex] {
        [
            BruteForce(corpus), Streaming(corpus, batchSize: 7),
            Streaming(corpus, batchSize: corpus.rows + 1),
        ]
    }

    /// NaN above every number, equal scores in the corpus's order.
    private func order(_ scores: [Float], _ places: [Int]) -> [Int] {
        places.sorted { a, b in
            let (x, y) = (scores[a], scores[b])
            if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : x.isNaN }
            return x == y ? a < b : x > y
        }
    }

    @Test func agreesWithSortingAllScores() {
        var random = RandomStream(seed: 1, stream: "scan")
        for round in 0..<60 {
            let count = 1 + random.below(round % 3 == 0 ? 700 : 40)
            let (rows, dimension) = (1 + random.below(70), 1 + random.below(9))
            var corpus = wholeNumbers(&random, count, dimension)
            let heads = round % 3 == 2 ? 1 + random.below(60) : 1
            var queries = wholeNumbers(&random, rows * heads, dimension)
            if round % 4 == 1 { corpus.values[random.below(corpus.values.count)] = .nan }
            if round % 4 == 2 { corpus.values[random.below(corpus.values.count)] = .infinity }
            if round % 8 == 3 { queries.values[random.below(queries.values.count)] = .nan }

            var request = CorpusRequest(
                queries: queries, heads: heads, depth: random.below(count + 3))
            if round % 2 == 0 {
                request.blocked = RowPlaces(
                    (0..<rows).map { _ in
                        (0..<Int32(count)).filter { _ in random.chance(0.1) }
                    })
            }
            if round % 5 == 0 {
                request.limits = (0..<rows).map { _ in Int32(random.below(count + 1)) }
            }
            var offsets = [0]
            var scores: [Float] = []
            var places: [Int32] = []
            for row in 0..<rows {
                let blocked = request.blocked.map { Set($0.places(of: row)) } ?? []
                for _ in 0..<random.below(7) {
                    let place = random.chance(0.3) ? -1 : Int32(random.below(count))
                    guard !blocked.contains(place) else { continue }
                    places.append(place)
                    scores.append(
                        place < 0
                            ? Float(random.below(9) - 4)
                            : score(queries, heads, row, corpus.row(Int(place))))
                }
                offsets.append(scores.count)
            }
            request.targets = RowTargets(offsets: offsets, scores: scores, places: places)
            for index in indexes(corpus) {
                let found = index.search(request, lanes: Lanes(threads: 1 + round % 2))
                check(found, request, queries, corpus, "round \(round), \(type(of: index))")
            }
        }
    }

    private func check(
        _ found: CorpusResponse, _ request: CorpusRequest, _ queries: Matrix, _ corpus: Matrix,
        _ what: String
    ) {
        let depth = min(request.depth, corpus.rows)
        for row in 0..<request.rows {
            let all = (0..<corpus.rows).map {
                score(queries, request.heads, row, corpus.row($0))
            }
            let limit = request.limits.map { Int($0[row]) } ?? corpus.rows
            let blocked = request.blocked.map { Set($0.places(of: row)) } ?? []
            let allowed = (0..<corpus.rows).filter { $0 < limit && !blocked.contains(Int32($0)) }
            if depth > 0 {
                #expect(
                    found.lists.places(of: row).map(Int.init)
                        == Array(order(all, allowed).prefix(depth)), "\(what), row \(row)")
            }
            for target in request.targets.offsets[row]..<request.targets.offsets[row + 1] {
                let (score, place) = (
                    request.targets.scores[target], Int(request.targets.places[target])
                )
                let others = allowed.filter { $0 != place }
                #expect(
                    Int(found.greater[target]) == others.count { all[$0] > score }, "\(what)")
                #expect(Int(found.ties[target]) == others.count { all[$0] == score }, "\(what)")
                #expect(
                    Int(found.tiesAhead[target])
                        == others.count { all[$0] == score && (place < 0 || $0 < place) },
                    "\(what)")
                #expect(found.isRanked[target] == !score.isNaN)
            }
            let leading = allowed.count { all[$0].isNaN || all[$0] == .infinity }
            let trailing = allowed.count { all[$0] == -.infinity }
            let expected = leading > 0 ? 0 : allowed.count - trailing
            #expect(found.finiteCounts.map { Int($0[row]) } ?? allowed.count == expected, "\(what)")
        }
    }

    /// Copies of an item score the same to the last bit, in the corpus or outside, wherever they
    /// stand.
    @Test func copiesTie() throws {
        var random = RandomStream(seed: 2, stream: "ranking")
        for count in [1, 7, 16, 33, 300] {
            let item = random.matrix(1, 13)
            let copies = Matrix(
                rows: count, columns: 13, values: (0..<count).flatMap { _ in item.values })
            let positives = Matrix(
                rows: 5, columns: 13, values: (0..<5).flatMap { _ in item.values })
            let queries = random.matrix(5, 13)
            let corpus = try RetrievalCorpus<Int>(embeddings: copies)
            let byScore = try corpus.rank(queries: queries, positives: positives)
            #expect(byScore.strictlyGreater == [0, 0, 0, 0, 0])
            #expect(byScore.ties == [Int32](repeating: Int32(count), count: 5))
            let last = [Int](repeating: count - 1, count: 5)
            let byID = try corpus.rank(queries: queries, ids: last)
            #expect(byID.before == [Double](repeating: Double(count - 1), count: 5))
            let mean = try corpus.rank(queries: queries, ids: last, tiePolicy: .mean)
            #expect(mean.before == [Double](repeating: Double(count - 1) / 2, count: 5))
            let worst = try corpus.rank(queries: queries, ids: last, tiePolicy: .pessimistic)
            #expect(worst.before == [Double](repeating: Double(count - 1), count: 5))
        }
    }

    @Test func callsThatDoNotFitAreErrors() throws {
        let corpus = try RetrievalCorpus<Int>(embeddings: Matrix(rows: 3, columns: 2))
        let queries = Matrix(rows: 2, columns: 2)
        #expect(throws: RetrievalError.self) {
            try corpus.rank(queries: queries, positives: queries, weights: [1])
        }
        #expect(throws: RetrievalError.self) { try corpus.rank(queries: queries, ids: [1, 2, 0]) }
        #expect(throws: RetrievalError.tooFewCandidates(required: 4, found: 3)) {
            try corpus.topK(queries, k: 4)
        }
        #expect(throws: RetrievalError.self) {
            try corpus.topK(Matrix(rows: 2, columns: 3), k: 1)
        }
    }
}
