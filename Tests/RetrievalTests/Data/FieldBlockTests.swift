import Retrieval
import TestSupport
import Testing

/// Records read many at a time are those that are read one by one, whatever a file holds.
@Suite struct FieldBlockTests {
    /// What came of reading: a digest with what was skipped, or the error.
    private func outcome(_ table: FileTable, _ scratch: Scratch) -> String {
        do throws(DataError) {
            let data = try FileSource(interactions: table).load(in: scratch.environment())
            return ([data.interactions.digest] + data.origin.notes).joined(separator: "\n")
        } catch {
            return error.description
        }
    }

    private func expectSame(_ table: FileTable, _ text: String) throws {
        let scratch = try Scratch()
        try scratch.write("log", text)
        var plain = table
        plain.readsBlocks = false
        let expected = outcome(plain, scratch)
        for window in [64, 129, 1000, 1 << 20] {
            var fast = table
            fast.windowSize = window
            let found = outcome(fast, scratch)
            #expect(found == expected, "window \(window) of \(text.debugDescription)")
        }
    }

    private static func field(_ column: Int, _ stream: inout RandomStream) -> String {
        switch (column, stream.below(12)) {
        case (_, 0): return ""
        case (2, 1): return "-1e3"
        case (2, 2): return ".\(stream.below(100))"
        case (2, 3): return "\(stream.below(1000))."
        case (2, _): return "\(stream.below(10)).\(stream.below(1_000_000))"
        case (3, 1): return "-\(stream.below(1 << 40))"
        case (3, _): return String(stream.below(1 << (1 + stream.below(62))))
        case (_, 1): return String(repeating: "x", count: stream.below(90))
        case (0, _): return String(stream.below(40_000))
        case (_, 2): return "0\(stream.below(3))"
        case (_, 3): return "é\(stream.below(9))"
        default: return "item-\(stream.below(300))"
        }
    }

    /// A field as some program might write it.
    private static func written(
        _ field: String, _ delimiter: String, _ oddity: Int, _ stream: inout RandomStream
    ) -> String {
        switch stream.below(oddity) {
        case 0: return "\"\(field)\(delimiter)\n\""
        case 1: return "\"a \"\"\(field)\"\"\""
        case 2: return field + "\"" + field
        case 3: return "\"\(field)\"x"
        case 4: return field + "\r"
        case 5: return String(delimiter.prefix(1)) + field
        case 6: return "\"\(field)"
        case 7..<40: return "\"\(field)\""
        default: return field
        }
    }

    @Test(arguments: 0..<150)
    func randomFiles(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "blocks")
        let delimiter = [",", "\t", "::", ";", "aa", "|,|"][stream.below(6)]
        var format = FileTable.Delimited()
        format.delimiter = delimiter
        format.quote = stream.below(3) == 0 ? nil : "\""
        format.comment = stream.below(3) == 0 ? "#" : nil
        // From files of nothing odd to such where every line is.
        let oddity = [60, 1000, 1 << 40][stream.below(3)]
        let ends = stream.below(2) == 0 ? "\n" : "\r\n"
        var text = ["u", "i", "r", "t", "l"].joined(separator: delimiter) + ends
        for _ in 0..<stream.below(400) {
            if stream.below(oddity) == 0 { text += ["\n", "\r\n", "# \"\n"][stream.below(3)] }
            var count = 5
            if stream.below(oddity * 4) == 0 { count += stream.below(3) - 1 }
            text += (0..<count).map {
                Self.written(Self.field($0, &stream), delimiter, oddity, &stream)
            }.joined(separator: delimiter)
            text += stream.below(oddity) == 0 ? "\r\n" : ends
        }
        if stream.below(3) == 0 {
            text += ["last", "i", "1", "2", "x"].joined(separator: delimiter)
        }
        for policy in BadRowPolicy.allCases {
            try expectSame(
                FileTable(
                    path: "log", format: .delimited(format),
                    columns: [
                        ColumnDeclaration("r", .float, missing: -1),
                        ColumnDeclaration("t", .timestamp, unit: .milliseconds, missing: 0),
                        ColumnDeclaration("l", .list, separator: "-"),
                    ], badRows: policy, cache: .off), text)
        }
    }

    /// Any bytes at all, most of them such as mean something.
    @Test(arguments: 0..<150)
    func randomBytes(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "blocks/bytes")
        let alphabet = Array(",,,::\n\n\r\"\"#17.-e\u{FEFF}")
        var text = "u,i\n"
        for _ in 0..<stream.below(600) {
            if stream.below(12) == 0 { text += "\nabcdefgh,12345678\n" }
            text.append(alphabet[stream.below(alphabet.count)])
        }
        var format = FileTable.Delimited()
        format.comment = stream.below(2) == 0 ? "#" : nil
        try expectSame(
            FileTable(path: "log", format: .delimited(format), badRows: .skip, cache: .off), text)
    }

    /// RecBole's seconds since 1970, which may have a fraction.
    @Test func secondsOfAtomicFiles() throws {
        let times = [
            "0", "978300760", "978300760.0", "978300760.999999", "-1.5", "5.", ".5", "1e3", "",
            "99999999999999.9", "999999999999999", "9007199254740993", "123456789012345.", "1..2",
        ]
        for time in times {
            let text = "user_id:token\ttimestamp:float\nu\t\(time)\nv\t7\n"
            try expectSame(FileTable(path: "log", format: .atomic, badRows: .skip), text)
        }
    }
}
