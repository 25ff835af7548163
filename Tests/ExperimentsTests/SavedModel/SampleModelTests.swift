import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// Models that earlier versions wrote are read for ever, and recommend what they did: those of
/// `Tests/Models`, whose README says what they are.
struct SampleModelTests {
    static let folder = Repository.file("Tests/Models").path

    /// The models, as `format-1/NAME`.
    static let models: [String] = {
        func names(in path: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }
        return names(in: folder).filter { $0.hasPrefix("format-") }.flatMap { format in
            names(in: "\(folder)/\(format)").filter { !$0.contains(".") }.map { "\(format)/\($0)" }
        }
    }()

    /// Each version of the format has its models.
    @Test func everyVersionIsThere() {
        #expect(!Self.models.isEmpty)
        for version in 1...ModelRecord.formatVersion {
            for name in ["every-feature", "approximate"] {
                #expect(Self.models.contains("format-\(version)/\(name)"))
            }
        }
    }

    @Test(arguments: models)
    func recommendsWhatItDidWhenItWasWritten(name: String) throws {
        let model = try SavedModel(at: "\(Self.folder)/\(name)", threads: 1)
        let lines = try String(
            contentsOfFile: "\(Self.folder)/\(name).lists.jsonl", encoding: .utf8
        ).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(lines.count >= 3)
        let queries = lines.compactMap { $0["query"]?.objectValue }
        let lists = try model.recommend(to: queries, RecommendationOptions(count: 6))
        #expect(lists.count == lines.count)
        for (line, list) in zip(lines, lists) {
            let items = line["items"]?.arrayValue ?? []
            #expect(list.items.map(\.id) == items.compactMap { $0["id"]?.stringValue })
            // Another processor may add in another order.
            for (item, known) in zip(list.items, items) {
                let score = try #require(known["score"]?.doubleValue)
                #expect(abs(Double(item.score) - score) < 1e-5)
            }
            let notes = line["notes"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(list.notes == notes)
        }
    }

    /// A training goes on from it, with what its optimizer remembered where that was kept.
    @Test(arguments: models)
    func trainingGoesOnFromIt(name: String) throws {
        let base = String(name.split(separator: "/")[1])
        let spec =
            try String(contentsOfFile: "\(Self.folder)/\(base).yaml", encoding: .utf8)
            + "warm_start: {model: \(Self.folder)/\(name)}\n"
        let plan = try plan(spec, in: isolated(Self.folder))
        let taken = try #require(plan.warmStart)
        #expect(taken.parameters.count == plan.model.parameters.names.count)
        #expect(taken.parameters.allSatisfy { $0.value.kept > 0 && $0.value.new == 0 })
        let hasState = FileManager.default.fileExists(
            atPath: "\(Self.folder)/\(name)/training.safetensors")
        let results = try Experiment(
            catalog: .builtIn,
            options: RunOptions(threads: 1, environment: isolated(Self.folder))
        ).run(try decode(spec))
        #expect(results.record.status == .completed)
        #expect((results.document.training?.warmStart?.continuedOptimizers ?? 0 > 0) == hasState)
    }

    @Test(arguments: models)
    func itIsExported(name: String) throws {
        let folder = try TemporaryFolder()
        let model = try SavedModel(at: "\(Self.folder)/\(name)", threads: 1)
        let written = try model.exportONNX(to: folder.path)
        #expect(written.map(\.path) == ["query", "candidate"].map { "\(folder.path)/\($0).onnx" })
        #expect(try model.similar(to: "i3").items.count > 0)
        #expect(
            try model.embeddings(of: .candidate).matrix.rows == model.record.candidate.count)
    }
}
