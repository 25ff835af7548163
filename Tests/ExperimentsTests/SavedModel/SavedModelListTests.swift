import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// A saved model lists what its run's own evaluation has listed, for every query of the test part,
/// whatever its towers read and however its candidates are searched.
struct SavedModelListTests {
    /// Towers for each feature of the catalogue but histories, in what a query gives and in what is
    /// known of it or of candidates.
    static let towers: [(feature: String, query: String, candidate: String)] = [
        ("string_lookup", id("user_id"), id("item_id")),
        (
            "string_lookup", id("user_id") + ", " + id("country"),
            id("item_id")
                + ", {type: string_lookup, column: genres, output_mode: multi_hot}"
                + ", {type: normalization, column: price}"
        ),
        (
            "timestamp_part",
            id("user_id") + ", " + id("device")
                + ", {type: timestamp_part, column: time, part: hour_of_day, output_mode: cyclic}",
            "{type: hashing, column: item_id, num_bins: 16, embedding: {output_dim: 4}}"
                + ", {type: discretization, column: price, num_bins: 3, embedding: {output_dim: 2}}"
        ),
        (
            "integer_lookup",
            id("user_id") + ", {type: integer_lookup, column: rating, embedding: {output_dim: 3}}",
            id("item_id")
        ),
        (
            "hashing",
            "{type: hashing, column: user_id, num_bins: 9, salt: 3, embedding: {output_dim: 4}}",
            id("item_id") + ", {type: hashing, column: genres, num_bins: 5, output_mode: count}"
        ),
        (
            "normalization", id("user_id") + ", {type: normalization, column: rating}",
            id("item_id") + ", {type: normalization, column: price}"
        ),
        (
            "discretization",
            id("user_id")
                + ", {type: discretization, column: rating, bin_boundaries: [2, 4], "
                + "output_mode: one_hot}",
            id("item_id")
                + ", {type: discretization, column: price, num_bins: 4, embedding: {output_dim: 2}}"
        ),
        (
            "text_vectorization",
            id("user_id")
                + ", {type: text_vectorization, column: country, split: character, ngrams: 2, "
                + "embedding: {output_dim: 3}}",
            "{type: text_vectorization, column: item_id, split: character, output_mode: tf_idf}"
        ),
        ("numeric", id("user_id") + ", {type: numeric, column: rating}", id("item_id")),
        (
            "unified_embedding", unified("user_id"),
            unified("item_id") + ", {type: numeric, column: price}"
        ),
    ]

    private static func unified(_ column: String) -> String {
        "{type: unified_embedding, column: \(column), table: shared, buckets_per_table: 11, "
            + "num_chunks: 2, embedding: {output_dim: 3}}"
    }

    static let encoders = [
        "average", "{type: decayed_average, decay: 0.7}", "{type: gru, units: 4}",
        "{type: gru, units: 4, reset_after: false, activation: elu}", "{type: lstm, units: 4}",
        "self_attention",
    ]

