import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// Data of a few rows that a test writes itself.
private struct HandmadeSource: DataSource {
    var withSideTables = true
    var listsEveryItem = true

    static let users = ["u3", "u1", "u3", "u2"]
    static let items = ["b", "a", "a", "c"]

    func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let listed = listsEveryItem ? ["c", "b", "a", "z"] : ["c", "b"]
        return Dataset(
            interactions: Table(
                name: "interactions",
                columns: [
                    "user_id": .tokens(TokenColumn(Self.users)),
                    "item_id": .tokens(TokenColumn(Self.items)),
                    "rating": .numbers([1, 2, 3, 4]),
                ]),
            candidates: withSideTables
                ? Table(
                    name: "items",
                    columns: [
                        "item_id": .tokens(TokenColumn(listed)),
                        "title": .tokens(
                            TokenColumn(["Sea", "Bee", "Bee", "Zed"].prefix(listed.count))),
                    ]) : nil,
            origin: DataOrigin(source: "handmade"))
    }

    static func entry(_ name: String, _ source: HandmadeSource) -> ComponentEntry<any DataSource> {
        ComponentEntry(name, summary: "A few rows.", source: "none") { _ in source }
    }

    static let catalog: Catalog = {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(entry("handmade", HandmadeSource()))
        catalog.dataSources.register(entry("bare", HandmadeSource(withSideTables: false)))
        catalog.dataSources.register(entry("gaps", HandmadeSource(listsEveryItem: false)))
        return catalog
    }()
}

struct PlannerTests {
    private func handmade(
        _ folder: String, source: String = "handmade", candidate: String = "item_id"
    ) throws -> ExperimentPlan {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "0\n1\n".write(toFile: folder + "/train", atomically: true, encoding: .utf8)
        try "2\n3\n".write(toFile: folder + "/test", atomically: true, encoding: .utf8)
        return try plan(
            """
            name: sample
            data: {source: \(source), split: {train_rows: train, test_rows: test}}
            towers:
              query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
              candidate: {features: [{type: string_lookup, column: \(candidate), embedding: {output_dim: 4}}]}

            """, catalog: HandmadeSource.catalog, in: isolated(folder))
    }

    /// Items are numbered as the side table lists them, all of them, watched or not; users, of
    /// whom there is no table, as the interactions first mention them.
    @Test func keysFollowTheSideTable() throws {
        try withTemporaryFolder { folder in
            let plan = try handmade(folder)
            #expect(plan.train.queryKeys == [0, 1])
            #expect(plan.test.queryKeys == [0, 2])
            #expect(plan.train.candidateKeys == [1, 2])
            #expect(plan.test.candidateKeys == [2, 0])
            #expect(plan.corpus == [0, 1, 2, 3])
            let counts = plan.counts
            #expect((counts.interactions, counts.queries, counts.candidates) == (4, 3, 4))
            #expect((counts.train, counts.test) == (2, 2))
            #expect(plan.origin.source == "handmade")
        }
    }

