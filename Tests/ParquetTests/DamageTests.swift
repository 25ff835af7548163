import Foundation
import Parquet
import TestSupport
import Testing

/// Files that are not what they should be: an error that says so, and never a crash.
@Suite struct DamageTests {
    @Test func otherFilesAreNamedAsSuch() throws {
        let folder = try TemporaryFolder()
        for (content, found) in [
            ("", "0 bytes"), ("user_id,item_id\n1,2\n3,4\n", "other bytes"),
        ] {
            let path = try folder.write("x.parquet", content)
            #expect(throws: ParquetError.notParquet(file: path, found: found)) {
                try ParquetFile(path: path)
            }
        }
        #expect(
            throws: ParquetError.unreadable(file: folder.path, reason: "not a regular file")
        ) { try ParquetFile(path: folder.path) }
        let absent = folder.path + "/absent.parquet"
        #expect(
            throws: ParquetError.unreadable(file: absent, reason: "No such file or directory")
        ) { try ParquetFile(path: absent) }
    }

    @Test func aColumnThatIsNotThereIsAnError() throws {
        let file = try ParquetFile(path: FixtureTests.path("fastparquet"))
        #expect(
            throws: ParquetError.noColumn(
                file: file.path, name: "users",
                available: ["user", "item", "score", "when", "title"])
        ) { try file.read("users", rowGroup: 0) }
    }

    @Test func aFileThatIsCutShortIsAnError() throws {
        let bytes = try Data(contentsOf: URL(filePath: FixtureTests.path("polars")))
        for count in stride(from: 0, to: bytes.count, by: 61) {
            #expect(throws: ParquetError.self) { try Self.readAll(bytes.prefix(count)) }
        }
    }

    /// The first page's header says that it holds, or comes to, more than the format can.
    @Test(
        arguments: ["pyarrow-gzip", "pyarrow-snappy", "pyarrow-zstd", "pyarrow-none"],
        [Int64(Int32.max) + 1, 1 << 33, .max])
    func sizesBeyondTheFormatAreErrors(writer: String, size: Int64) throws {
        let bytes = try Data(contentsOf: URL(filePath: FixtureTests.path(writer)))
        // Behind the mark: the type of the page, one byte, then both sizes, each by its field.
        try #require(bytes[4] == 0x15 && bytes[6] == 0x15)
        var place = 7
        for _ in 0..<2 {
            var end = place
            while bytes[end] >= 0x80 { end += 1 }
            var rest = UInt64(bitPattern: size) << 1
            var text: [UInt8] = []
            while rest >= 0x80 {
                text.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            let changed = bytes[..<place] + text + [UInt8(rest)] + bytes[(end + 1)...]
            #expect(throws: ParquetError.self) { try Self.readAll(Data(changed)) }
            // Past the name of the next field, of which there is one behind the first size.
            place = end + 2
        }
    }

    /// Bytes changed, lost and put in, most of them where sizes and counts stand.
    @Test(arguments: FixtureTests.writers) func mutatedFilesNeverCrash(writer: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: FixtureTests.path(writer)))
        var random = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<200 {
            var mutated = [UInt8](bytes)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated.remove(at: place)
                case 1:
                    let bytes: [UInt8] = [0, 0x7F, 0x80, 0xFF]
                    mutated.insert(bytes.randomElement(using: &random)!, at: place)
                default: mutated[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
            do {
                try Self.readAll(Data(mutated))
            } catch is ParquetError {
                refused += 1
            }
        }
        #expect(refused > 20)
    }

    static func readAll(_ bytes: Data) throws {
        let folder = try TemporaryFolder()
        let file = try ParquetFile(path: folder.write("x.parquet", bytes))
        var first: ParquetError?
        for group in file.rowCounts.indices {
            for column in file.columns {
                do throws(ParquetError) {
                    _ = try file.read(column.name, rowGroup: group)
                } catch {
                    first = first ?? error
                }
            }
        }
        if let first { throw first }
    }
}