    /// A component that comes to the catalogue comes to these tests.
    @Test func everyFeatureAndEncoderIsCompared() {
        #expect(
            Set(Self.towers.map(\.feature) + ["history"])
                == Set(Catalog.builtIn.names(of: .feature)))
        for name in Catalog.builtIn.names(of: .sequenceEncoder) {
            #expect(
                Self.encoders.contains { $0 == name || $0.hasPrefix("{type: \(name),") },
                "\(name)")
        }
    }

    @Test(
        arguments: towers.indices,
        [
            "", "evaluate: {exclude_seen: train}",
            "evaluate: {candidate_filter: {column: genres, values: [a, d]}}",
            "evaluate: {exclude_seen: train, candidate_filter: {column: genres, values: [b]}}",
        ])
    func recommendEqualsTheRunsEvaluation(towers index: Int, more: String) throws {
        let (_, query, candidate) = Self.towers[index]
        try compare(
            query: query, candidate: candidate, more: more,
            isExcluding: more.contains("exclude_seen"))
    }

    @Test(arguments: encoders)
    func recommendEqualsTheRunsEvaluationOfHistories(encoder: String) throws {
        let history =
            "{type: history, column: item_id, max_length: 5, order_by: time, "
            + "encoder: \(encoder), embedding: {output_dim: 4}}"
        try compare(query: history, candidate: id("item_id"))
    }

    @Test func recommendEqualsTheRunsEvaluationOfSteps() throws {
        let history =
            "{type: history, column: item_id, max_length: 5, order_by: time, encoder: average, "
            + "embedding: {output_dim: 4}, beside: [{column: rating, embedding: {output_dim: 4}}]}"
        try compare(query: history, candidate: id("item_id"))
    }

    @Test(arguments: [
        "brute_force", "{type: streaming, batch_size: 7}",
        "{type: approximate, num_leaves: 4, num_leaves_to_search: 2}",
    ])
    func recommendSearchesAsTheRunDoes(index: String) throws {
        try compare(
            query: id("user_id"), candidate: id("item_id"),
            more: "evaluate: {candidates: \(index), id_based: true}")
    }

    /// The lists of all test queries, from the run's own evaluation and from the saved model.
    private func compare(
        query: String, candidate: String, more: String = "", isExcluding: Bool = false
    ) throws {
        let folder = try TemporaryFolder()
        let shop = ShopData()
        let text = SavedModelTests.spec(
            try shop.write(to: folder), query: query, candidate: candidate,
            model: folder.path + "/model", more: more)
        let results = try run(text)
        let plan = results.plan
        let part = plan.evaluation.test
        let evaluation = CorpusEvaluation(
            model: try #require(results.trained), corpus: plan.evaluation.corpus,
            keyCounts: plan.keyCounts, index: plan.evaluation.index, seed: plan.schedule.seed,
            lanes: Lanes(threads: 1))
        let ranked = evaluation.rank(
            part.examples, rules: part.rules, listDepth: 10,
            searchDepth: plan.evaluation.searchDepth)

        let model = try SavedModel(at: folder.path + "/model", threads: 1)
        let queries = shop.test.map { row in
            let asked = shop.rows[row]
            return [
                "user_id": .string(asked.user), "device": .string(asked.device),
                "time": .integer(asked.time), "rating": .integer(asked.rating),
                "history": .array(
                    shop.history(of: row, last: 5).map {
                        ["item_id": .string($0.item), "rating": .integer($0.rating)]
                    }),
            ] as JSONObject
        }
        var options = RecommendationOptions(count: 10)
        options.excludesSeen = isExcluding
        let lists = try model.recommend(
            to: isExcluding ? queries.map { $0.filter { $0.key != "history" } } : queries, options)
        #expect(part.examples.count == queries.count)
        var differences = 0
        for (example, list) in lists.enumerated() {
            let row = Int(ranked.rows[example])
            var expected = ranked.lists.places(of: row, first: 10).map {
                plan.evaluation.candidateNames[Int($0)]
            }
            var found = list.items.map(\.id)
            if isExcluding {
                // A positive is never excluded from its own evaluation.
                let own = shop.test.filter {
                    shop.rows[$0].user == shop.rows[shop.test.lowerBound + example].user
                }
                let positives = Set(own.map { shop.rows[$0].item })
                expected.removeAll(where: positives.contains)
                found.removeAll(where: positives.contains)
                let shared = min(expected.count, found.count)
                expected = Array(expected.prefix(shared))
                found = Array(found.prefix(shared))
            }
            if found != expected { differences += 1 }
            if !isExcluding {
                #expect(
                    zip(list.items, ranked.lists.scores(of: row)).allSatisfy { $0.score == $1 })
            }
        }
        #expect(differences == 0, "of \(lists.count) lists")
    }
}

private func id(_ column: String) -> String { SavedModelTests.id(column) }

extension OrderedMap {
    fileprivate func filter(_ isKept: (Member) -> Bool) -> OrderedMap {
        var kept = self
        for member in self where !isKept(member) { kept[member.key] = nil }
        return kept
    }
}
