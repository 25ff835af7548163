import Foundation
import ResultsFormat
import TestSupport
import Testing

@Suite struct ReservedFileTests {
    @Test func writtenOnce() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        let file = try ReservedFile(folder + "/a/b.json")
        #expect(!FileManager.default.fileExists(atPath: folder + "/a/b.json"))
        #expect(try file.write(text: "one"))
        #expect(try !file.write(text: "two"))
        #expect(try String(contentsOfFile: folder + "/a/b.json", encoding: .utf8) == "one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a") == ["b.json"])
    }

    @Test func anotherNameInTheSameFolder() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        let file = try ReservedFile(folder + "/a.json")
        try file.write(text: "x", as: "b.json")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b.json"])
    }

    @Test func nothingIsLeftOfOneThatIsLetGo() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        do { _ = try ReservedFile(folder + "/a.json") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test func whatCannotBeWritten() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        for path in [
            "", folder, folder + "/", "/dev/full",
            folder + "/" + String(repeating: "x", count: 300),
            folder + "/new/" + String(repeating: "x", count: 300),
        ] {
            #expect(throws: AtomicFileError.self) { try ReservedFile(path) }
        }
    }

    @Test func placesOfFiles() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        try Data("x".utf8).write(to: URL(filePath: folder + "/a"))
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link", withDestinationPath: folder + "/a")
        try FileManager.default.linkItem(atPath: folder + "/a", toPath: folder + "/hard")
        let place = FilePlace(folder + "/a")
        for same in ["link", "hard", "./a", "../\(URL(filePath: folder).lastPathComponent)/a"] {
            #expect(FilePlace(folder + "/" + same) == place)
        }
        #expect(FilePlace(folder + "/none") == FilePlace(folder + "/./none"))
        #expect(FilePlace(folder + "/none") != FilePlace(folder + "/other"))
        #expect(FilePlace(folder + "/b") != place)
    }
}

@Suite struct HostileJSONTests {
    /// Each of these was quadratic, and took minutes.
    @Test func manySurrogatePairs() throws {
        let text = "\"" + String(repeating: "\\ud83d\\ude00", count: 200_000) + "\""
        #expect(try JSONValue(parsing: text).stringValue?.count == 200_000)
    }

    @Test func manyMembers() throws {
        let members = (0..<300_000).map { "\"metric_\($0)\": 0.5" }.joined(separator: ",")
        let value = try JSONValue(parsing: "{\(members)}")
        #expect(value["metric_299999"] == .number(0.5))
        var object = try #require(value.objectValue)
        for index in 0..<300_000 { object["metric_\(index)"] = .null }
        for index in 0..<10 { object["metric_\(index * 1000)"] = nil }
        #expect(object.count == 299_990)
        #expect(object["metric_1000"] == nil && object["metric_299999"] == .null)
        object["metric_1000"] = true
        #expect(object.keys.last == "metric_1000")
    }

    @Test func loneSurrogatesAreStillToldOf() {
        for text in ["\"\\ud83dx\"", "\"\\ude00\"", "\"\\ud83d\\n\"", "\"\\ud83d\\ud83d\""] {
            #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        }
    }

    /// Read as YAML too, the text is the same: no line end of YAML's, nothing that it forbids.
    @Test func nothingThatActsIsWrittenRaw() throws {
        let text = "a\u{85}b\u{2028}c\u{FEFF}d\u{9B}31m\u{202E}e\u{7F}\u{E0041}模"
        let value: JSONValue = [text: .string(text)]
        for style in [JSONStyle.pretty, .compact] {
            let json = try value.jsonText(style)
            #expect(
                json.unicodeScalars.allSatisfy {
                    $0 == "\n" || (0x20..<0x7F).contains($0.value) || $0 == "模"
                })
            #expect(try JSONValue(parsing: json) == value)
        }
        // What digests are taken of stays as it was.
        #expect(try value.jsonText(.canonical).contains("\u{2028}"))
    }
}
