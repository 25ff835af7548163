import Experiments
import ResultsFormat
import Retrieval
import Testing

/// Towers of histories: their gradients from end to end, and that they train.
struct HistoryTrainingTests {
    private static let encoders = [
        "average", "{type: decayed_average, decay: 0.7}", "{type: gru, units: 4}",
        "{type: gru, units: 4, reset_after: false}", "{type: lstm, units: 4}",
        "{type: self_attention, blocks: 1, heads: 2}",
    ]

    /// Small data, and a query tower of the history alone unless it is given more.
    private func spec(
        _ encoder: String, _ more: String = "", table: String = "items", length: Int = 4,
        interactions: Int = 300, query: String = "", train: String = "{epochs: 1, batch_size: 64}"
    ) -> String {
        """
        name: sample
        data:
          source: synthetic
          users: 24
          items: 30
          interactions: \(interactions)
          split: {strategy: random, train: 0.6, validation: 0.2, test: 0.2}
        towers:
          query:
            combine: sum
            features:
              - type: history
                column: item_id
                max_length: \(length)
                encoder: \(encoder)
                embedding: {output_dim: 4, table: \(table)}
                \(more)
        \(query)
          candidate:
            features:
              - {type: string_lookup, column: item_id, embedding: {output_dim: 4, table: items}}
        train: \(train)

        """
    }

