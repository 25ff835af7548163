import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// `docs/models.md` shows code that is built, and files that are there.
@Suite struct ModelsExampleTests {
    private static func document() throws -> String { try Repository.text(of: "docs/models.md") }

    @Test func theCodeShownIsBuilt() throws {
        let source = try Repository.text(of: "Tests/DocumentationTests/ModelsExample.swift")
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0.hasSuffix("// begin") })
        let end = try #require(lines.firstIndex { $0.hasSuffix("// end") })
        let body = lines[(begin + 1)..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
        let shown = try #require(Repository.blocks("swift", of: try Self.document()).first)
        #expect(shown == "import Experiments\nimport ResultsFormat\n\n" + body + "\n")
    }

    @Test func itRecommends() throws {
        let folder = try TemporaryFolder()
        let text = SmallSpec.text(more: "output: {model: \(folder.path)/model}")
        let spec = try SpecReader(catalog: .builtIn).read(text: text, name: "spec.yaml")
        _ = try Experiment(catalog: .builtIn, options: RunOptions(threads: 1)).run(spec)
        var printed: [String] = []
        try modelsExample(at: folder.path + "/model") { things in
            printed.append(things.map { "\($0)" }.joined(separator: " "))
        }
        #expect(printed.first == "30 candidates")
        #expect(printed.count == 6)
        #expect(printed[4].contains("is out of the vocabulary of query/user_id"))
        #expect(printed[5] == "10")
    }

    /// The table of the folder's files names those that are written.
    @Test func theTableNamesTheFiles() throws {
        let folder = try TemporaryFolder()
        let text = SmallSpec.text(more: "output: {model: \(folder.path)/model}")
        let spec = try SpecReader(catalog: .builtIn).read(text: text, name: "spec.yaml")
        _ = try Experiment(catalog: .builtIn, options: RunOptions(threads: 1)).run(spec)
        let document = try Self.document()
        for name in folder.names(in: "model") {
            #expect(document.contains("| `\(name)") || name == "vocabularies", "\(name)")
        }
    }
}
