import Retrieval
import TestSupport
import Testing

/// What names nobody, or cannot be read, is no user and no item.
@Suite struct IDTests {
    private func load(
        _ bytes: [UInt8], _ format: FileTable.Format = .delimited(FileTable.Delimited()),
        _ policy: BadRowPolicy = .skip, blocks: Bool = true
    ) throws -> Dataset {
        let scratch = try Scratch()
        try scratch.write("log", bytes)
        var table = FileTable(path: "log", format: format, badRows: policy)
        table.readsBlocks = blocks
        return try FileSource(interactions: table).load(
            for: DataRequest(ids: ["user_id", "item_id"]), in: scratch.environment(),
            progress: { _ in })
    }

    private func message(_ text: String, _ format: FileTable.Format) -> String {
        do {
            _ = try load(Array(text.utf8), format, .error)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [true, false])
    func emptyIDsAreBadRows(blocks: Bool) throws {
        let text = "user_id,item_id,note\n,i1,\nu1,,x\nu1,i1,\nu2,i2,\n\"\",i3,y\n"
        let data = try load(Array(text.utf8), blocks: blocks)
        #expect(try data.interactions.tokens("user_id").dictionary == ["u1", "u2"])
        #expect(try data.interactions.tokens("item_id").dictionary == ["i1", "i2"])
        // Other columns may be empty.
        #expect(try data.interactions.tokens("note").dictionary == [""])
        #expect(data.origin.skippedRows == 3)
        #expect(data.origin.notes.first?.contains("log:2:1: required user_id, an id") == true)
        let error = message(text, .delimited(FileTable.Delimited()))
        #expect(error == "log:2:1: required user_id, an id, found nothing")
    }

    @Test func membersThatAreMissingNameNobody() throws {
        let text = """
            {"user_id": "u1", "item_id": "i1"}
            {"user_id": null, "item_id": "i1"}
            {"item_id": "i2"}
            {"user_id": "u2", "item_id": ""}
            {"user_id": 7, "item_id": "i3"}
            """
        let data = try load(Array(text.utf8), .jsonLines)
        #expect(try data.interactions.tokens("user_id").dictionary == ["u1", "7"])
        #expect(data.origin.skippedRows == 3)
        #expect(message(text, .jsonLines).hasPrefix("log:2:13: required user_id, an id, found"))
    }

    @Test func bytesThatAreNoTextAreNobody() throws {
        let names: [[UInt8]] = [[0x4A, 0xE9], [0x4A, 0xE8], [0x4A, 0x6F], Array("Zürich".utf8)]
        let bytes = Array("user_id,item_id\n".utf8) + names.flatMap { [0x75, 0x2C] + $0 + [0x0A] }
        let read = try load(bytes)
        #expect(try read.interactions.tokens("item_id").dictionary == ["Jo", "Zürich"])
        #expect(read.origin.notes.first?.contains("encoding: iso-8859-1") == true)
        var latin = FileTable.Delimited()
        latin.encoding = .latin1
        let items = try load(bytes, .delimited(latin)).interactions.tokens("item_id")
        #expect(items.dictionary.prefix(3) == ["Jé", "Jè", "Jo"])
    }

    /// Text that is equal is looked up as one wherever it stands, so it is one token.
    @Test func equalTextIsOneToken() throws {
        let text = "user_id,item_id,title\nu,caf\u{E9},K\nu,cafe\u{301},\u{212A}\nu,x,K\n"
        let table = try load(Array(text.utf8)).interactions
        #expect(try table.tokens("item_id").codes == [0, 0, 1])
        #expect(try table.tokens("title").codes == [0, 0, 0])
        let bytes =
            Array("user_id,item_id,title\nu,a,".utf8) + [0xE9, 0x0A]
            + Array("u,b,".utf8) + [0xE8, 0x0A]
        let data = try load(bytes)
        #expect(try data.interactions.tokens("title").dictionary.count == 1)
        #expect(
            data.origin.notes.first?.hasPrefix("'title' of the interactions: 2 distinct tokens")
                == true)
    }
}
