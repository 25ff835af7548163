import Foundation
import TestSupport
import Testing
import YAMLTree

/// The reader against libyaml's own events, on YAML as people write it: `Tests/YAMLCorpus`, and
/// the specs that come with the tool.
@Suite struct CorpusTests {
    private static func files(_ folder: String) -> [String] {
        let path = Repository.file(folder).path(percentEncoded: false)
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.split(separator: "/").last?.contains(".") == true }
            .sorted().map { "\(folder)/\($0)" }
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Repository.file(file)))
    }

    @Test(
        arguments: files("Tests/YAMLCorpus/valid")
            + files("experiments").filter { $0.hasSuffix(".yaml") })
    func theTreeIsWhatTheEventsSay(file: String) throws {
        let bytes = try Self.bytes(file)
        let (documents, problem) = PlainWalk.documents(bytes)
        #expect(problem == nil)
        guard documents.count == 1 else {
            // A second document is refused where it begins.
            let error = try #require(failure(bytes: bytes))
            #expect(error.kind == .severalDocuments)
            #expect("\(error.diagnostic.range.start)" == documents[1].start)
            return
        }
        let tree = try YAMLReader.read(bytes: bytes, name: file)
        #expect(Self.lines(tree) == documents[0].root.lines)
    }

    /// The tree in the words of ``PlainNode/lines``.
    private static func lines(_ node: YAMLNode) -> [String] {
        let place = "\(node.range.start)"
        switch node.content {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            return ["\(place) \(isPlain ? "plain" : "quoted") \(scalar.text)"]
        case .sequence(let items):
            return ["\(place) sequence of \(items.count)"] + items.flatMap(lines)
        case .mapping(let mapping):
            return ["\(place) mapping of \(mapping.entries.count)"]
                + mapping.entries.flatMap { ["key \($0.key.text)"] + lines($0.value) }
        }
    }

    /// What is no YAML is refused, and with the place where it stops being some.
    @Test(arguments: [
        "alias.yaml": "1:4", "archive.gz": "1:2", "broken.json": "1:20", "bytes.yaml": "2:1",
        "cargo.toml": "2:1", "conflict.yaml": "2:5", "helm.yaml": "1:2", "image.png": "1:1",
        "page.html": "4:10", "quote.yaml": "1:1", "script.py": "3:11", "script.sh": "4:10",
        "tab.yaml": "2:1", "trailing.json": "1:10",
    ])
    func whatIsNoYAMLIsRefusedWithItsPlace(file: String, place: String) throws {
        let error = try #require(failure(bytes: try Self.bytes("Tests/YAMLCorpus/invalid/\(file)")))
        expectInside(error.diagnostic)
        #expect("\(error.diagnostic.range.start)" == place, "\(error)")
    }

    @Test func everyFileIsTested() {
        #expect(Self.files("Tests/YAMLCorpus/invalid").count == 14)
        #expect(Self.files("Tests/YAMLCorpus/valid").count >= 12)
    }
}
