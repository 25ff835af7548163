import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// What the held-out rows hold must not show in the model: vocabularies, statistics, boundaries
/// and weights come from training rows alone, or from a table that is known beforehand.
@Suite struct LeakTests {
    /// Five interactions, the last two of them held out.
    private struct Log: DataSource {
        var heldOut: (users: [String], items: [String], tags: [String], ages: [Int64])
        var hasTables: Bool

        static let plain = Log(
            heldOut: (["u1", "u2"], ["a", "b"], ["x", "y"], [10, 20]), hasTables: false)
        static let strange = Log(
            heldOut: (["u7", "u8"], ["y", "z"], ["q|r", "x x x s"], [-500, 9000]), hasTables: false)

        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            func table(_ name: String, _ id: String, _ ids: [String]) -> Table? {
                hasTables ? Table(name: name, columns: [id: .tokens(TokenColumn(ids))]) : nil
            }
            return Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(TokenColumn(["u1", "u2", "u1"] + heldOut.users)),
                        "item_id": .tokens(TokenColumn(["a", "b", "c"] + heldOut.items)),
                        "tags": .tokens(TokenColumn(["x|y", "x", "y|y|z"] + heldOut.tags)),
                        "age": .integers([10, 20, 40] + heldOut.ages),
                    ]),
                queries: table("users", "user_id", ["u1", "u2", "u7", "u8"]),
                candidates: table("items", "item_id", ["a", "b", "c", "y", "z"]),
                origin: DataOrigin(source: "log"))
        }
    }

    private static let item = """
        {type: string_lookup, column: item_id, embedding: {output_dim: WIDTH}}
        """

    private func planned(_ log: Log, query: String, width: Int) throws -> ExperimentPlan {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("log", summary: "A few rows.", source: "none") { _ in log })
        let item = Self.item.replacingOccurrences(of: "WIDTH", with: "\(width)")
        return try withTemporaryFolder { folder in
            try Data("0\n1\n2\n".utf8).write(to: URL(filePath: folder + "/train"))
            try Data("3\n4\n".utf8).write(to: URL(filePath: folder + "/test"))
            return try plan(
                """
                name: sample
                data: {source: log, split: {train_rows: train, test_rows: test}}
                towers:
                  query: {features: [\(query)]}
                  candidate: {features: [\(item)]}
                train: {batch_size: 3}

                """, catalog: catalog, in: isolated(folder))
        }
    }

    @Test(arguments: [
        ("{type: string_lookup, column: user_id, embedding: {output_dim: 3}}", 3),
        ("{type: string_lookup, column: user_id, min_frequency: 2, output_mode: one_hot}", 2),
        ("{type: string_lookup, column: tags, separator: '|', output_mode: multi_hot}", 4),
        ("{type: string_lookup, column: tags, separator: '|', output_mode: count}", 4),
        (
            "{type: string_lookup, column: tags, separator: '|', max_tokens: 9, "
                + "output_mode: tf_idf}", 4
        ),
        ("{type: integer_lookup, column: age, output_mode: one_hot}", 4),
        ("{type: normalization, column: age}", 1),
        ("{type: discretization, column: age, num_bins: 2, output_mode: one_hot}", 2),
        ("{type: text_vectorization, column: tags, output_mode: count}", 4),
        ("{type: hashing, column: user_id, num_bins: 3, embedding: {output_dim: 3}}", 3),
        (
            "{type: history, column: age, order_by: null, encoder: average, "
                + "embedding: {output_dim: 3}}", 3
        ),
        (
            "{type: history, column: tags, order_by: null, encoder: average, "
                + "embedding: {output_dim: 3}}", 3
        ),
    ])
    func heldOutRowsTeachNothing(query: String, width: Int) throws {
        let plain = try planned(.plain, query: query, width: width)
        let strange = try planned(.strange, query: query, width: width)
        #expect(plain.model.parameters.names == strange.model.parameters.names)
        #expect(plain.model.parameters.matrices == strange.model.parameters.matrices)
        func encoded(_ plan: ExperimentPlan) -> [Matrix] {
            [
                plan.model.encodeQueries(plan.train.queryKeys, .inference).embeddings,
                plan.model.encodeCandidates(plan.train.candidateKeys, .inference).embeddings,
            ]
        }
        #expect(encoded(plain) == encoded(strange))
        func trained(_ plan: ExperimentPlan) -> [Matrix] {
            var trainer = Trainer(
                model: plan.model, task: plan.task, optimizers: plan.optimizers,
                keyCounts: plan.keyCounts)
            var metrics = plan.task.makeMetricState()
            for _ in 0..<3 { _ = trainer.step(plan.train, 0..<3, metrics: &metrics) }
            return trainer.model.parameters.matrices
        }
        #expect(trained(plain) == trained(strange))
    }

    /// Ids that training never saw are out of vocabulary: they share row 0, and the results say how
    /// many there are.
    @Test func unseenIDsAreOutOfVocabularyAndCounted() throws {
        let user = "{type: string_lookup, column: user_id, embedding: {output_dim: 3}}"
        let plan = try planned(.strange, query: user, width: 3)
        #expect(plan.model.parameters.matrices.map(\.rows) == [3, 4])
        let queries = plan.model.encodeQueries(plan.test.queryKeys, .inference).embeddings
        let candidates = plan.model.encodeCandidates(plan.test.candidateKeys, .inference).embeddings
        let tables = plan.model.parameters.matrices
        for row in 0..<2 {
            #expect(Array(queries.row(row)) == Array(tables[0].row(0)))
            #expect(Array(candidates.row(row)) == Array(tables[1].row(0)))
        }
        #expect(
            plan.notes == [
                "query/user_id: 2 of 2 held-out interactions have a token out of vocabulary, "
                    + "2 distinct values",
                "candidate/item_id: 2 of 2 held-out interactions have a token out of vocabulary, "
                    + "2 distinct values",
            ])
        let test = try #require(plan.unseen.first { $0.part == "test" })
        #expect(test.unseenQueries == 2 && test.unseenCandidates == 2)
        #expect(test.interactionsWithUnseenCandidate == 2)
    }

    /// A table of all ids is known before any interaction: its ids have rows of their own.
    @Test func tablesAreVocabularies() throws {
        let user = "{type: string_lookup, column: user_id, embedding: {output_dim: 3}}"
        var log = Log.strange
        log.hasTables = true
        let plan = try planned(log, query: user, width: 3)
        #expect(plan.model.parameters.matrices.map(\.rows) == [5, 6])
        #expect(plan.notes.isEmpty)
        let queries = plan.model.encodeQueries(plan.test.queryKeys, .inference).embeddings
        #expect(Array(queries.row(0)) == Array(plan.model.parameters.matrices[0].row(3)))
        // That training never saw them is reported all the same.
        #expect(plan.unseen.first { $0.part == "test" }?.unseenQueries == 2)
    }
}
