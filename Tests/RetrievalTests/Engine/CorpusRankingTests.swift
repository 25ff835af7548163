import Retrieval
import Testing

struct CorpusRankingTests {
    /// Whole numbers, whose products and sums are exact in any order: ties are ties.
    private func wholeNumbers(_ random: inout RandomStream, _ rows: Int, _ columns: Int) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<(rows * columns)).map { _ in Float(random.below(5) - 2) })
    }

    private func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func agreesWithCounting() {
        var random = RandomStream(seed: 1, stream: "ranking")
        for round in 0..<150 {
            let count = 1 + random.below(round % 3 == 0 ? 200 : 20)
            let (rows, dimension) = (1 + random.below(60), 1 + random.below(9))
            var corpus = wholeNumbers(&random, count, dimension)
            var queries = wholeNumbers(&random, rows, dimension)
            if round % 4 == 1 { corpus.values[random.below(corpus.values.count)] = .nan }
            if round % 4 == 2 { corpus.values[random.below(corpus.values.count)] = .infinity }
            if round % 4 == 3 { queries.values[random.below(queries.values.count)] = .nan }

            let examples = rows + random.below(20)
            let rowOf = (0..<examples).map { _ in random.below(rows) }
            let positives = rowOf.map { _ in random.chance(0.2) ? -1 : random.below(count) }
            let outsiders = wholeNumbers(&random, examples, dimension)
            let weights = rowOf.map { _ in Float(random.below(4)) }
            let ranked = CorpusRanking(corpus: corpus).rank(
                queries: queries,
                examples: RowExamples(
                    rowOf: rowOf.map(Int32.init), rows: rows, positives: positives.map(Int32.init),
                    weights: weights),
                outsiders: { outsiders.row($0) }, lanes: Lanes(threads: 1 + round % 2))

            #expect(ranked.corpusCount == count)
            #expect(ranked.weights == weights)
            for example in 0..<examples {
                let query = queries.row(rowOf[example])
                let scores = (0..<count).map { dot(query, corpus.row($0)) }
                let positive = positives[example]
                let score = positive < 0 ? dot(query, outsiders.row(example)) : scores[positive]
                let others = scores.indices.filter { $0 != positive }.map { scores[$0] }
                #expect(
                    Int(ranked.strictlyGreater[example]) == others.filter { $0 > score }.count,
                    "round \(round), example \(example)")
                #expect(
                    Int(ranked.ties[example]) == others.filter { $0 == score }.count,
                    "round \(round), example \(example)")
                #expect(ranked.isFinite[example] == score.isFinite)
            }
        }
    }

    /// Copies of an item score the same to the last bit, in the corpus or outside, wherever they
    /// stand.
    @Test func copiesTie() {
        var random = RandomStream(seed: 2, stream: "ranking")
        for count in [1, 7, 16, 33, 100] {
            let item = random.matrix(1, 13)
            let corpus = Matrix(
                rows: count, columns: 13,
                values: (0..<count).flatMap { _ in item.values })
            let ranked = CorpusRanking(corpus: corpus).rank(
                queries: random.matrix(5, 13),
                examples: RowExamples(
                    rowOf: [0, 1, 2, 3, 4], rows: 5, positives: [0, -1, 0, -1, Int32(count - 1)],
                    weights: nil),
                outsiders: { _ in item.row(0) }, lanes: Lanes(threads: 1))
            #expect(ranked.strictlyGreater == [0, 0, 0, 0, 0])
            let (inside, outside) = (Int32(count - 1), Int32(count))
            #expect(ranked.ties == [inside, outside, inside, outside, inside])
        }
    }

    @Test func topKCountsTiesAsHitsAndInfinitiesAsMisses() {
        let ranked = RankedQueries(
            strictlyGreater: [0, 1, 2, 0], ties: [3, 0, 0, 0], isFinite: [true, true, true, false],
            weights: [1, 2, 3, 2], corpusCount: 5)
        var run = FactorizedMetricRun(FactorizedTopK(ks: [1, 2, 5], name: "m"))
        run.measure(ranked)
        #expect(
            run.summarize() == [
                MetricValue(name: "m/top_1_categorical_accuracy", value: 1.0 / 8),
                MetricValue(name: "m/top_2_categorical_accuracy", value: 3.0 / 8),
                MetricValue(name: "m/top_5_categorical_accuracy", value: 6.0 / 8),
            ])
    }
}
