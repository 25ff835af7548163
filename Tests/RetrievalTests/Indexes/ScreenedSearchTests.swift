import Retrieval
import RetrievalTesting
import Testing

/// Ranks with integers in front of the scores, against ranks by the scores alone.
struct ScreenedSearchTests {
    private func scores(
        _ queries: Matrix, _ candidates: Matrix, _ rows: [Int], _ places: [Int32]
    ) -> [Float] {
        zip(rows, places).map { row, place in
            zip(queries.row(row), candidates.row(Int(place))).reduce(Float(0)) {
                $0.addingProduct($1.0, $1.1)
            }
        }
    }

    /// A matrix, its rows with lengths that differ by much.
    private func uneven(
        _ random: inout RandomStream, _ rows: Int, _ columns: Int, _ magnitudes: [Float]
    ) -> Matrix {
        var matrix = random.matrix(rows, columns)
        for row in 0..<rows {
            let magnitude = magnitudes[random.below(magnitudes.count)]
            for column in 0..<columns { matrix[row, column] *= magnitude }
        }
        return matrix
    }

    private func expectTheSame(_ request: CorpusRequest, _ candidates: Matrix, _ what: String) {
        var (screened, plain) = (request, request)
        screened.leastScreenedRows = 1
        plain.leastScreenedRows = .max
        let expected = BruteForce(candidates).search(plain, lanes: Lanes(threads: 1))
        let indexes: [any CandidateIndex] = [
            BruteForce(candidates), Streaming(candidates, batchSize: 300),
            Streaming(candidates, batchSize: 31),
        ]
        for (index, threads) in zip(indexes, [2, 1, 1]) {
            let found = index.search(screened, lanes: Lanes(threads: threads))
            #expect(found.greater == expected.greater, "\(what)")
            #expect(found.ties == expected.ties, "\(what)")
            #expect(found.tiesAhead == expected.tiesAhead, "\(what)")
            #expect(found.isRanked == expected.isRanked, "\(what)")
            #expect(found.finiteCounts == expected.finiteCounts, "\(what)")
        }
    }

    private func request(
        _ random: inout RandomStream, _ queries: Matrix, _ candidates: Matrix, most: Int
    ) -> CorpusRequest {
        var request = CorpusRequest(queries: queries)
        request.targets.offsets = [0]
        var rows: [Int] = []
        for row in 0..<queries.rows {
            for _ in 0..<random.below(most + 1) {
                request.targets.places.append(Int32(random.below(candidates.rows)))
                rows.append(row)
            }
            request.targets.offsets.append(rows.count)
        }
        request.targets.scores = scores(queries, candidates, rows, request.targets.places)
        return request
    }

    @Test func agreesOnRandomProblems() {
        var random = RandomStream(seed: 1, stream: "screened")
        // Of all magnitudes: denormal products, and as large as a score may be.
        let magnitudes: [[Float]] = [
            [1], [0, 1, 1e-3, 1e3], [1e-22, 1e-20], [0x1p-135, .leastNonzeroMagnitude],
            [1e17, 1e18, 1],
        ]
        for round in 0..<40 {
            let (count, dimension) = (1 + random.below(2_500), 1 + random.below(40))
            let candidates = uneven(&random, count, dimension, magnitudes[round % 5])
            let queries = uneven(
                &random, 1 + random.below(70), dimension, magnitudes[(round / 5) % 5])
            var request = request(&random, queries, candidates, most: 1 + round % 4)
            if round % 3 == 1 {
                request.blocked = RowPlaces(
                    (0..<queries.rows).map { _ in
                        (0..<Int32(count)).filter { _ in random.chance(0.02) }
                    })
            }
            if round % 4 == 2 {
                request.limits = (0..<queries.rows).map { _ in Int32(random.below(count + 1)) }
            }
            if round % 5 == 3 { request.rankDepth = 1 + random.below(50) }
            for target in request.targets.scores.indices where random.chance(0.1) {
                let outside: [Float] = [
                    .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 3e38,
                ]
                request.targets.scores[target] = outside[random.below(outside.count)]
                request.targets.places[target] = -1
            }
            expectTheSame(request, candidates, "round \(round)")
        }
    }

    /// Integers tell nearly all candidates from the targets, but never a target from itself.
    @Test func integersDecideMost() {
        var random = RandomStream(seed: 4, stream: "screened")
        let (queries, candidates) = (random.matrix(100, 32), random.matrix(3_000, 32))
        var request = request(&random, queries, candidates, most: 1)
        request.leastScreenedRows = 1
        let found = BruteForce(candidates).search(request, lanes: Lanes(threads: 2))
        #expect(found.scoreCount == 100 * 3_000)
        guard InstructionSet.activeName != "plain" else {
            #expect(found.undecidedCount == 0)
            return
        }
        #expect(found.undecidedCount >= request.targets.count)
        #expect(found.undecidedCount < found.scoreCount / 200)
    }

    /// Copies, and neighbours that differ in the last bit of one number, lie nearest to a target.
    @Test func tellsNeighboursApart() {
        var random = RandomStream(seed: 2, stream: "screened")
        for round in 0..<8 {
            var candidates = random.matrix(900, 17)
            let original = random.matrix(1, 17)
            for row in 0..<900 where random.chance(round % 2 == 0 ? 0.02 : 0.9) {
                for column in 0..<17 { candidates[row, column] = original[0, column] }
                let column = random.below(17)
                if random.chance(0.5) {
                    candidates[row, column] = candidates[row, column].nextUp
                }
            }
            let queries = random.matrix(60, 17)
            expectTheSame(
                request(&random, queries, candidates, most: 3), candidates, "round \(round)")
        }
    }

    /// What is not finite is left to the scores, and so is what no integers are made of.
    @Test func leavesTheRestToTheScores() {
        var random = RandomStream(seed: 3, stream: "screened")
        for awkward: Float in [.nan, .infinity, -.infinity, 3e38] {
            for inQueries in [false, true] {
                var (queries, candidates) = (random.matrix(30, 5), random.matrix(700, 5))
                let request = request(&random, queries, candidates, most: 2)
                if inQueries { queries.values[7] = awkward } else { candidates.values[7] = awkward }
                var changed = request
                changed.queries = queries
                expectTheSame(changed, candidates, "\(awkward)")
            }
        }
        let zeros = Matrix(rows: 600, columns: 4)
        expectTheSame(
            request(&random, random.matrix(20, 4), zeros, most: 2), zeros, "zeros")
    }
}
