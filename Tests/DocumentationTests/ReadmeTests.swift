import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// What the README shows must work: its specs decode, its Swift is a file that the tests build.
@Suite struct ReadmeTests {
    @Test(arguments: Repository.documents)
    func yamlBlocksDecode(document: String) throws {
        let reader = SpecReader(catalog: .builtIn)
        for block in Repository.blocks("yaml", of: try Repository.text(of: document)) {
            #expect(throws: Never.self) { try reader.read(text: block, name: document) }
        }
    }

    /// The spec of the tour is the shipped one, value by value.
    @Test func theSpecShownIsShipped() throws {
        let block = try #require(
            Repository.blocks("yaml", of: try Repository.text(of: "README.md")).first)
        let reader = SpecReader(catalog: .builtIn)
        let shown = try reader.read(text: block, name: "README.md")
        let shipped = try reader.read(
            text: try Repository.text(of: "experiments/movielens.yaml"), name: "movielens.yaml")
        #expect(shown.resolved == shipped.resolved)
    }

    /// Parts of specs stand in a shipped spec word for word.
    @Test(arguments: Repository.documents)
    func partsOfSpecsAreShipped(document: String) throws {
        let specs = try ["movielens-corrected.yaml", "ci/two-tower.yaml"].map {
            try Repository.text(of: "experiments/" + $0)
        }
        for block in Repository.blocks("yml", of: try Repository.text(of: document)) {
            #expect(specs.contains { $0.contains(block) }, "\(document): \(block)")
        }
    }

    @Test func swiftBlocksAreTheExampleThatIsBuilt() throws {
        let sources = try ["LeadLoss", "main"].map {
            try Repository.text(of: "Tests/ExampleRunner/\($0).swift")
        }
        #expect(
            Repository.blocks("swift", of: try Repository.text(of: "docs/extending.md")) == sources)
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

    /// Links lead to files, and to headings where they name one.
    @Test(arguments: Repository.documents)
    func linksLeadSomewhere(document: String) throws {
        let folder = Repository.file(document).deletingLastPathComponent()
        for link in try Repository.text(of: document).matches(of: /\]\(([^):]+)\)/) {
            let parts = link.1.split(separator: "#", omittingEmptySubsequences: false)
            let file =
                parts[0].isEmpty
                ? Repository.file(document) : folder.appending(path: String(parts[0]))
            #expect(FileManager.default.fileExists(atPath: file.path), "\(document): \(link.1)")
            guard parts.count > 1, file.pathExtension == "md" else { continue }
            let headings = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .filter { $0.hasPrefix("#") }.map(Self.anchor)
            #expect(headings.contains(String(parts[1])), "\(document): \(link.1)")
        }
    }

    /// What a heading is called in links.
    private static func anchor(_ heading: Substring) -> String {
        heading.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
            .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }

    /// Every page is led to from the README or from a page that is.
    @Test func everyPageIsReached() throws {
        let texts = try Repository.documents.map { try Repository.text(of: $0) }.joined()
        for document in Repository.documents where document != "README.md" {
            let name = String(document.dropFirst("docs/".count))
            #expect(texts.contains("(docs/\(name)") || texts.contains("](\(name)"), "\(name)")
        }
    }
}
