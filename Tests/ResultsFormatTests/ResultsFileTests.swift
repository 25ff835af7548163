import Foundation
import ResultsFormat
import TestSupport
import Testing

@Suite struct ResultsFileTests {
    @Test func aDocumentIsSealedWrittenAndReadBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/deep/results.json"
        let written = try ResultsFile.write(Sample.full(), to: path, createDirectories: true)
        #expect(try written == Sample.full().sealed())
        #expect(try ResultsFile.read(from: path) == written)
        let text = try TemporaryFolder.text(path)
        #expect(text.hasPrefix("{\n  \"schema_version\": 1,\n") && text.hasSuffix("\n}\n"))
        let json = try ResultsFile.readJSON(from: path)
        #expect(try ResultsDocument.digest(of: json) == written.digest)
    }

    @Test func aDocumentThatCannotBeWrittenLeavesTheOldFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        let old = try ResultsFile.write(Sample.minimal(), to: path)
        var document = try Sample.full()
        document.evaluation["test"]?.loss = .infinity
        let error = #expect(throws: ResultsFileError.self) {
            try ResultsFile.write(document, to: path)
        }
        #expect(
            error?.description
                == "cannot write '\(path)': evaluation.test.loss is inf, and JSON has no such number"
        )
        #expect(try ResultsFile.read(from: path) == old)
    }

    @Test(arguments: [
        ("{\n  \"seed\": }", ":2:11: expected a value, found '}'"),
        ("{}", ": schema_version is missing"),
        (String(repeating: " ", count: 300), ":1:1: the text is longer than the 200 bytes allowed"),
    ])
    func otherFilesAreRefused(content: String, message: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        try AtomicFile.write(Array(content.utf8), to: path)
        let error = #expect(throws: ResultsFileError.self) {
            try ResultsFile.read(from: path, limits: JSONLimits(bytes: 200))
        }
        #expect(error?.description == path + message)
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/none.json"
        let error = #expect(throws: ResultsFileError.self) {
            try ResultsFile.read(from: missing)
        }
        #expect(error?.description == "cannot read '\(missing)': No such file or directory")
        #expect(throws: ResultsFileError.self) { try ResultsFile.read(from: folder.path) }
    }
}
