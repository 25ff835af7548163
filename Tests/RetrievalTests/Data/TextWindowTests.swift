import Retrieval
import TestSupport
import Testing

/// What is read depends neither on how much of a file is in memory at a time nor on how many
/// threads read it.
@Suite struct TextWindowTests {
    /// What came of reading: a digest with what was skipped, or the error.
    private func outcome(
        _ table: FileTable, window: Int, threads: Int = 1, _ scratch: Scratch
    ) -> String {
        var table = table
        table.windowSize = window
        var environment = scratch.environment()
        environment.threads = threads
        do throws(DataError) {
            let data = try FileSource(interactions: table).load(in: environment)
            return ([data.interactions.digest] + data.origin.notes).joined(separator: "\n")
        } catch {
            return error.description
        }
    }

    private func expectSame(
        _ table: FileTable, _ bytes: [UInt8], windows: [Int] = [64, 71, 100, 333]
    ) throws {
        let scratch = try Scratch()
        try scratch.write("log", bytes)
        let whole = outcome(table, window: 1 << 22, scratch)
        for window in windows {
            for threads in [1, 2, 5] {
                #expect(
                    outcome(table, window: window, threads: threads, scratch) == whole,
                    "window \(window), \(threads) threads")
            }
        }
    }

    private static func line(_ stream: inout RandomStream) -> String {
        let end = stream.below(4) == 0 ? "\r\n" : "\n"
        switch stream.below(16) {
        case 0: return end
        case 1: return "# a comment, \"with a quote" + end
        case 2: return "\"quoted \"\"\(stream.below(50))\"\", \nand long\",1.5,7,a|b" + end
        case 3: return "u\(stream.below(9)),bad,3," + end
        case 4: return "u\(stream.below(9)),1" + end
        case 5: return "\(String(repeating: "long", count: stream.below(60))),-1e2,0,x" + end
        case 6: return "u\(stream.below(9)),1,2,\"l|m\"" + end
        default: return "u\(stream.below(99)),\(stream.below(10)).5,\(stream.below(1000)),a|b" + end
        }
    }

    private static func table(_ policy: BadRowPolicy) -> FileTable {
        var format = FileTable.Delimited()
        format.comment = "#"
        return FileTable(
            path: "log", format: .delimited(format),
            columns: [
                ColumnDeclaration("r", .float), ColumnDeclaration("n", .integer),
                ColumnDeclaration("l", .list),
            ], badRows: policy)
    }

    @Test(arguments: 0..<40)
    func delimitedText(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "windows")
        var text = "\u{FEFF}u,r,n,l\n"
        for _ in 0..<stream.below(120) { text += Self.line(&stream) }
        if stream.below(3) == 0 { text += "last,1,2,z" }
        if stream.below(8) == 0 { text += "\n\"open,1,2,3\n" }
        for policy in BadRowPolicy.allCases {
            try expectSame(Self.table(policy), Array(text.utf8))
        }
    }

    @Test func longDelimitersAndRecordsLongerThanTheWindow() throws {
        var format = FileTable.Delimited()
        format.delimiter = "::"
        let lines = (0..<50).map { "\($0)::\(String(repeating: "ab:", count: $0 * 3))x\n" }
        try expectSame(
            FileTable(path: "log", format: .delimited(format)),
            Array(("u::t\n" + lines.joined()).utf8))
    }

    @Test func linesOfJSON() throws {
        let lines = (0..<60).map {
            $0 % 11 == 5
                ? "{\"u\": oops}\n"
                : "{\"u\": \"\(String(repeating: "é", count: $0))\", \"l\": [\($0), 2]}\r\n"
        }
        for policy in BadRowPolicy.allCases {
            try expectSame(
                FileTable(path: "log", format: .jsonLines, badRows: policy),
                Array(("\u{FEFF}" + lines.joined()).utf8))
        }
    }

    /// Records read many at a time are those read one by one, as quoted ones are.
    @Test func quotesMakeNoDifference() throws {
        let rows = (0..<5000).map {
            ["u\($0 % 371)", "\($0 % 10).25", "\($0 * 7)", "a|b\($0 % 3)"]
        }
        let header = "u,r,n,l\r\n"
        let plain = header + rows.map { $0.joined(separator: ",") + "\r\n" }.joined()
        let quoted =
            header
            + rows.map { $0.map { "\"\($0)\"" }.joined(separator: ",") + "\r\n" }.joined()
        let scratch = try Scratch()
        try scratch.write("log", plain)
        let first = outcome(Self.table(.error), window: 1 << 22, scratch)
        #expect(outcome(Self.table(.error), window: 4096, scratch) == first)
        try scratch.write("log", quoted)
        #expect(outcome(Self.table(.error), window: 1 << 22, scratch) == first)
    }

    @Test func placesAreThoseOfTheFile() throws {
        let scratch = try Scratch()
        let good = (0..<3000).map { "u\($0),1,2,a\n" }.joined()
        try scratch.write("log", "u,r,n,l\n" + good + "x,1,2,a\nx,1,no,a\n" + good)
        for (window, threads) in [(64, 1), (64, 3), (1000, 1), (1000, 2), (1 << 22, 1)] {
            #expect(
                outcome(Self.table(.error), window: window, threads: threads, scratch)
                    == "log:3003:5: required n, an integer of 64 bits, found 'no'")
        }
    }

    /// Tokens get their codes in the order of the file, and what is left out is told the same.
    @Test(arguments: 0..<6) func threadsMakeNoDifference(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "threads")
        var text = "u,r,n,l\n"
        for row in 0..<3000 {
            let user = stream.below(4) == 0 ? "user-number-\(row / 3)" : "u\(stream.below(700))"
            switch stream.below(40) {
            case 0: text += "\(user),1,bad,x\n"
            case 1: text += "\(user),1\n"
            case 2 where seed > 2: text += "\"a \n \(user)\",1,1,\n"
            default: text += "\(user),\(stream.below(50)),\(row),a|\(stream.below(9))\n"
            }
        }
        let scratch = try Scratch()
        try scratch.write("log", text)
        let whole = outcome(Self.table(.skip), window: 1 << 22, scratch)
        for (window, threads) in [(500, 2), (500, 4), (3000, 3), (20000, 2), (9000, 8)] {
            #expect(
                outcome(Self.table(.skip), window: window, threads: threads, scratch) == whole,
                "window \(window), \(threads) threads")
        }
    }

    @Test func charactersMayBeLatin1() throws {
        let scratch = try Scratch()
        try scratch.write("log", [UInt8]("u,na\u{6d}e\n1,".utf8) + [0xE9, 0x41, 0x0A])
        var format = FileTable.Delimited()
        format.encoding = .latin1
        let table = FileTable(path: "log", format: .delimited(format))
        let read = try FileSource(interactions: table).load(in: scratch.environment()).interactions
        #expect(try read.tokens("name")[0] == "éA")
    }
}
