import Foundation
import TestSupport
import Testing

/// What is public says what it is.
@Suite struct DocumentationCoverageTests {
    /// The share of a module's public declarations that must be documented.
    private static let floors = [
        "Retrieval": 0.98, "Experiments": 0.98, "ResultsFormat": 0.98, "RetrievalTesting": 1,
        "Parquet": 1,
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

    @Test(arguments: floors.sorted { $0.key < $1.key })
    func publicDeclarationsAreDocumented(module: String, floor: Double) throws {
        let all = try Self.declarations(module)
        let silent = all.filter(\.comment.isEmpty)
        let share = 1 - Double(silent.count) / Double(max(1, all.count))
        print(
            "\(module): \(all.count - silent.count) of \(all.count) public declarations "
                + "documented (\(Int((100 * share).rounded()))%)")
        #expect(!all.isEmpty)
        #expect(
            share >= floor,
            "no comment: \(silent.prefix(40).map { "\($0.file):\($0.line) \($0.name)" })")
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