    /// A row for each token of the vocabulary and row 0 for all others. Users that only the test
    /// rows mention are out of vocabulary; the side table's items never are.
    @Test func vocabularies() throws {
        try withTemporaryFolder { folder in
            let parameters = try handmade(folder).model.parameters
            #expect(
                parameters.names == ["query/user_id/embeddings", "candidate/item_id/embeddings"])
            #expect(parameters.matrices.map(\.rows) == [3, 5])
            #expect(
                try handmade(folder, source: "bare").model.parameters.matrices.map(\.rows) == [
                    3, 3,
                ])
        }
    }

    @Test func aUserWhomTrainingNeverSawIsEncodedAsUnknown() throws {
        try withTemporaryFolder { folder in
            let plan = try handmade(folder)
            let table = plan.model.parameters.matrices[0]
            let encoded = plan.model.queryTower.encode(
                [0, 1, 2], plan.model.parameters, .inference
            ).embeddings
            #expect(encoded.row(0).elementsEqual(table.row(1)))
            #expect(encoded.row(1).elementsEqual(table.row(2)))
            #expect(encoded.row(2).elementsEqual(table.row(0)))
        }
    }

    /// Items that share a title share an embedding, yet stay two candidates.
    @Test func aColumnOfTheSideTable() throws {
        try withTemporaryFolder { folder in
            let plan = try handmade(folder, candidate: "title")
            let table = plan.model.parameters.matrices[1]
            #expect(table.rows == 4)
            let encoded = plan.model.candidateTower.encode(
                [0, 1, 2, 3], plan.model.parameters, .inference)
            #expect(encoded.embeddings.row(1).elementsEqual(encoded.embeddings.row(2)))
            #expect(!encoded.embeddings.row(0).elementsEqual(encoded.embeddings.row(1)))
            #expect(plan.corpus.count == 4)
        }
    }

    @Test func theSameSpecMakesTheSamePlan() throws {
        let text = Sample.small()
        let (a, b) = (try plan(text), try plan(text))
        #expect(a.fingerprint == b.fingerprint)
        #expect(a.model.parameters.matrices == b.model.parameters.matrices)
        #expect(a.train.queryKeys == b.train.queryKeys)
        let other = try plan(text + "seed: 43\n")
        #expect(other.fingerprint != a.fingerprint)
        #expect(other.model.parameters.matrices != a.model.parameters.matrices)
    }

    /// Another model is judged on the same rows, and an added feature leaves the others' initial
    /// weights alone.
    @Test func theSplitDoesNotDependOnTheModel() throws {
        let text = Sample.small()
        let wider = text.replacingOccurrences(of: "output_dim: 4", with: "output_dim: 8")
        #expect(try plan(wider).fingerprint == plan(text).fingerprint)
        let more = text.replacingOccurrences(
            of: "[{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]",
            with: "[{type: string_lookup, column: occupation, embedding: {output_dim: 2}}, "
                + "{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]"
        ).replacingOccurrences(
            of: "column: item_id, embedding: {output_dim: 4}",
            with: "column: item_id, embedding: {output_dim: 6}")
        let (a, b) = (try plan(text).model.parameters, try plan(more).model.parameters)
        #expect(b.names.contains("query/occupation/embeddings"))
        let place = try #require(b.names.firstIndex(of: "query/user_id/embeddings"))
        #expect(b.matrices[place] == a.matrices[0])
    }

    // MARK: Where data and spec do not fit

    private func planErrors(_ text: String, in environment: DataEnvironment = isolated())
        -> [String]
    {
        do {
            _ = try plan(text, catalog: HandmadeSource.catalog, in: environment)
            return []
        } catch let error as SpecError {
            return lines(error)
        } catch {
            return ["not a spec error: \(error)"]
        }
    }

    private func replacing(_ old: String, _ new: String) -> String {
        let text = Sample.small()
        #expect(text.contains(old))
        return text.replacingOccurrences(of: old, with: new)
    }

    @Test func aSplitThatAsksForTooMuch() {
        #expect(
            planErrors(replacing("train: 240", "train: 250")) == [
                "7:10: the split asks for 310 rows (train 250, test 60), but the data has 300 rows"
            ])
        #expect(
            planErrors(replacing("train: 240, test: 60", "train: 0.9, test: 0.2")) == [
                "7:10: the split asks for more than all rows (train 0.9, test 0.2), "
                    + "but the data has 300 rows"
            ])
        #expect(
            planErrors(replacing("train: 240, test: 60", "train: 0.9, test: 0.001")) == [
                "7:10: the test part of the split is empty: 0.001 of 300 rows rounds to none"
            ])
    }

    @Test func columnsThatAreNotThere() {
        let columns = "there are user_id, item_id, rating, timestamp"
        #expect(
            planErrors(replacing("  users: 24", "  query: user\n  users: 24")) == [
                "4:10: the interactions have no column 'user'; \(columns)"
            ])
        #expect(
            planErrors(replacing("  users: 24", "  candidate: rating\n  users: 24")) == [
                "4:14: column 'rating' of the interactions must hold tokens, but holds numbers"
            ])
    }

    @Test func featuresThatAreNotThere() {
        let found = planErrors(replacing("column: user_id", "column: shoe_size"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("9:52: the ") == true)
        #expect(found.first?.contains("have no column 'shoe_size'; there are user_id, ") == true)
    }

    @Test func towersOfUnequalLength() {
        let text = replacing(
            "column: item_id, embedding: {output_dim: 4}",
            "column: item_id, embedding: {output_dim: 8}")
        #expect(
            planErrors(text) == [
                "9:3: the towers require embeddings of one length; "
                    + "found 4 from the query tower and 8 from the candidate tower"
            ])
    }

    @Test func dataThatCannotExist() {
        #expect(
            planErrors(replacing("interactions: 300", "interactions: 721")) == [
                "3:3: 24 users and 30 items make 720 pairs, fewer than the 721 interactions asked for"
            ])
        let gaps = """
            name: sample
            data: {source: gaps}
            \(Sample.towers)

            """
        #expect(
            planErrors(gaps) == [
                "2:7: the interactions mention item_id 'a', which the items lack (their table's "
                    + "'on_unlisted' drops such interactions, or makes them unknown)"
            ])
    }

    @Test func indexFiles() throws {
        try withTemporaryFolder { folder in
            func found(_ test: String) -> [String] {
                planErrors(
                    replacing("{train: 240, test: 60}", "{train_rows: train, test_rows: \(test)}"),
                    in: isolated(folder))
            }
            try "0\n1\n".write(toFile: folder + "/train", atomically: true, encoding: .utf8)
            try "2\nx\n".write(toFile: folder + "/letters", atomically: true, encoding: .utf8)
            try "2\n300\n".write(toFile: folder + "/beyond", atomically: true, encoding: .utf8)
            try "2\n1\n".write(toFile: folder + "/twice", atomically: true, encoding: .utf8)
            try "2\n3\n".write(toFile: folder + "/right", atomically: true, encoding: .utf8)

            #expect(found("right") == [])
            let missing = "7:10: cannot read 'missing': No such file or directory"
            #expect(found("missing") == ["\(missing) ('missing' is relative to \(folder))"])
            #expect(found("letters").first?.hasPrefix("7:10: letters:2:1: required ") == true)
            #expect(
                found("beyond") == [
                    "7:10: beyond:2:1: required a row number below 300, found '300'"
                ])
            #expect(
                found("twice") == [
                    "7:10: twice:2:1: required a row number that no other line has, "
                        + "found 1, which train:2 has"
                ])
        }
    }

    /// Missing data are not the spec's fault.
    @Test func dataThatCannotBeHad() throws {
        let text = replacing(
            "source: synthetic\n  users: 24\n  items: 30\n  interactions: 300", "source: movielens")
        #expect {
            try plan(text)
        } throws: { error in
            guard case .unavailable = error as? DataError else { return false }
            return true
        }
    }

    @Test func warnings() throws {
        #expect(try plan(Sample.small(more: more)).warnings == [])
        #expect(
            try plan(
                Sample.small(more: "metrics: {factorized: [{type: factorized_top_k, ks: [31]}]}")
            )
            .warnings.map(\.description) == [
                "spec.yaml:12:54: warning: top-31 accuracy of 30 candidates is 1 whatever the model does"
            ])
    }

    private let more = "metrics: {factorized: [{type: factorized_top_k, ks: [30]}]}"
}

@Suite struct ValidationPartTests {
    @Test func aSplitMayNameAValidationPart() throws {
        let spec = { (split: String) in
            Sample.small().replacingOccurrences(
                of: "{train: 240, test: 60}", with: split)
        }
        let with = try plan(spec("{train: 200, test: 60, validation: 40}"))
        #expect(with.validation?.count == 40)
        #expect(with.counts.validation == 40)
        let without = try plan(spec("{train: 200, test: 60}"))
        #expect(without.validation == nil)
        #expect(without.counts.validation == nil)
        #expect(with.test.queryKeys == without.test.queryKeys, "a validation part moves no other")
    }
}
