import Foundation
import Parquet
import Retrieval
import TestSupport
import Testing

/// A folder in which Spark, or another that writes on many machines, left a table.
@Suite struct TableFolderTests {
    private static let names = (0..<3).map { "part-0000\($0)-5a1c-c000" }

    private static func load(_ scratch: Scratch, path: String = "log") throws -> [String] {
        let data = try FileSource(interactions: FileTable(path: path))
            .load(in: scratch.environment())
        let users = try data.interactions.tokens("user_id")
        return (0..<users.count).map { users[$0] }
    }

    private static func message(_ scratch: Scratch, path: String = "log") -> String {
        do {
            return "\(try load(scratch, path: path))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ["log", "log/", "lo*[g"]) func itsFilesAreOneTable(folder: String) throws {
        let scratch = try Scratch()
        let name = folder.hasSuffix("/") ? "log" : folder
        try scratch.write(name + "/_SUCCESS", "")
        try scratch.write(name + "/.part-00000.csv.crc", [1, 2, 3])
        try scratch.write(name + "/" + Self.names[2] + ".csv", "user_id,item_id\nc,k\n")
        try scratch.write(name + "/" + Self.names[0] + ".csv", "user_id,item_id\na,i\nb,j\n")
        // A task that had no rows.
        try scratch.write(name + "/" + Self.names[1] + ".csv", "")
        #expect(try Self.load(scratch, path: folder) == ["a", "b", "c"])
    }

    @Test func parquetTooAndWhatItIsPartOf() throws {
        let scratch = try Scratch()
        for (number, name) in Self.names.enumerated() {
            var bytes: [UInt8] = []
            var writer = try ParquetWriter(columns: [
                .init("user_id", .integers), .init("item_id", .strings),
            ]) { bytes += $0 }
            if number != 1 { try writer.write([.integers([Int64(number)]), .strings(["i"])]) }
            try writer.finish()
            try scratch.write("log/" + name + ".snappy.parquet", bytes)
        }
        try scratch.write("log/_SUCCESS", "")
        var table = ParquetTable(path: "log")
        let data = try ParquetSource(interactions: table).load(
            for: DataRequest(query: "user_id", candidate: "item_id"), in: scratch.environment(),
            progress: { _ in })
        #expect(try data.interactions.tokens("user_id") == TokenColumn(["0", "2"]))
        // As training part beside another.
        table.parts = FileTable.HeldOutFiles(test: "log/" + Self.names[0] + ".snappy.parquet")
        #expect(
            try ParquetSource(interactions: table).load(in: scratch.environment()).interactions
                .rowCount == 3)
    }

    @Test func whatIsNoTableIsSaid() throws {
        let scratch = try Scratch()
        try scratch.write("log/_SUCCESS", "")
        #expect(Self.message(scratch).contains("cannot read 'log': it is a folder without files"))
        try scratch.write("log/country=DE/part-0.csv", "user_id,item_id\na,i\n")
        let message = Self.message(scratch)
        #expect(message.contains("such as 'country=DE': the pattern 'log/*/*' reads their files"))
        #expect(try Self.load(scratch, path: "log/*/*") == ["a"])
        try scratch.write("log/_temporary/0/x.csv", "")
        #expect(Self.message(scratch).contains("'_temporary' is still within"))
        try scratch.write("log/_delta_log/0.json", "{}")
        #expect(Self.message(scratch).contains("Delta Lake"))
    }
}
