import Experiments
import Foundation
import Hashing
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// A model's folder is a file from somewhere: whatever it holds, reading and asking it ends in an
/// answer or in an error, never in a crash.
///
/// `TFRS_MODEL_MUTATIONS=100000` asks for more mutations than a test run has time for, and
/// `TFRS_MODEL_SEED=12` for others.
struct HostileModelTests {
    private static let mutations =
        ProcessInfo.processInfo.environment["TFRS_MODEL_MUTATIONS"].flatMap(Int.init) ?? 600
    private static let seed =
        ProcessInfo.processInfo.environment["TFRS_MODEL_SEED"].flatMap(UInt64.init) ?? 11

    private static func makeModel(
        in folder: TemporaryFolder
    ) throws -> (path: String, spec: String) {
        let history =
            "{type: history, column: item_id, max_length: 4, order_by: time, encoder: average, "
            + "embedding: {output_dim: 3}, beside: [{column: rating, embedding: {output_dim: 3}}]}"
        let path = folder.path + "/model"
        let text = SavedModelTests.spec(
            try ShopData(users: 8, items: 12, interactions: 90).write(to: folder),
            query: SavedModelTests.id("user_id") + ", " + SavedModelTests.id("country") + ", "
                + history,
            candidate: SavedModelTests.id("item_id")
                + ", {type: string_lookup, column: genres, output_mode: multi_hot}"
                + ", {type: normalization, column: price}"
                + ", {type: discretization, column: price, num_bins: 3, embedding: {output_dim: 2}}",
            model: path)
        _ = try run(text)
        return (path, text)
    }

    /// Reads the model and asks all that can be asked.
    private func use(_ path: String) throws {
        let model = try SavedModel(at: path, threads: 1)
        var options = RecommendationOptions(count: 5)
        options.excludesSeen = true
        _ = try model.recommend(
            to: [
                ["user_id": "u1"],
                ["country": "de", "user_id": "x", "history": [["item_id": "i1", "rating": 3]]],
            ], options)
        _ = try model.similar(to: "i1")
        _ = try model.embeddings(of: .query)
        _ = try model.words(of: 0)
    }

    /// Goes on with the model's training, and writes it for others.
    private func useElsewhere(_ path: String, _ spec: String, _ folder: TemporaryFolder) throws {
        _ = try plan(spec + "warm_start: {model: \(path)}\n")
        _ = try SavedModel(at: path, threads: 1).exportONNX(to: folder.path + "/onnx")
    }

    @Test func mutatedModelsAreRefusedOrServe() throws {
        let folder = try TemporaryFolder()
        let (path, spec) = try Self.makeModel(in: folder)
        try use(path)
        try useElsewhere(path, spec, folder)
        let names = ["model.json"] + (try SavedModel(at: path).record.files.map(\.key))
        var files: [String: [UInt8]] = [:]
        for name in names {
            files[name] = [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
        }
        let record = files["model.json"]!
        var generator = SeededGenerator(seed: Self.seed)
        var (refused, served) = (0, 0)
        for number in 0..<Self.mutations {
            let name = names.randomElement(using: &generator)!
            var bytes = files[name]!
            FileMutation.mutate(&bytes, named: name, &generator)
            try write(bytes, path, name)
            // Half of them state the digests of what they hold, as whoever means harm would.
            if number.isMultiple(of: 2) { try seal(path, name, bytes, record) }
            do {
                if number % 16 < 2 {
                    try useElsewhere(path, spec, folder)
                } else {
                    try use(path)
                }
                served += 1
            } catch {
                refused += 1
                #expect(!"\(error)".isEmpty)
            }
            try write(files[name]!, path, name)
            try write(record, path, "model.json")
        }
        try use(path)
        #expect(refused > served)
        #expect(refused + served == Self.mutations)
    }

    private func write(_ bytes: [UInt8], _ path: String, _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    /// States the digest of a changed file, and of the record itself.
    private func seal(
        _ path: String, _ name: String, _ bytes: [UInt8], _ record: [UInt8]
    ) throws {
        let isRecord = name == "model.json"
        let sealed = try FileMutation.sealed(
            isRecord ? bytes : record, file: isRecord ? nil : name, bytes, apart: ["tool_version"])
        if let sealed { try write(sealed, path, "model.json") }
    }

    // MARK: What is told

    private func error(
        _ path: String, _ name: String, _ change: (inout [UInt8]) -> Void
    ) throws -> String {
        let before = [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
        var bytes = before
        change(&bytes)
        try write(bytes, path, name)
        defer { try? write(before, path, name) }
        do {
            _ = try SavedModel(at: path)
            return ""
        } catch {
            return "\(error)".replacing(path, with: "MODEL")
        }
    }

    @Test func damageIsToldWithItsPlace() throws {
        let folder = try TemporaryFolder()
        let (path, _) = try Self.makeModel(in: folder)
        let cut = try error(path, "parameters.safetensors") { $0.removeLast(4) }
        #expect(cut.hasPrefix("MODEL/parameters.safetensors: the file requires "))
        let flipped = try error(path, "parameters.safetensors") { $0[$0.count - 1] ^= 1 }
        #expect(flipped.contains("it is damaged, or was changed"))
        let edited = try error(path, "model.json") {
            $0 = Array(
                String(decoding: $0, as: UTF8.self).replacing("\"seed\": 42", with: "\"seed\": 43")
                    .utf8)
        }
        #expect(edited.hasPrefix("MODEL/model.json: digest requires "))
        try FileManager.default.removeItem(atPath: path + "/candidates.jsonl")
        #expect(
            try error(path, "model.json") { _ in }.hasPrefix("cannot read 'MODEL/candidates.jsonl'")
        )
    }

    /// A name that leads out of the folder is no name of a file.
    @Test func pathsDoNotLeaveTheFolder() throws {
        let folder = try TemporaryFolder()
        let (path, _) = try Self.makeModel(in: folder)
        try folder.write("secret.json", "{\"path\": \"query/user_id\", \"tokens\": []}")
        let record = [UInt8](try Data(contentsOf: URL(filePath: path + "/model.json")))
        for name in ["../secret.json", "vocabularies/../../secret.json", "/etc/passwd"] {
            var json = try JSONValue(parsing: record)
            json["vocabularies"] = ["query/user_id": .string(name)]
            var files = json["files"] ?? [:]
            files[name] = ["bytes": 10, "sha256": .string(String(repeating: "0", count: 64))]
            json["files"] = files
            var content = json
            content["digest"] = nil
            content["tool_version"] = nil
            json["digest"] = .string(SHA256.hexadecimal(of: try content.jsonText(.canonical)))
            try write(Array(try json.jsonText(.pretty).utf8), path, "model.json")
            #expect {
                _ = try SavedModel(at: path)
            } throws: {
                "\($0)".contains("files requires the names of a model's files; found '\(name)'")
            }
        }
    }

    @Test func whatIsNoModelIsToldSo() throws {
        let folder = try TemporaryFolder()
        for (path, words) in [
            ("nothing", "there is nothing of that name"), ("file", "it is no folder"),
            ("empty", "it has no model.json"),
        ] {
            if path == "file" { try folder.write("file", "x") }
            if path == "empty" { try folder.write("empty/x", "x") }
            #expect {
                _ = try SavedModel(at: folder.path + "/" + path)
            } throws: {
                "\($0)".hasSuffix("is no model: \(words)")
            }
        }
    }
}
