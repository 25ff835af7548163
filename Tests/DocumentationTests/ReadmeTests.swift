import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// What the README shows must work: its specs decode, its Swift is a file that the tests build.
@Suite struct ReadmeTests {
    /// The fenced blocks of a language, in order.
    static func blocks(_ language: String, of text: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0] + "\n"
        }
    }

    @Test func yamlBlocksDecode() throws {
        let blocks = Self.blocks("yaml", of: try Repository.text(of: "README.md"))
        #expect(!blocks.isEmpty)
        let reader = SpecReader(catalog: .builtIn)
        for block in blocks {
            #expect(throws: Never.self) { try reader.read(text: block, name: "README.md") }
        }
    }

    /// The spec of the tour is the shipped one, value by value.
    @Test func theSpecShownIsShipped() throws {
        let block = try #require(
            Self.blocks("yaml", of: try Repository.text(of: "README.md")).first)
        let reader = SpecReader(catalog: .builtIn)
        let shown = try reader.read(text: block, name: "README.md")
        let shipped = try reader.read(
            text: try Repository.text(of: "experiments/movielens.yaml"), name: "movielens.yaml")
        #expect(shown.resolved == shipped.resolved)
    }

    /// Parts of specs stand in a shipped spec word for word.
    @Test func partsOfSpecsAreShipped() throws {
        let spec = try Repository.text(of: "experiments/movielens-corrected.yaml")
        let blocks = Self.blocks("yml", of: try Repository.text(of: "README.md"))
        #expect(!blocks.isEmpty)
        for block in blocks { #expect(spec.contains(block)) }
    }

    @Test func swiftBlocksAreTheExampleThatIsBuilt() throws {
        let readme = try Repository.text(of: "README.md")
        let sources = try ["LeadLoss", "main"].map {
            try Repository.text(of: "Tests/ExampleRunner/\($0).swift")
        }
        #expect(Self.blocks("swift", of: readme) == sources)
    }

    /// The errors that the README shows are those of `movielens.yaml` with two mistakes in it.
    @Test func theErrorsShownAreThoseReported() throws {
        let readme = try Repository.text(of: "README.md")
        let text = try Repository.text(of: "experiments/movielens.yaml")
            .replacing("learning_rate: 0.1", with: "lr: 0.1")
            .replacing("epochs: 3", with: "epochs: three")
        let error = #expect(throws: SpecError.self) {
            try SpecReader(catalog: .builtIn).read(text: text, name: "my.yaml")
        }
        let shown = try #require(error).description
        #expect(readme.contains("```\n\(shown)```"))
    }

    @Test func filesThatTheReadmeLinksExist() throws {
        let readme = try Repository.text(of: "README.md")
        let links = readme.matches(of: /\]\(([^)#:]+)\)/).map { String($0.1) }
        #expect(!links.isEmpty)
        for link in links {
            #expect(FileManager.default.fileExists(atPath: Repository.file(link).path))
        }
    }
}
