import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// Query towers that read columns of the interactions, and candidates whose features stand there.
struct ContextTests {
    /// Seven interactions of three users with a device and a rating; a table of the users that
    /// `users` gives columns.
    private struct Log: DataSource {
        var users: Table?
        var items: Table?

        static let devices = ["tv", "phone", "tv", "tv", "phone", "tv", "phone"]

        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(
                            TokenColumn(["u1", "u1", "u1", "u2", "u2", "u2", "u3"])),
                        "item_id": .tokens(TokenColumn(["a", "b", "c", "a", "b", "a", "c"])),
                        "device": .tokens(TokenColumn(Self.devices)),
                        "genre": .tokens(TokenColumn(["x", "y", "x", "x", "y", "x", "x"])),
                    ]),
                queries: users, candidates: items, origin: DataOrigin(source: "log"))
        }
    }

    private static let cities = Table(
        name: "users",
        columns: [
            "user_id": .tokens(TokenColumn(["u3", "u1", "u2"])),
            "city": .tokens(TokenColumn(["Rome", "Oslo", "Oslo"])),
        ])

    private func log(
        query: [String], candidate: String = "item_id", users: Table? = nil, items: Table? = nil,
        more: String = ""
    ) throws -> ExperimentPlan {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("log", summary: "A few rows.", source: "none") { _ in
                Log(users: users, items: items)
            })
        func feature(_ column: String) -> String {
            "{type: string_lookup, column: \(column), embedding: {output_dim: \(4 / query.count)}}"
        }
        return try withTemporaryFolder { folder in
            try "0\n1\n3\n4\n5\n".write(
                toFile: folder + "/train", atomically: true, encoding: .utf8)
            try "2\n6\n".write(toFile: folder + "/test", atomically: true, encoding: .utf8)
            return try plan(
                """
                name: sample
                data: {source: log, split: {train_rows: train, test_rows: test}}
                towers:
                  query: {features: [\(query.map(feature).joined(separator: ", "))]}
                  candidate: {features: [{type: string_lookup, column: \(candidate), embedding: {output_dim: 4}}]}
                \(more)

                """, catalog: catalog, in: isolated(folder))
        }
    }

    /// A key for each pair of user and device, in the order of the interactions.
    @Test func keysAreDistinctCombinations() throws {
        let plan = try log(query: ["user_id", "device"])
        #expect(plan.train.queryKeys == [0, 1, 2, 3, 2])
        #expect(plan.test.queryKeys == [0, 4])
        #expect(plan.train.queryEntities == [0, 0, 1, 1, 1])
        #expect(plan.test.queryEntities == [0, 2])
        #expect(plan.keyCounts == KeyCounts(queries: 5, candidates: 3, queryEntities: 3))
        #expect(plan.counts.queries == 3)
    }

    /// What the tower does not read tells no keys apart.
    @Test func aTowerOfContextAlone() throws {
        let plan = try log(query: ["device"])
        #expect(plan.train.queryKeys == [0, 1, 0, 1, 0])
        #expect(plan.test.queryKeys == [0, 1])
        #expect(plan.train.queryEntities == [0, 0, 1, 1, 1])
    }

    /// A key holds the features of its user and of its interaction.
    @Test func aSideTableBesideContext() throws {
        let plan = try log(query: ["city", "device"], users: Self.cities)
        #expect(plan.train.queryKeys == [0, 1, 2, 3, 2])
        let parameters = plan.model.parameters
        #expect(
            parameters.names.prefix(2) == ["query/city/embeddings", "query/device/embeddings"])
        let city = parameters.matrices[0]
        let device = parameters.matrices[1]
        #expect((city.rows, device.rows) == (3, 3))
        let encoded = plan.model.encodeQueries([0, 1, 2, 3, 4], .inference).embeddings
        // Rome is the first city of the table; the television is the first device of training.
        let expected = [(2, 1), (2, 2), (2, 1), (2, 2), (1, 2)]
        for (key, rows) in expected.enumerated() {
            #expect(
                encoded.row(key).elementsEqual(city.row(rows.0) + device.row(rows.1)), "key \(key)")
        }
    }

    @Test func idsAloneHaveTheirOwnKeys() throws {
        let plan = try log(query: ["user_id", "city"], users: Self.cities)
        #expect(plan.train.queryKeys == [1, 1, 2, 2, 2])
        #expect(plan.train.queryEntities == plan.train.queryKeys)
        #expect(plan.keyCounts == KeyCounts(queries: 3, candidates: 3))
    }

    /// What a user has seen hides from all of the user's contexts.
    @Test func seenItemsGoByUser() throws {
        let seen = try log(query: ["user_id", "device"], more: "task: {score_mask: seen_items}")
            .batchOptions.seenItems
        #expect(try #require(seen).candidates(of: 0) == [0, 1])
        #expect(try #require(seen).candidates(of: 1) == [0, 1])
        #expect(try #require(seen).candidates(of: 2) == [])
    }

    @Test func candidatesMayHaveTheirFeaturesInTheInteractions() throws {
        let plan = try log(query: ["user_id"], candidate: "genre")
        #expect(plan.corpus == [0, 1, 2])
        let encoded = plan.model.encodeCandidates([0, 1, 2], .inference).embeddings
        #expect(encoded.row(0) == encoded.row(2))
        #expect(encoded.row(0) != encoded.row(1))
    }

    @Test func candidatesHaveOneValueOfAFeature() {
        #expect(
            planErrors { try log(query: ["user_id"], candidate: "device") } == [
                "5:56: a candidate's features must be the same in all its interactions; item_id "
                    + "'c' has two values of 'device', in interactions 3 and 7"
            ])
    }

    @Test func columnsThatAreNowhere() {
        #expect(
            planErrors { try log(query: ["user_id", "mood"], users: Self.cities) } == [
                "4:120: the users and interactions have no column 'mood'; there are user_id, city, "
                    + "item_id, device, genre"
            ])
        let items = Table(
            name: "items", columns: ["item_id": .tokens(TokenColumn(["a", "b", "c"]))])
        #expect(
            planErrors { try log(query: ["user_id"], candidate: "genre", items: items) } == [
                "5:56: the items have no column 'genre'; there are item_id"
            ])
    }

    @Test func anIDHasOneRow() {
        let twice = Table(
            name: "users",
            columns: [
                "user_id": .tokens(TokenColumn(["u3", "u1", "u2", "u1"])),
                "city": .tokens(TokenColumn(["Rome", "Oslo", "Oslo", "Rome"])),
            ])
        #expect(
            planErrors { try log(query: ["user_id"], users: twice) } == [
                "2:7: the users have two rows of user_id 'u1' that differ in 'city': row 2 and row 4 "
                    + "(their table's 'on_duplicate' says which stays)"
            ])
    }
}
