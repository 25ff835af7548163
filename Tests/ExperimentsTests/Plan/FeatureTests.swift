import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// Features as specs declare them, over a log of a few rows.
struct FeatureTests {
    private struct Log: DataSource {
        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(TokenColumn(["u1", "u1", "u2", "u3"])),
                        "item_id": .tokens(TokenColumn(["a", "b", "c", "a"])),
                        // What was seen before, of the same tokens.
                        "seen": .tokens(TokenColumn(["a", "b", "a", "b"])),
                        "tags": .tokens(TokenColumn(["x|y", "x", "", "z"])),
                        "age": .integers([10, 20, 30, 1000]),
                        // Thursday midnight, the same at noon, Sunday 6:00, and a year later.
                        "timestamp": .integers([0, 43_200, 280_800, 31_536_000]),
                    ]),
                candidates: Table(
                    name: "items",
                    columns: [
                        "item_id": .tokens(TokenColumn(["a", "b", "c", "d"])),
                        "title": .tokens(TokenColumn(["The Sea", "Sea, sea!", "Bees", "Zoo"])),
                    ]),
                origin: DataOrigin(source: "log"))
        }
    }

    /// The first three interactions train, the last one tests.
    private func log(
        query: String, candidate: String? = nil, files: [String: [UInt8]] = [:], more: String = ""
    ) throws -> ExperimentPlan {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("log", summary: "A few rows.", source: "none") { _ in Log() })
        return try withTemporaryFolder { folder in
            var files = files
            files["train"] = Array("0\n1\n2\n".utf8)
            files["test"] = Array("3\n".utf8)
            for (name, bytes) in files {
                try Data(bytes).write(to: URL(filePath: folder + "/" + name))
            }
            return try plan(
                """
                name: sample
                data: {source: log, split: {train_rows: train, test_rows: test}}
                towers:
                  query: {features: [\(query)]}
                  candidate: {features: [\(candidate ?? query)]}
                \(more)

                """, catalog: catalog, in: isolated(folder))
        }
    }

    private static let item = "{type: string_lookup, column: item_id, embedding: {output_dim: 2}}"

    /// What the query tower makes of each interaction, the last one being the test's.
    private func encoded(_ query: String, width: Int) throws -> [[Float]] {
        let item =
            "{type: string_lookup, column: item_id, embedding: {output_dim: \(width)}}"
        let plan = try log(query: query, candidate: item)
        let keys = plan.train.queryKeys + plan.test.queryKeys
        let rows = plan.model.encodeQueries(keys, .inference).embeddings
        return (0..<4).map { Array(rows.row($0)) }
    }

    private func message(_ query: String, candidate: String? = nil, files: [String: [UInt8]] = [:])
        -> [String]
    {
        planErrors { try log(query: query, candidate: candidate ?? Self.item, files: files) }
    }

    @Test func numbers() throws {
        #expect(
            try encoded("{type: numeric, column: age}", width: 1) == [[10], [20], [30], [1000]])
        // Mean 20 and variance 200/3 of the training rows alone: 1000 leaks nothing.
        let rows = try encoded("{type: normalization, column: age}", width: 1)
        let deviation = Float(200.0 / 3).squareRoot()
        #expect(abs(rows[0][0] + 10 / deviation) < 1e-6)
        #expect(rows[1][0] == 0)
        let given = "{type: normalization, column: age, mean: 10, variance: 4}"
        #expect(try encoded(given, width: 1) == [[0], [5], [10], [495]])
    }

    @Test func bins() throws {
        let given =
            "{type: discretization, column: age, bin_boundaries: [20, 100], output_mode: one_hot}"
        #expect(
            try encoded(given, width: 3) == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]])
        // Boundaries of the training rows: 1000 is only in the last bin.
        let learned = "{type: discretization, column: age, num_bins: 3, output_mode: one_hot}"
        let rows = try encoded(learned, width: 3)
        #expect(rows[3] == [0, 0, 1])
        #expect(rows[2] == [0, 0, 1])
    }

    @Test func listsOfTokens() throws {
        let lookup = "{type: string_lookup, column: tags, separator: \"|\", "
        // z stands in the test row alone: out of vocabulary.
        #expect(
            try encoded(lookup + "output_mode: multi_hot}", width: 3) == [
                [0, 1, 1], [0, 1, 0], [0, 0, 0], [1, 0, 0],
            ])
        let plan = try log(query: lookup + "embedding: {output_dim: 2}}", candidate: Self.item)
        let table = plan.model.parameters.matrices[0]
        let keys = plan.train.queryKeys + plan.test.queryKeys
        let rows = plan.model.encodeQueries(keys, .inference).embeddings
        #expect(table.rows == 3)
        #expect(abs(rows[0, 0] - (table[1, 0] + table[2, 0]) / 2) < 1e-7)
        #expect(Array(rows.row(1)) == Array(table.row(1)))
        #expect(Array(rows.row(2)) == [0, 0])
        #expect(Array(rows.row(3)) == Array(table.row(0)))
        #expect(
            plan.notes == [
                "query/tags: 1 of 1 held-out interactions have a token out of vocabulary, "
                    + "1 distinct values"
            ])
    }

    @Test func texts() throws {
        // sea stands twice in training, in two titles; the rest once; zoo is only listed.
        let candidate = "{type: text_vectorization, column: title, output_mode: count}"
        let six = "{type: string_lookup, column: user_id, embedding: {output_dim: 5}}"
        let plan = try log(query: six, candidate: candidate)
        let rows = plan.model.encodeCandidates([0, 1, 2, 3], .inference).embeddings
        // [UNK], sea, the, bees, zoo.
        #expect(Array(rows.row(0)) == [0, 1, 1, 0, 0])
        #expect(Array(rows.row(1)) == [0, 2, 0, 0, 0])
        #expect(Array(rows.row(2)) == [0, 0, 0, 1, 0])
        #expect(Array(rows.row(3)) == [0, 0, 0, 0, 1])
    }

    @Test func integersAndHashes() throws {
        let lookup =
            "{type: integer_lookup, column: age, vocabulary: [30, 10], output_mode: one_hot}"
        #expect(
            try encoded(lookup, width: 3) == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]])
        let hashed = "{type: hashing, column: user_id, num_bins: 3, output_mode: one_hot}"
        let rows = try encoded(hashed, width: 3)
        #expect(rows[0] == rows[1])
        #expect(rows.allSatisfy { $0.reduce(0, +) == 1 })
    }

    @Test func partsOfTime() throws {
        let hour =
            "{type: timestamp_part, column: timestamp, part: hour_of_day, output_mode: cyclic}"
        let rows = try encoded(hour, width: 2)
        #expect(rows[0] == [0, 1])
        #expect(abs(rows[1][0]) < 1e-7 && rows[1][1] == -1)
        #expect(rows[2][0] == 1 && abs(rows[2][1]) < 1e-7)
        let day =
            "{type: timestamp_part, column: timestamp, part: day_of_week, output_mode: one_hot}"
        let days = try encoded(day, width: 7).map { $0.firstIndex(of: 1) }
        #expect(days == [3, 3, 6, 4])
    }

    @Test func aTableByName() throws {
        let shared =
            "{type: string_lookup, column: seen, embedding: {output_dim: 2, table: items}, "
            + "vocabulary: [a, b, c]}"
        let item = shared.replacingOccurrences(of: "seen", with: "item_id")
        let plan = try log(query: shared, candidate: item)
        #expect(plan.model.parameters.names == ["tables/items/embeddings"])
        let other = item.replacingOccurrences(of: "[a, b, c]", with: "[a, b, d]")
        #expect(
            message(shared, candidate: other) == [
                "5:26: features that share the table 'items' require the same vocabulary; found "
                    + "'d' as index 3 here and 'c' in query/seen; give both the same "
                    + "'vocabulary'"
            ])
    }

    @Test func unifiedEmbeddings() throws {
        let unified =
            "{type: unified_embedding, column: seen, table: all, buckets_per_table: 7, "
            + "num_tables: 2, num_chunks: 3, embedding: {output_dim: 2}}"
        let plan = try log(
            query: unified,
            candidate: unified.replacingOccurrences(of: "seen", with: "item_id"))
        #expect(
            plan.model.parameters.names == ["tables/all_0/embeddings", "tables/all_1/embeddings"])
        #expect(plan.model.queryTower.outputDimension == 6)
    }

    @Test func featuresSummed() throws {
        let two =
            "{type: numeric, column: age}, {type: normalization, column: age, mean: 0, variance: 1}"
        let plan = try log(
            query: two + "], combine: sum, layers: [",
            candidate: "{type: string_lookup, column: item_id, embedding: {output_dim: 1}}")
        #expect(plan.model.encodeQueries([0], .inference).embeddings.values == [20])
    }

    @Test func pretrainedWeights() throws {
        func lookup(_ more: String) -> String {
            "{type: string_lookup, column: seen, vocabulary: [a, b, c], "
                + "embedding: {output_dim: 2, trainable: false, \(more)}}"
        }
        let csv = Array("token,x,y\nb,1,2\nq,3,4\na,5,6\n".utf8)
        let plan = try log(
            query: lookup("weights: {path: w.csv}"), candidate: Self.item, files: ["w.csv": csv])
        let table = plan.model.parameters.matrices[0]
        #expect(Array(table.row(1)) == [5, 6])
        #expect(Array(table.row(2)) == [1, 2])
        #expect(
            plan.notes.first?.hasPrefix("query/seen/embeddings: 1 of 4 rows are not in") == true)
        let wide = Array("a,1,2,3\n".utf8)
        #expect(
            message(lookup("weights: {path: w.csv}"), files: ["w.csv": wide]) == [
                "4:22: 'w.csv' holds embeddings of 3 numbers; 'output_dim' is 2"
            ])
    }

    /// Files of any bytes are refused with a message, never with a trap.
    @Test func brokenWeights() {
        var npy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 70, 0]
        npy += Array("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }".utf8)
        npy += [UInt8](repeating: 32, count: 80 - npy.count)
        npy += [UInt8](repeating: 0, count: 32)
        var tensors = Array(
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[4,2],\"data_offsets\":[0,32]}}".utf8)
        tensors =
            [UInt8(tensors.count), 0, 0, 0, 0, 0, 0, 0] + tensors + [UInt8](repeating: 0, count: 32)
        let csv = Array("a,1,2\n\"b\",3,4\n".utf8)
        var stream = RandomStream(seed: 1, stream: "broken weights")
        for (name, bytes) in [("w.npy", npy), ("w.safetensors", tensors), ("w.csv", csv)] {
            let lookup =
                "{type: string_lookup, column: seen, vocabulary: [a, b, c], "
                + "embedding: {output_dim: 2, weights: {path: \(name)}}}"
            #expect(message(lookup, files: [name: bytes]) == [], "\(name)")
            for _ in 0..<60 {
                var broken = bytes
                let place = Int(stream.uniformFloat(in: 0..<1) * Float(broken.count - 1))
                switch Int(stream.uniformFloat(in: 0..<3)) {
                case 0: broken[place] = UInt8(stream.uniformFloat(in: 0..<255))
                case 1: broken.removeSubrange(place...)
                default: broken.insert(UInt8(stream.uniformFloat(in: 0..<255)), at: place)
                }
                #expect(message(lookup, files: [name: broken]).count <= 1)
            }
        }
    }

    @Test(arguments: [
        ("{type: string_lookup, column: item_id}", "requires 'embedding'"),
        (
            "{type: string_lookup, column: seen, num_oov_indices: 0, vocabulary: [a], "
                + "output_mode: one_hot}",
            "'b' is not in the vocabulary, and 'num_oov_indices' is 0"
        ),
        (
            "{type: string_lookup, column: user_id, min_frequency: 9, output_mode: one_hot}",
            "the vocabulary of 'user_id' is empty"
        ),
        (
            "{type: string_lookup, column: user_id, vocabulary: [a, a], output_mode: one_hot}",
            "'a' stands at 0 and at 1"
        ),
        (
            "{type: string_lookup, column: age, output_mode: one_hot}",
            "column 'age' of the data must hold tokens, but holds integers, which "
                + "integer_lookup and hashing read"
        ),
        (
            "{type: string_lookup, column: user_id, num_oov_indices: 3, max_tokens: 3, "
                + "output_mode: one_hot}",
            "'max_tokens' (3) leaves no room for a token of 'user_id': special ones take 3"
        ),
        (
            "{type: hashing, column: age, num_bins: 3, separator: ' ', output_mode: one_hot}",
            "'separator' cuts tokens; 'age' holds integers"
        ),
        ("{type: normalization, column: age, mean: 1}", "'mean' and 'variance' together"),
        ("{type: discretization, column: age, output_mode: one_hot}", "found neither"),
        (
            "{type: discretization, column: age, bin_boundaries: [2, 1], output_mode: one_hot}",
            "requires ascending numbers; found 1.0 after 2.0, at position 2"
        ),
        (
            "{type: timestamp_part, column: user_id, part: hour_of_day, embedding: {output_dim: 2}}",
            "must hold times or integers (seconds since 1970)"
        ),
        (
            "{type: string_lookup, column: seen, vocabulary: nowhere, output_mode: one_hot}",
            "cannot read 'nowhere'"
        ),
    ])
    func mistakes(feature: String, expected: String) {
        let found = message(feature)
        #expect(found.count == 1)
        #expect(found.first?.contains(expected) == true, "\(found)")
    }
}
