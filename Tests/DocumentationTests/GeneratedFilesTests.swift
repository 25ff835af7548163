import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// What is generated is committed, and says what the code says.
@Suite struct GeneratedFilesTests {
    @Test(arguments: try GeneratedFile.all(for: .builtIn))
    func isFresh(file: GeneratedFile) throws {
        let isFresh = try Repository.text(of: file.path) == file.contents
        #expect(isFresh, "\(file.path) is stale; renew it by scripts/generate")
    }
}

@Suite struct ReferenceTests {
    static let page = ReferencePage.text(for: .builtIn)

    /// The families of the built-in catalogue; the page finds its own by walking the spec.
    @Test(arguments: Catalog.builtIn.kinds)
    func everyComponentHasAnEntryWithItsFields(kind: AnyComponentKind) throws {
        let descriptions = Catalog.builtIn.descriptions(of: kind)
        #expect(!descriptions.isEmpty)
        for description in descriptions {
            let entry = try #require(
                Self.page.components(separatedBy: "### `\(description.name)`\n\n").dropFirst()
                    .first { $0.hasPrefix(description.summary) })
            let own = entry.components(separatedBy: "\n##")[0]
            #expect(own.contains("Source: \(description.source)."))
            for field in description.fields { #expect(own.contains("| `\(field.name)` |")) }
        }
    }

    @Test func everySectionIsThere() {
        for field in ExperimentSpec.description.fields {
            #expect(Self.page.contains("| `\(field.name)` |"))
        }
        #expect(Self.page.contains("| `train.batch_size` | integer, at least 1; examples |"))
    }

    /// Links within the page lead somewhere.
    @Test func linksLeadToHeadings() {
        let anchors = Set(
            Self.page.split(separator: "\n").filter { $0.hasPrefix("## ") }.map {
                $0.dropFirst(3).lowercased().replacing(" ", with: "-")
            })
        for link in Self.page.matches(of: /\]\(#([^)]+)\)/) {
            #expect(anchors.contains(String(link.1)), "\(link.1)")
        }
    }
}
