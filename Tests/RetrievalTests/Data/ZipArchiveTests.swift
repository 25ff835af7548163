import Retrieval
import Testing

@Suite struct ZipArchiveTests {
    /// 40 lines, and what zlib's deflate at level 9 makes of them: one block with Huffman codes of
    /// its own.
    static let lines = (0..<40).map { (n: Int) in
        "\(n % 7 + 1)\t\(n % 11 + 1)\t\(n % 5 + 1)\t\(874_724_710 + n * 37)\n"
    }.joined()

    static let deflatedLines = hex(
        """
        45d1c98dc5300c05c1b3180df725ffc4e60963f18327c246b564cb114c97977a09939e3bdfee4576ee7c7b3bf\
        9b9f3bfb70ac5b9f3edd19427d7eb09aa53eb8d29e1d97a9383de3c2f98133de10706bb21287bc2e06614e589\
        215228ea1343c251b4156504455f50b5518cf53403c55ccf5811acf5cc06bd5ecf2ad19bf55c0c3d9cf8811e8\
        ca0fc4ee85d28ca8aa18ea2ae182928da8a318da22f981628c67a598a62ae573c08d67ae5895eaf576de8cd7a\
        ad7c3f292fd851f793fe4ed8e374ffe113c784ee3f7ce264d37dfb139339e8de47dfee4af73ef6f61a14f3792\
        99208d6f352c2e80f
        """)

    private static func hex(_ text: String) -> [UInt8] {
        let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }

    static var deflatedEntry: ZipBuilder.Entry {
        var entry = ZipBuilder.Entry("lines", lines.utf8)
        entry.deflated = deflatedLines
        return entry
    }

    private static func message(
        _ bytes: [UInt8], _ name: String = "lines", limit: Int = 1000
    ) -> String {
        do throws(ZipError) {
            _ = try ZipArchive(bytes).contents(of: name, limit: limit)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func storedAndDeflatedEntriesAreRead() throws {
        let builder = ZipBuilder(
            entries: [.init("a/b", [1, 2, 3]), Self.deflatedEntry, .init("empty", [])],
            comment: "made by a test")
        let archive = try ZipArchive(builder.bytes())
        #expect(try archive.contents(of: "a/b", limit: 3) == [1, 2, 3])
        #expect(try archive.contents(of: "lines", limit: 1000) == Array(Self.lines.utf8))
        #expect(try archive.contents(of: "empty", limit: 0) == [])
    }

    @Test func onlyTheExactNameIsTaken() {
        let builder = ZipBuilder(entries: [
            .init("../lines", [1]), .init("/lines", [1]), .init("x/lines", [1]),
        ])
        #expect(Self.message(builder.bytes()) == "the ZIP archive has no 'lines'")
        let twice = ZipBuilder(entries: [.init("lines", [1]), .init("lines", [2])])
        #expect(Self.message(twice.bytes()) == "the ZIP archive has more than one 'lines'")
    }

    @Test func whatIsUnsoundIsRefused() {
        func changed(_ change: (inout ZipBuilder.Entry) -> Void) -> String {
            var entry = Self.deflatedEntry
            change(&entry)
            return Self.message(ZipBuilder(entries: [entry]).bytes())
        }
        #expect(changed { _ in } == "no error")
        #expect(
            changed { $0.crc = 1 } == "the ZIP archive is damaged: the CRC-32 of 'lines' differs")
        let size = "the ZIP archive is damaged: 'lines' does not inflate to its size"
        #expect(changed { $0.size = 645 } == size)
        #expect(changed { $0.size = 647 } == size)
        #expect(changed { $0.deflated?.removeLast(9) } == size)
        #expect(changed { $0.deflated?[20] ^= 0x55 } != "no error")
        #expect(
            changed { $0.size = 1001 }
                == "'lines' in the ZIP archive has 1001 bytes, more than the limit of 1000")
        #expect(
            changed { $0.flags = 1 }
                == "the ZIP archive uses what is not supported: encryption of 'lines'")
        #expect(
            changed { $0.method = 12 }
                == "the ZIP archive uses what is not supported: compression method 12 of 'lines'")
        #expect(
            changed { $0.method = 0 } == "the ZIP archive is damaged: the sizes of 'lines' differ")
        #expect(
            changed { $0.localName = "lives" }
                == "the ZIP archive is damaged: the two names of 'lines' differ")
    }

    @Test func whatIsNoArchiveIsRefused() {
        let whole = ZipBuilder(entries: [Self.deflatedEntry]).bytes()
        let none = "not a ZIP archive, or only a part of one"
        #expect(Self.message([]) == none)
        #expect(Self.message(Array("<html>not found</html>".utf8)) == none)
        #expect(Self.message(Array(whole.dropLast())) == none)
        #expect(
            Self.message(Array(whole.dropFirst(40)))
                == "the ZIP archive is damaged: the central directory lies outside the file")
    }

    /// Every byte of a sound archive changed to other values, one at a time: it is read as it was,
    /// or refused; the reader never traps and never answers other bytes.
    @Test func changedBytesNeverPassForContent() {
        let whole = ZipBuilder(entries: [Self.deflatedEntry]).bytes()
        var refused = 0
        for position in whole.indices {
            for change: UInt8 in [0xFF, 0x80, 0x01] {
                var bytes = whole
                bytes[position] ^= change
                do throws(ZipError) {
                    let content = try ZipArchive(bytes).contents(of: "lines", limit: 1000)
                    #expect(content.elementsEqual(Self.lines.utf8), "byte \(position)")
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > whole.count)
    }
}
