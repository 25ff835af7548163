import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// Histories as specs declare them, over a log of a few rows.
struct HistoryTests {
    /// u1 saw a, b, c, a and then d; u2 saw b, d, b. The rows are out of order.
    private struct Log: DataSource {
        var hasItems: Bool

        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            let items = Table(
                name: "items",
                columns: [
                    "item_id": .tokens(TokenColumn(["d", "c", "b", "a", "z"])),
                    "genre": .tokens(TokenColumn(["x", "y", "x", "y", "x"])),
                    "year": .integers([1, 2, 3, 4, 5]),
                ])
            return Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(
                            TokenColumn(["u1", "u2", "u1", "u1", "u2", "u1", "u1", "u2"])),
                        "item_id": .tokens(TokenColumn(["b", "b", "a", "c", "d", "a", "d", "b"])),
                        "timestamp": .integers([2, 1, 1, 3, 2, 4, 5, 3]),
                        "step": .integers([2, 1, 1, 3, 2, 4, 5, 3]),
                        "rating": .integers([5, 3, 4, 4, 5, 1, 2, 3]),
                        "device": .tokens(
                            TokenColumn(["tv", "tv", "web", "tv", "web", "web", "app", "tv"])),
                        "weight": .numbers([1, 2, 3, 4, 5, 6, 7, 8]),
                    ]),
                candidates: hasItems ? items : nil, origin: DataOrigin(source: "log"))
        }
    }

    private static let item = "{type: string_lookup, column: item_id, embedding: {output_dim: 4}}"

    /// Rows 6 and 7, the last ones of both users, test.
    private func log(
        _ fields: String, column: String = "item_id", before: String = "", hasItems: Bool = true,
        candidate: String = item
    ) throws -> ExperimentPlan {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("log", summary: "A few rows.", source: "none") { _ in
                Log(hasItems: hasItems)
            })
        return try withTemporaryFolder { folder in
            try "0\n1\n2\n3\n4\n5\n".write(
                toFile: folder + "/train", atomically: true, encoding: .utf8)
            try "6\n7\n".write(toFile: folder + "/test", atomically: true, encoding: .utf8)
            return try plan(
                """
                name: sample
                data: {source: log, split: {train_rows: train, test_rows: test}}
                towers:
                  query:
                    features:
                      - {type: history, column: \(column), \(fields)}
                \(before)
                  candidate: {features: [\(candidate)]}

                """, catalog: catalog, in: isolated(folder))
        }
    }

    /// What the query tower makes of each interaction.
    private func encoded(_ plan: ExperimentPlan) -> [[Float]] {
        let keys = plan.train.queryKeys + plan.test.queryKeys
        let rows = plan.model.encodeQueries(keys, .inference).embeddings
        return keys.indices.map { Array(rows.row($0)) }
    }

    private static let average = "max_length: 3, encoder: average, embedding: {output_dim: 4}"

    /// The items before each row: 0 has a; 1 and 2 nothing; 3 a, b; 4 b; 5 a, b, c; 6 b, c, a;
    /// 7 b, d.
    @Test func averages() throws {
        let plan = try log(Self.average)
        #expect(plan.train.queryKeys == [0, 1, 1, 2, 3, 4])
        #expect(plan.test.queryKeys == [5, 6])
        #expect(plan.keyCounts == KeyCounts(queries: 7, candidates: 5, queryEntities: 2))
        #expect(
            plan.model.parameters.names
                == ["query/item_id_history/embeddings", "candidate/item_id/embeddings"])
        let table = plan.model.parameters.matrices[0]
        #expect(table.rows == 6)
        let index = ["d": 1, "c": 2, "b": 3, "a": 4]
        let histories = ["a", "", "", "ab", "b", "abc", "bca", "bd"]
        for (row, history) in zip(encoded(plan), histories) {
            let vectors = history.map { table.row(index[String($0)]!) }
            for column in 0..<4 {
                let sum = vectors.reduce(Float(0)) { $0 + $1[$1.startIndex + column] }
                #expect(abs(row[column] - sum / Float(max(history.count, 1))) < 1e-6, "\(history)")
            }
        }
    }

    /// Without a table of items the vocabulary is that of training, as the candidate tower has it.
    @Test func unlistedItems() throws {
        let plan = try log(
            "max_length: 3, encoder: average, embedding: {output_dim: 4, table: items}",
            hasItems: false,
            candidate:
                "{type: string_lookup, column: item_id, embedding: {output_dim: 4, table: items}}")
        #expect(plan.model.parameters.names == ["tables/items/embeddings"])
        let table = plan.model.parameters.matrices[0]
        // b, a, c, d in the order of training.
        #expect(table.rows == 5)
        #expect(encoded(plan)[0] == Array(table.row(2)))
    }

    @Test func tablesAreSharedOnlyWhereTheyAgree() {
        let shared =
            "{type: string_lookup, column: item_id, embedding: {output_dim: 4, table: items}}"
        #expect(
            planErrors {
                try log(
                    """
                    max_length: 3, encoder: average, num_oov_indices: 2, \
                    embedding: {output_dim: 4, table: items}
                    """, candidate: shared)
            } == [
                "8:26: features that share the table 'items' require the same number of indices; "
                    + "found 6 here and 7 in query/item_id_history"
            ])
    }

    /// Other things known of the items than their ids.
    @Test func otherColumns() throws {
        let plan = try log(Self.average, column: "genre")
        let table = plan.model.parameters.matrices[0]
        #expect(plan.model.parameters.names[0] == "query/genre_history/embeddings")
        #expect(table.rows == 3)
        // a is of genre y, b of x.
        for column in 0..<4 {
            let mean = (table[1, column] + table[2, column]) / 2
            #expect(abs(encoded(plan)[3][column] - mean) < 1e-6)
        }
    }

    /// Integers, too: a is of year 4, b of 3.
    @Test func integersOfTheItems() throws {
        let plan = try log(Self.average, column: "year")
        let table = plan.model.parameters.matrices[0]
        #expect(table.rows == 6)
        for column in 0..<4 {
            let mean = (table[4, column] + table[3, column]) / 2
            #expect(abs(encoded(plan)[3][column] - mean) < 1e-6)
        }
    }

    /// What earlier interactions have themselves: u1 gave 4, 5, 4, 1 and u2 3, 5 before the last.
    @Test(arguments: [true, false]) func columnsOfTheInteractions(hasItems: Bool) throws {
        let ratings = try log(Self.average, column: "rating", hasItems: hasItems)
        #expect(ratings.model.parameters.names[0] == "query/rating_history/embeddings")
        // 5, 3, 4, 1 in the order of training; the 2 of the last row is never a step.
        let table = ratings.model.parameters.matrices[0]
        #expect(table.rows == 5)
        let index: [Character: Int] = ["5": 1, "3": 2, "4": 3, "1": 4]
        let histories = ["4", "", "", "45", "3", "454", "541", "35"]
        for (row, history) in zip(encoded(ratings), histories) {
            for column in 0..<4 {
                let sum = history.reduce(Float(0)) { $0 + table[index[$1]!, column] }
                #expect(abs(row[column] - sum / Float(max(history.count, 1))) < 1e-6, "\(history)")
            }
        }
        // Equal histories are one query: those of 1 and 2, whatever items they were of.
        #expect(ratings.train.queryKeys == [0, 1, 1, 2, 3, 4])

        let devices = try log(
            Self.average, column: "device",
            before: "      - {type: history, column: item_id, \(Self.average)}",
            hasItems: hasItems,
            candidate: "{type: string_lookup, column: item_id, embedding: {output_dim: 8}}")
        #expect(
            devices.model.parameters.names.prefix(2) == [
                "query/device_history/embeddings", "query/item_id_history/embeddings",
            ])
        // Without a side table the vocabulary is that of training.
        #expect(devices.model.parameters.matrices[0].rows == 3)
    }

    /// The time since the step before is a column of steps that no table has.
    @Test func timesBetweenSteps() throws {
        func log(_ orderBy: String) throws -> ExperimentPlan {
            try self.log(
                """
                max_length: 3, encoder: average, embedding: {output_dim: 4}, \(orderBy)\
                beside: [{column: time_since, embedding: {output_dim: 4}}]
                """,
                candidate: "{type: string_lookup, column: item_id, embedding: {output_dim: 4}}")
        }
        let plan = try log("")
        #expect(
            plan.model.parameters.names.prefix(2) == [
                "query/item_id_history/embeddings", "query/item_id_history/time_since/embeddings",
            ])
        #expect(plan.model.parameters.matrices[1].rows > 2)
        #expect(throws: SpecError.self) { try log("order_by: null, ") }
    }

    /// Columns beside the first one: their embeddings are summed or stand side by side.
    @Test(arguments: ["sum", "concatenate"])
    func severalColumnsAtOnce(combine: String) throws {
        let plan = try log(
            """
            max_length: 3, encoder: average, embedding: {output_dim: 4}, combine: \(combine), \
            beside: [{column: genre, embedding: {output_dim: 4}}, \
            {column: rating, embedding: {output_dim: 4}}]
            """,
            candidate: """
                {type: string_lookup, column: item_id, embedding: \
                {output_dim: \(combine == "sum" ? 4 : 12)}}
                """)
        #expect(
            plan.model.parameters.names.prefix(3) == [
                "query/item_id_history/embeddings", "query/item_id_history/genre/embeddings",
                "query/item_id_history/rating/embeddings",
            ])
        let tables = plan.model.parameters.matrices
        let (items, genres, ratings) = (
            ["d": 1, "c": 2, "b": 3, "a": 4], ["x": 1, "y": 2], ["5": 1, "3": 2, "4": 3, "1": 4]
        )
        // Each step as item, genre and rating.
        let (a, b, c) = (["a", "y", "4"], ["b", "x", "5"], ["c", "y", "4"])
        let histories = [
            [a], [], [], [a, b], [["b", "x", "3"]], [a, b, c], [b, c, ["a", "y", "1"]],
            [["b", "x", "3"], ["d", "x", "5"]],
        ]
        for (row, history) in zip(encoded(plan), histories) {
            for column in 0..<4 {
                let means = [items, genres, ratings].enumerated().map { part, index in
                    history.reduce(Float(0)) { $0 + tables[part][index[$1[part]]!, column] }
                        / Float(max(history.count, 1))
                }
                guard combine == "concatenate" else {
                    #expect(abs(row[column] - means.reduce(0, +)) < 1e-6, "\(history)")
                    continue
                }
                for part in 0..<3 {
                    #expect(abs(row[4 * part + column] - means[part]) < 1e-6, "\(history)")
                }
            }
        }
    }

    /// Padding that is not masked is the embedding of what is out of vocabulary.
    @Test func unmaskedPadding() throws {
        let plan = try log(Self.average + ", mask_padding: false")
        let table = plan.model.parameters.matrices[0]
        #expect(
            encoded(plan)[1].indices.allSatisfy {
                abs(encoded(plan)[1][$0] - table[0, $0]) < 1e-6
            })
        for column in 0..<4 {
            let mean = (table[4, column] + 2 * table[0, column]) / 3
            #expect(abs(encoded(plan)[0][column] - mean) < 1e-6)
        }
    }

    /// The side of the padding moves positions, and nothing else.
    @Test func sides() throws {
        func rows(_ encoder: String, _ side: String) throws -> [[Float]] {
            encoded(
                try log(
                    "max_length: 3, padding: \(side), encoder: \(encoder), "
                        + "embedding: {output_dim: 4}"))
        }
        for encoder in ["decayed_average", "{type: gru, units: 4}", "{type: lstm, units: 4}"] {
            #expect(try rows(encoder, "left") == rows(encoder, "right"), "\(encoder)")
        }
        let (left, right) = try (rows("self_attention", "left"), rows("self_attention", "right"))
        #expect(left[1] == right[1])
        #expect(left[5] == right[5])
        #expect(left[0] != right[0])
    }

    /// Features of one order share their histories, each as long as it asks.
    @Test func severalHistories() throws {
        let plan = try log(
            "max_length: 1, encoder: average, embedding: {output_dim: 2}",
            before: """
                      - type: history
                        column: item_id
                        max_length: 3
                        encoder: average
                        embedding: {output_dim: 1}
                      - type: history
                        column: genre
                        order_by: step
                        encoder: average
                        embedding: {output_dim: 1}
                """)
        #expect(
            plan.model.parameters.names.prefix(3) == [
                "query/item_id_history/embeddings", "query/item_id_history_2/embeddings",
                "query/genre_history/embeddings",
            ])
        let rows = encoded(plan)
        // Both end with b.
        #expect(rows[3].prefix(2) == rows[4].prefix(2))
        #expect(rows[3][2] != rows[4][2])
    }

    @Test func mistakes() {
        #expect(
            planErrors { try log("max_length: 0, encoder: average, embedding: {output_dim: 4}") }
                == ["6:54: 'max_length' requires an integer, at least 1 and at most 4096; found 0"])
        #expect(
            planErrors { try log(Self.average + ", order_by: created") } == [
                "6:113: a history requires a column that orders a user's interactions; the "
                    + "interactions have no column 'created', but user_id, item_id, timestamp, "
                    + "step, rating, device, weight: name one in 'order_by', or null for the order "
                    + "in which they stand"
            ])
        #expect(
            planErrors { try log(Self.average + ", order_by: item_id") } == [
                "6:113: an order requires numbers or times in 'item_id'; found tokens (declare the "
                    + "column's type in the data source)"
            ])
        #expect(
            planErrors { try log(Self.average, column: "mood") } == [
                "6:33: the items and interactions have no column 'mood'; there are item_id, genre, "
                    + "year, user_id, timestamp, step, rating, device, weight"
            ])
        #expect(
            planErrors { try log(Self.average, column: "mood", hasItems: false) } == [
                "6:33: the interactions have no column 'mood'; there are user_id, item_id, "
                    + "timestamp, step, rating, device, weight"
            ])
        #expect(
            planErrors { try log(Self.average, column: "weight") } == [
                "6:33: column 'weight' of the interactions must hold tokens or integers, one in "
                    + "each row, but holds numbers"
            ])
        #expect(
            planErrors { try log(Self.average + ", mask_padding: false, num_oov_indices: 0") } == [
                "6:9: padding that is not masked reads the first index out of vocabulary, but "
                    + "'num_oov_indices' is 0"
            ])
        #expect(
            planErrors {
                try log(Self.average + ", beside: [{column: genre, embedding: {output_dim: 3}}]")
            } == [
                "6:139: embeddings that are summed require one length; found 3 beside 4"
            ])
        #expect(
            planErrors {
                try log(Self.average + ", beside: [{column: weight, embedding: {output_dim: 4}}]")
            }.count == 1)
        #expect(
            planErrors {
                try log(
                    """
                    max_length: 3, encoder: {type: self_attention, heads: 3}, \
                    embedding: {output_dim: 4}
                    """)
            } == [
                "6:96: self_attention requires embeddings whose length is a multiple of its 3 "
                    + "heads; found 4"
            ])
        #expect(
            planErrors {
                try log(
                    Self.average,
                    candidate: "{type: history, column: item_id, \(Self.average)}")
            } == ["8:26: only the query tower may read a history"])
    }
}
