import Retrieval
import TestSupport
import Testing

@Suite struct MovieLensTests {
    private func load(_ scratch: Scratch) throws -> Dataset {
        try MovieLensSource(path: ".").load(in: scratch.environment())
    }

    @Test func filesBecomeColumns() throws {
        let scratch = try Scratch()
        try MovieLensFixture.write(scratch, in: "ml-100k")
        let data = try load(scratch)
        let interactions = data.interactions
        #expect(interactions.names == ["user_id", "item_id", "rating", "timestamp"])
        #expect(
            try interactions.tokens("user_id")
                == TokenColumn(codes: [0, 1, 0, 2], dictionary: ["196", "186", "22"]))
        #expect(try interactions.tokens("item_id").dictionary == ["242", "302"])
        #expect(try interactions.numbers("rating") == [3, 3, 4, 1])
        #expect(
            try interactions.integers("timestamp")
                == [881_250_949, 891_717_742, 878_887_116, 880_606_923])
        #expect(try data.queries?.integers("age") == [40, 39, 49])
        #expect(try data.queries?.tokens("occupation").codes == [0, 1, 0])
        #expect(try data.queries?.tokens("zip_code")[2] == "T8H1N")
        #expect(try data.candidates?.tokens("title")[1] == "Les Misérables (1995)")
        #expect(try data.candidates?.tokens("release_date")[1] == "")
        #expect(try data.candidates?.tokenLists("genres")[0] == ["Comedy"])
        #expect(try data.candidates?.tokenLists("genres")[1] == ["unknown", "Drama", "Musical"])
    }

    @Test func theOriginSaysWhatWasRead() throws {
        let scratch = try Scratch()
        try MovieLensFixture.write(scratch, in: "ml-100k")
        let origin = try load(scratch).origin
        #expect(origin.source == "movielens" && origin.variant == "100k")
        #expect(origin.location?.hasSuffix("/ml-100k") == true)
        #expect(origin.notes.count == 3)
        #expect(
            origin.notes.first?.hasPrefix(
                "u.data is not the genuine file of MovieLens 100K: its SHA-256 is ") == true)
    }

    /// CR LF, no end of the last line, and long or equal beginnings of ids.
    @Test func lineEndsDoNotMatter() throws {
        let plain = try Scratch()
        let other = try Scratch()
        let data = "1\t123456789012\t4.5\t-7\n12\t12345678901\t5\t0\n1\t123456789012\t5\t1\n"
        try MovieLensFixture.write(plain, in: "ml-100k", data: data)
        try MovieLensFixture.write(
            other, in: "ml-100k",
            data: String(data.dropLast()).replacing("\n", with: "\r\n"))
        let (first, second) = (try load(plain), try load(other))
        #expect(first.origin.contentDigest == second.origin.contentDigest)
        #expect(try second.interactions.integers("timestamp") == [-7, 0, 1])
        #expect(try second.interactions.numbers("rating") == [4.5, 5, 5])
        #expect(
            try second.interactions.tokens("item_id")
                == TokenColumn(codes: [0, 1, 0], dictionary: ["123456789012", "12345678901"]))
    }

    @Test func manyIdsKeepTheirCodes() throws {
        let scratch = try Scratch()
        let ids = (0..<700).map { "\($0 * $0 * 7919 + 1)" }
        let lines = (ids + ids.reversed()).map { "\($0)\t1\t1\t1\n" }.joined()
        try MovieLensFixture.write(scratch, in: "ml-100k", data: lines)
        let column = try load(scratch).interactions.tokens("user_id")
        #expect(column == TokenColumn(ids + ids.reversed()))
    }

    @Test(arguments: [
        (
            "1\t2\t3\t4\n1\t2\t3\n",
            "2:6: required 4 fields separated by tabs (user id, item id, rating, timestamp), "
                + "found 3 fields"
        ),
        (
            "1\t2\t3\t4\n\n1\t2\t3\t4\n",
            "2:1: required 4 fields separated by tabs (user id, item id, rating, timestamp), "
                + "found an empty line"
        ),
        (
            "user,item\n",
            "1:10: required 4 fields separated by tabs (user id, item id, rating, timestamp), "
                + "found 1 field"
        ),
        (
            "1\t2\t3\t4\t5\n",
            "1:8: required the end of the line after 4 fields separated by tabs (user id, item id, "
                + "rating, timestamp), found another field"
        ),
        ("1\t2\t3\t4\nx1\t2\t3\t4", "2:1: required user id, digits only, found 'x1'"),
        ("1\t\t3\t4", "1:3: required item id, digits only, found nothing"),
        ("1\t2\tgood\t4", "1:5: required rating, a number, found 'good'"),
        ("1\t2\t1.2.3\t4", "1:5: required rating, a number, found '1.2.3'"),
        ("1\t2\t.\t4", "1:5: required rating, a number, found '.'"),
        (
            "1\t2\t12345678901234567\t4",
            "1:5: required rating, a number, found '12345678901234567'"
        ),
        ("1\t2\t3\t\u{e9}\n", "1:7: required timestamp, an integer, found '\\xC3\\xA9'"),
        (
            "1\t2\t3\t9223372036854775808\r\n",
            "1:7: required timestamp, an integer, found '9223372036854775808'"
        ),
        ("1\t2\t3\t-\n", "1:7: required timestamp, an integer, found '-'"),
        (
            "1\t2\t3\taaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            "1:7: required timestamp, an integer, found 'aaaaaaaaaaaaaaaaaaaaaaaa'…"
        ),
        ("", "1:1: required at least one line, found an empty file"),
    ])
    func badInteractionsAreErrors(data: String, message: String) throws {
        #expect(try MovieLensFixture.error(data: data) == "ml-100k/u.data:" + message)
    }

    @Test func badSideTablesAreErrors() throws {
        #expect(
            try MovieLensFixture.error(user: "1|20|M|none|1\n2|20|M|none|1\n1|20|M|none|1\n")
                == "ml-100k/u.user:3:1: required an id that no earlier line has, found '1'")
        #expect(
            try MovieLensFixture.error(user: "1|young|M|none|1\n")
                == "ml-100k/u.user:1:3: required age, an integer, found 'young'")
        #expect(
            try MovieLensFixture.error(item: Array("1|A|B||".utf8))
                == "ml-100k/u.item:1:8: required 24 fields separated by '|', found 5 fields")
        let flags = [String](repeating: "0", count: 18).joined(separator: "|")
        #expect(
            try MovieLensFixture.error(item: Array("1|A|B|||2|\(flags)\n".utf8))
                == "ml-100k/u.item:1:9: required the flag of 'unknown', 0 or 1, found '2'")
    }

    /// Any bytes: read or refused, never a trap.
    @Test func hostileBytesNeverTrap() throws {
        var stream = RandomStream(seed: 9, stream: "bytes")
        let alphabet: [UInt8] = Array("\t\n\r|0129-.\u{0}x".utf8) + [0xFF]
        let scratch = try Scratch()
        try MovieLensFixture.write(scratch, in: "ml-100k")
        for name in ["u.data", "u.user", "u.item"] {
            for _ in 0..<60 {
                let bytes = (0..<stream.below(80)).map { _ in
                    alphabet[stream.below(alphabet.count)]
                }
                try scratch.write("ml-100k/" + name, bytes)
                _ = try MovieLensFixture.error(MovieLensSource(path: "ml-100k"), scratch)
            }
        }
    }
}
