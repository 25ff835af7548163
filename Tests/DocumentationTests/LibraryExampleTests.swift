import Foundation
import Retrieval
import TestSupport
import Testing

/// `docs/library.md` shows code that is built and what it prints.
@Suite struct LibraryExampleTests {
    private static func document() throws -> String { try Repository.text(of: "docs/library.md") }

    @Test func theCodeShownIsBuilt() throws {
        let source = try Repository.text(of: "Tests/DocumentationTests/TrainingExample.swift")
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0.hasSuffix("// begin") })
        let end = try #require(lines.firstIndex { $0.hasSuffix("// end") })
        let body = lines[(begin + 1)..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
        let shown = try #require(Repository.blocks("swift", of: try Self.document()).first)
        #expect(shown == "import Retrieval\n\n" + body + "\n")
    }

    @Test func itPrintsWhatIsShown() throws {
        var printed: [String] = []
        try trainingExample { printed.append($0) }
        let shown = try Self.document().components(separatedBy: "It prints\n\n```\n")[1]
            .components(separatedBy: "\n```")[0]
        #expect(printed.joined(separator: "\n") == shown)
    }

    @Test func componentsAreMadeByName() throws {
        let shown = try #require(Repository.blocks("swift", of: try Self.document()).last)
        #expect(
            shown
                == "let loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: \"info_nce\"))\n"
        )
        let loss = try Catalog.builtIn.make(.loss, ComponentChoice(name: "info_nce"))
        #expect(loss is InfoNCE)
    }
}