    /// Central differences of every parameter, through a table that both towers share.
    @Test(
        arguments: encoders,
        [
            "", "mask_padding: false", "padding: left",
            "beside: [{column: item_id, embedding: {output_dim: 4}}]",
        ])
    func gradients(encoder: String, more: String) throws {
        let plan = try plan(spec(encoder, more))
        let keys = Array(plan.train.queryKeys.prefix(12)) + [plan.train.queryKeys[0]]
        let candidates = Array(plan.train.candidateKeys.prefix(5))
        var random = RandomStream(seed: 1, stream: "history weights")
        var parameters = plan.model.parameters
        for id in parameters.matrices.indices {
            for place in parameters.matrices[id].values.indices {
                parameters.matrices[id].values[place] = random.uniformFloat(in: -0.8..<0.8)
            }
        }
        func weights(_ rows: Int) -> Matrix {
            Matrix(
                rows: rows, columns: 4,
                values: (0..<(rows * 4)).map { _ in random.uniformFloat(in: -1..<1) })
        }
        let (ofQueries, ofCandidates) = (weights(keys.count), weights(candidates.count))
        func encodings(_ parameters: Parameters) -> (Encoding, Encoding) {
            (
                plan.model.queryTower.encode(keys, parameters, .inference),
                plan.model.candidateTower.encode(candidates, parameters, .inference)
            )
        }
        func value(_ parameters: Parameters) -> Double {
            let (queries, items) = encodings(parameters)
            let outputs = queries.embeddings.values + items.embeddings.values
            var sum = 0.0
            for (output, weight) in zip(outputs, ofQueries.values + ofCandidates.values) {
                sum += Double(output) * Double(weight)
            }
            return sum
        }
        let (queries, items) = encodings(parameters)
        var gradients = Gradients(for: parameters)
        queries.pullback(ofQueries, &gradients)
        items.pullback(ofCandidates, &gradients)
        let step: Float = 0x1p-7
        for (number, id) in parameters.ids.enumerated() {
            let matrix = parameters.matrices[number]
            var whole = Matrix(rows: matrix.rows, columns: matrix.columns)
            switch gradients[id] {
            case .dense(let gradient)?: whole = gradient
            case .sparse(let indices, let rows)?:
                for (row, index) in indices.enumerated() {
                    for column in 0..<rows.columns {
                        whole[Int(index), column] += rows[row, column]
                    }
                }
            case nil: Issue.record("no gradient of \(parameters.names[number])")
            }
            for place in whole.values.indices {
                var (up, down) = (parameters, parameters)
                up.matrices[number].values[place] += step
                down.matrices[number].values[place] -= step
                let difference = (value(up) - value(down)) / (2 * Double(step))
                let gradient = Double(whole.values[place])
                #expect(
                    abs(gradient - difference) <= 1e-2 * max(1, abs(difference)),
                    "\(encoder), \(parameters.names[number]) \(place): \(gradient), \(difference)")
            }
        }
    }

    /// Encoding equal histories once is a short cut, not another experiment.
    @Test(arguments: encoders)
    func deduplicationChangesNothing(encoder: String) throws {
        func record(_ deduplicate: String) throws -> RunRecord {
            try run(
                spec(
                    encoder, length: 1,
                    train: """
                        {epochs: 2, batch_size: 60, deduplicate: \(deduplicate), \
                        optimizer: {type: adagrad, learning_rate: 0.1}}
                        """)
            ).record
        }
        let (auto, off) = (try record("auto"), try record("off"))
        for (a, b) in zip(auto.epochs, off.epochs) {
            #expect(abs(a.loss - b.loss) <= 1e-5 * abs(b.loss))
        }
        #expect(off.engine.deduplicationFactor == 1)
        #expect(auto.engine.deduplicationFactor > 2)
    }

    /// Dropout goes by what a query reads, so that copies stay copies; it is off in evaluation.
    @Test func dropoutIsTheSameForCopies() throws {
        let encoder = "{type: self_attention, blocks: 1, dropout: 0.5}"
        let results = try run(spec(encoder, length: 1))
        // The run has taken the model out of its own plan.
        let plan = try ExperimentsTests.plan(spec(encoder, length: 1))
        #expect(!plan.model.queryTower.requiresDistinctRows)
        #expect(results.record.status == .completed)
        #expect(results.record.engine.deduplicationFactor > 2)
        #expect(try run(spec(encoder, length: 1)).digest == results.digest)
        #expect(try run(spec("self_attention", length: 1)).digest != results.digest)
        let keys = Array(plan.train.queryKeys.prefix(20))
        func encoded(_ keys: [Int32]) -> Matrix {
            plan.model.encodeQueries(
                keys, EncodingContext(step: TrainingStep(seed: 1, index: 3))
            ).embeddings
        }
        let (once, twice) = (encoded(keys), encoded(keys.reversed() + keys))
        for row in 0..<20 {
            #expect(once.row(row) == twice.row(20 + row) && once.row(row) == twice.row(19 - row))
        }
    }

    /// Users' batches and pieces of histories train as well, and on fewer steps of the encoder.
    @Test(arguments: encoders)
    func byQueryInChunks(encoder: String) throws {
        func losses(_ more: String, _ batches: String) throws -> [Double] {
            try run(
                spec(
                    encoder, more, table: "own", interactions: 600,
                    train: """
                        {epochs: 4, batch_size: 60, batches: \(batches), \
                        optimizer: {type: adagrad, learning_rate: 0.3}}
                        """)
            ).record.epochs.map(\.loss)
        }
        let found = try losses("window: chunk", "by_query")
        #expect(found[3] < found[0])
        #expect(try losses("window: chunk", "by_query") == found)
        #expect(try losses("window: sliding", "by_query") != found)
    }

    @Test(arguments: encoders)
    func everyEncoderTrains(encoder: String) throws {
        let losses = try run(
            spec(
                encoder, table: "own", interactions: 600,
                query: """
                          - {type: string_lookup, column: user_id, embedding: {output_dim: 4}}
                    """,
                train: """
                    {epochs: 4, batch_size: 60, optimizer: {type: adagrad, learning_rate: 0.3}}
                    """)
        ).record.epochs.map(\.loss)
        #expect(losses[3] < losses[0])
    }

    /// A baseline tells users apart even where the tower does not.
    @Test func baselinesGoByUser() throws {
        let history = spec("average") + "baseline: item_knn\n"
        let lookup = history.replacing(
            /- type: history[\s\S]*?table: items}\n/,
            with: "- {type: string_lookup, column: user_id, embedding: {output_dim: 4}}\n")
        #expect(lookup.contains("user_id") && !lookup.contains("history"))
        let (test, expected) = try (run(history).record.test, run(lookup).record.test)
        #expect(try #require(test).metrics == (try #require(expected).metrics))
    }

    @Test func everyEncoderOfTheCatalogueIsTried() {
        #expect(
            Catalog.builtIn.names(of: .sequenceEncoder).filter { name in
                !Self.encoders.contains { $0.contains(name) }
            } == [])
    }
}
