import Retrieval
import TestSupport
import Testing

/// Files that once ended the process, or took minutes.
@Suite struct HostileDataTests {
    private func load(_ name: String, _ text: [UInt8], _ format: FileTable.Format) throws -> Dataset
    {
        let scratch = try Scratch()
        try scratch.write(name, text)
        return try FileSource(
            name: "x", interactions: FileTable(path: name, format: format, cache: .off)
        ).load(in: scratch.environment()) { _ in }
    }

    /// The same text in one character or in two; and names that are no text at all.
    @Test(arguments: [
        Array("{\"\u{E9}\": 1, \"e\u{301}\": 2}\n".utf8),
        Array("{\"".utf8) + [0xFF] + Array("\": 1, \"".utf8) + [0xFE] + Array("\": 2}\n".utf8),
        Array("{\"a\": 1, \"\\u0061\": 2}\n".utf8),
    ])
    func namesThatAreEqual(line: [UInt8]) throws {
        #expect(throws: DataError.self) { try load("a.jsonl", line, .jsonLines) }
    }

    /// Of a first object that is left out nothing stays, so that the next one names the columns.
    @Test func aFirstObjectThatIsLeftOut() throws {
        let scratch = try Scratch()
        try scratch.write(
            "a.jsonl",
            "{\"a\": 1, \"\u{E9}\": 1, \"e\u{301}\": 2}\n"
                + "{\"\u{E9}\": \"x\", \"a\": 2}\n{\"a\": 3, \"\u{E9}\": \"y\"}\n")
        let table = FileTable(path: "a.jsonl", format: .jsonLines, badRows: .skip, cache: .off)
        let data = try FileSource(name: "x", interactions: table)
            .load(in: scratch.environment()) { _ in }
        #expect(data.interactions.names == ["\u{E9}", "a"])
        #expect(data.interactions.rowCount == 2)
    }

    /// A table of nothing but what is passed over is none.
    @Test func columnsThatAreAllPassedOver() throws {
        #expect(throws: DataError.self) {
            try load("a.inter", Array("emb:float_seq\n1 2\n".utf8), .atomic)
        }
    }

    @Test func namesOfColumnsThatAreEqual() throws {
        let options = FileTable.Delimited()
        #expect(throws: DataError.self) {
            try load("a.csv", Array("\u{E9},e\u{301}\n1,2\n".utf8), .delimited(options))
        }
    }

    @Test func manyColumns() throws {
        let names = (0..<60_000).map { "c\($0)" }
        let row = [String](repeating: "1", count: 60_000).joined(separator: ",")
        let csv = try load(
            "a.csv", Array((names.joined(separator: ",") + "\n" + row + "\n").utf8),
            .delimited(FileTable.Delimited()))
        #expect(csv.interactions.names.count == 60_000)
        let object = "{" + names.map { "\"\($0)\": 1" }.joined(separator: ",") + "}\n"
        let lines = try load("a.jsonl", Array((object + object).utf8), .jsonLines)
        #expect(lines.interactions.names.count == 60_000)
    }

    /// An array's header with a value that is not there; cut at every byte.
    @Test func headersOfArrays() throws {
        let scratch = try Scratch()
        let headers = [
            "{'descr':, 'fortran_order': False, 'shape': (1, 4), }",
            "{'descr': '<f4', 'fortran_order':, 'shape': (1, 4), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape':, }",
            "{'descr':}", "{'descr': '<f4', 'fortran_order': False, 'shape': (), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }",
        ]
        for header in headers {
            for length in 0...header.utf8.count {
                let text = Array(header.utf8.prefix(length))
                let bytes =
                    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text
                    + [UInt8](repeating: 0, count: 16)
                try scratch.write("a.npy", bytes)
                var matrix = Matrix(rows: 1, columns: 4)
                _ = try? PretrainedWeights(path: "a.npy").fill(
                    &matrix, vocabulary: nil, in: scratch.environment())
            }
        }
    }
}
