import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Testing

/// Queries of several embeddings, each candidate scored by the best of them (max-sim).
@Suite struct MultiHeadTests {
    private static let towers = """
        towers:
          query:
            features: [{type: string_lookup, column: user_id, embedding: {output_dim: 5}}]
            layers: [{type: multi_head, heads: 3, units: 4}, unit_normalization]
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
        """

    private func text(_ more: String = "", rate: Double = 0) -> String {
        Sample.small(
            train: "{epochs: 2, batch_size: 60, optimizer: {type: sgd, learning_rate: \(rate)}}",
            more: more
        ).replacingOccurrences(of: Sample.towers, with: Self.towers)
    }

    /// All scores of some queries by the plain formula, [queries, corpus].
    private func scores(_ model: TwoTowerModel, _ queryKeys: [Int32], _ corpus: [Int32])
        -> [[Float]]
    {
        let candidates = model.encodeCandidates(corpus, .inference).embeddings
        return queryKeys.map { key in
            let heads = model.encodeQueries([key], .inference).embeddings
            #expect(heads.rows == 3 && heads.columns == 4)
            return (0..<candidates.rows).map { candidate in
                (0..<heads.rows).map { head in
                    zip(heads.row(head), candidates.row(candidate)).reduce(Float(0)) {
                        $0 + $1.0 * $1.1
                    }
                }.max()!
            }
        }
    }

    /// Corpus metrics rank by the best head, whatever searches the corpus.
    @Test(arguments: [
        "brute_force", "{type: streaming, batch_size: 7}",
        "{type: approximate, num_leaves: 3, num_leaves_to_search: 3, num_reordering_candidates: 30}",
    ])
    func corpusMetrics(index: String) throws {
        let isExact = !index.contains("approximate")
        let text = text(
            """
            metrics: {factorized: [{type: hit_rate, ks: [1, 3, 10]}, {type: ndcg, ks: [5]}]}
            evaluate: {candidates: \(index), id_based: true}
            """)
        let plan = try plan(text)
        let all = scores(plan.model, plan.test.queryKeys, plan.corpus)
        let ranks = zip(all, plan.test.candidateKeys).map { scores, positive in
            scores.count { $0 > scores[Int(positive)] }
        }
        let metrics = try #require(try run(text).record.test).metrics
        for k in [1, 3, 10] {
            // Of equal scores the plain sum may see others than the engine's: none here.
            let hits = ranks.count { $0 < k }
            #expect(metrics["hit_rate@\(k)"] == Double(hits) / Double(ranks.count), "\(k)")
        }
        #expect(isExact || metrics["hit_rate@10"] != nil)
    }

    @Test(arguments: ["{count: 9}", "{count: 5, distribution: popularity}"])
    func sampledNegatives(sampled: String) throws {
        let more = """
            metrics: {factorized: [{type: hit_rate, ks: [1, 5]}]}
            evaluate: {sampled_negatives: \(sampled)}
            """
        let metrics = try #require(try run(text(more)).record.test).metrics
        let (first, five) = (metrics["hit_rate@1"] ?? 0, metrics["hit_rate@5"] ?? 0)
        #expect(first < five && five < 1)
    }

    /// The step that training takes goes down the slope of the loss.
    @Test func finiteDifferences() throws {
        let plan = try plan(text(rate: 1))
        var trainer = Trainer(
            model: plan.model, task: plan.task, optimizers: plan.optimizers,
            keyCounts: plan.keyCounts)
        var metrics = plan.task.makeMetricState()
        // Of a size beside which the step is small.
        var random = RandomStream(seed: 3, stream: "multi head")
        var before = trainer.model.parameters
        for index in before.matrices.indices {
            for place in before.matrices[index].values.indices {
                before.matrices[index].values[place] = random.uniformFloat(in: -1..<1)
            }
        }
        trainer.restore(before)
        _ = trainer.step(plan.train, 0..<20, metrics: &metrics)
        let after = trainer.model.parameters
        func loss(_ parameters: Parameters) -> Double {
            trainer.restore(parameters)
            return trainer.evaluateLoss(plan.train, 0..<20, metrics: &metrics).loss
        }
        let step: Float = 0x1p-8
        for index in before.matrices.indices {
            let count = before.matrices[index].values.count
            for place in stride(from: 0, to: count, by: max(1, count / 13)) {
                var (up, down) = (before, before)
                up.matrices[index].values[place] += step
                down.matrices[index].values[place] -= step
                let slope = (loss(up) - loss(down)) / (2 * Double(step))
                let moved = Double(
                    before.matrices[index].values[place] - after.matrices[index].values[place])
                #expect(
                    abs(moved - slope) < 0.01 * max(1, abs(slope)),
                    "\(before.names[index]) \(place): \(moved), slope \(slope)")
            }
        }
    }

    @Test func itTrains() throws {
        let results = try run(text(rate: 0.1))
        #expect(results.record.status == .completed)
        #expect(results.record.epochs[1].loss < results.record.epochs[0].loss)
        #expect(try run(text(rate: 0.1), threads: 3).digest == results.digest)
    }

    @Test func whatCannotHaveHeads() throws {
        let candidate = text().replacingOccurrences(
            of: "column: item_id, embedding: {output_dim: 4}}]",
            with: "column: item_id, embedding: {output_dim: 4}}]\n"
                + "    layers: [{type: multi_head, heads: 2, units: 4}]")
        let error = #expect(throws: SpecError.self) { _ = try plan(candidate) }
        #expect(
            error.map { lines($0) } == [
                "14:13: only queries may have several embeddings; found 2 of each candidate",
                "15:74: warning: a learning rate of 0 trains nothing",
            ])
        let residual = text().replacingOccurrences(
            of: "unit_normalization",
            with: "{type: residual, layers: [{type: multi_head, heads: 2, units: 4}]}")
        let inner = #expect(throws: SpecError.self) { _ = try plan(residual) }
        #expect(
            inner.map { lines($0) } == [
                "11:79: a residual block requires one vector of each input; found 2",
                "14:74: warning: a learning rate of 0 trains nothing",
            ])
    }
}
