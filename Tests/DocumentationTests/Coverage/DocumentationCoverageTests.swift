import Foundation
import TestSupport
import Testing

/// What is public says what it is.
@Suite struct DocumentationCoverageTests {
    /// The libraries, all of whose public declarations must be documented.
    private static let modules = [
        "Retrieval", "Experiments", "Parquet", "ResultsFormat", "RetrievalTesting",
    ]

    /// What documents itself by the protocol it belongs to, of the standard library or of ours; an
    /// initializer's parameters are told of at its type's properties.
    private static func needsComment(
        _ declaration: PublicDeclaration, _ requirements: Set<String>
    ) -> Bool {
        let inherited: Set = [
            "", "description", "errorDescription", "hash", "next", "makeIterator", "rawValue",
            "encode",
            "startIndex", "endIndex", "index", "allCases", "id",
        ]  // Operators have no name here.
        if declaration.keyword == "init" || inherited.contains(declaration.name) { return false }
        return declaration.isRequirement || !requirements.contains(declaration.name)
    }

    private static func declarations(_ module: String) throws -> [PublicDeclaration] {
        let all = try PublicDeclaration.all(in: "Sources/\(module)")
        let ours = try PublicDeclaration.all(in: "Sources/Retrieval")
        let requirements = Set((ours + all).filter(\.isRequirement).map(\.name))
        return all.filter { needsComment($0, requirements) }
    }

    @Test(arguments: modules) func publicDeclarationsAreDocumented(module: String) throws {
        let all = try Self.declarations(module)
        #expect(all.count > 5)
        let silent = all.filter(\.comment.isEmpty).map { "\($0.file):\($0.line) \($0.name)" }
        #expect(silent == [])
    }

    /// DocC finds what is public, and complains of other links where `scripts/docs` runs it.
    @Test(arguments: modules) func linksLeadSomewhere(module: String) throws {
        let all = try PublicDeclaration.all(in: "Sources/\(module)")
        let names = Set(all.map(\.name)).union([module, "init", "subscript"])
        for declaration in all {
            var isCode = false
            for line in declaration.comment.split(separator: "\n") {
                if line.contains("```") { isCode.toggle() }
                guard !isCode else { continue }
                for link in line.matches(of: #/``([^`]+)``/#) {
                    let path = link.1.split(separator: "/").map {
                        $0.prefix { $0 != "(" && $0 != "-" }
                    }
                    let isKnown = path.allSatisfy { names.contains(String($0)) }
                    #expect(isKnown, "\(declaration.file):\(declaration.line) \(link.1)")
                }
            }
        }
    }

    /// A matrix is nothing without its shape: `[queries, D]`, or that of something that has one.
    @Test func matricesSayTheirShapes() throws {
        let matrices = try Self.declarations("Retrieval").filter {
            $0.text.contains(#/\bMatrix\b/#) && $0.keyword != "struct"
        }
        let silent = matrices.filter { !$0.comment.contains("[") && !$0.comment.contains("shape") }
        #expect(matrices.count > 10)
        #expect(silent.map { "\($0.file):\($0.line) \($0.name)" } == [])
    }
}
