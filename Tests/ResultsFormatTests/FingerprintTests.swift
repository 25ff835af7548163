import ResultsFormat
import Testing

@Suite struct FingerprintTests {
    static func of(_ add: (inout Fingerprint) -> Void) -> String {
        var fingerprint = Fingerprint("test/1")
        add(&fingerprint)
        return fingerprint.hexadecimal()
    }

    @Test func theFramingIsFixed() {
        // SHA-256 of 01 06·· "test/1", 01 02·· "ab", 03 FE FF FF FF FF FF FF FF,
        // 06 01 20·· 02·· 01000000 FFFFFFFF, with lengths of 8 bytes; computed by another program.
        let text = Self.of {
            $0.combine("ab")
            $0.combine(-2)
            $0.combine(contentsOf: [1, -1] as [Int32])
        }
        #expect(text == "f9a586e782596688999600b850db32f1825bc2cacb2984e5cf7e62f516f46ea2")
    }

    @Test func differentSequencesDiffer() {
        let variants: [(inout Fingerprint) -> Void] = [
            { _ in },
            { $0.combine("") },
            { $0.combine(bytes: []) },
            {
                $0.combine("ab")
                $0.combine("c")
            },
            {
                $0.combine("a")
                $0.combine("bc")
            },
            { $0.combine("abc") },
            { $0.combine(bytes: Array("abc".utf8)) },
            { $0.combine(0) },
            { $0.combine(0.0) },
            { $0.combine(-0.0) },
            { $0.combine(-1) },
            { $0.combine(UInt64.max) },
            { $0.combine(contentsOf: [] as [Int32]) },
            { $0.combine(contentsOf: [] as [UInt32]) },
            { $0.combine(contentsOf: [] as [Int64]) },
            { $0.combine(contentsOf: [] as [Float]) },
            { $0.combine(contentsOf: [] as [Double]) },
            { $0.combine(contentsOf: [] as [String]) },
            { $0.combine(contentsOf: [1, 2] as [Int32]) },
            { $0.combine(contentsOf: [1, 2] as [Float]) },
            { $0.combine(contentsOf: ["ab", "c"]) },
            { $0.combine(contentsOf: ["a", "bc"]) },
        ]
        #expect(Set(variants.map(Self.of)).count == variants.count)
        #expect(Fingerprint("a").hexadecimal() != Fingerprint("b").hexadecimal())
    }

    @Test func integersCountByTheirValue() {
        #expect(Self.of { $0.combine(Int32(5)) } == Self.of { $0.combine(UInt64(5)) })
    }

    @Test func moreMayBeAddedAfterReading() {
        var fingerprint = Fingerprint("test/1")
        _ = fingerprint.hexadecimal()
        fingerprint.combine("abc")
        #expect(fingerprint.hexadecimal() == Self.of { $0.combine("abc") })
    }
}
