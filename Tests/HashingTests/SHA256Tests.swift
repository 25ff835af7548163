import Foundation
import Hashing
import TestSupport
import Testing

@Suite struct SHA256Tests {
    static let ways: [SHA256.Way] = [.best, .plain]

    static func hash(_ bytes: [UInt8], _ way: SHA256.Way) -> String {
        var hash = SHA256(way: way)
        hash.update(bytes)
        return hash.hexadecimal()
    }

    /// The examples of NIST's "Secure Hashing" page for SHA-256, one and two blocks long, the empty
    /// message, and a million times "a".
    static let examples: [(message: [UInt8], digest: String)] = [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            [UInt8](repeating: 0x61, count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: ways) func examplesOfTheStandard(way: SHA256.Way) {
        for example in Self.examples {
            #expect(Self.hash(example.message, way) == example.digest)
        }
    }

    @Test func piecesDoNotMatter() {
        var random = SystemRandomNumberGenerator()
        for length in Array(0...200) + [1_000, 4_096, 10_001] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let whole = Self.hash(bytes, .plain)
            #expect(Self.hash(bytes, .best) == whole)
            for way in Self.ways {
                var hash = SHA256(way: way)
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = Int.random(in: 1...min(rest.count, 150), using: &random)
                    hash.update(Array(rest.prefix(count)))
                    _ = hash.digest()  // Asking in between changes nothing.
                    rest = rest.dropFirst(count)
                }
                #expect(hash.hexadecimal() == whole, "\(length) bytes in pieces")
            }
        }
    }

    #if os(Linux)
        @Test func agreesWithTheSystemsProgram() throws {
            let folder = try TemporaryFolder()
            var expected: [String: String] = [:]
            for index in 0..<40 {
                let length = index < 4 ? [0, 55, 56, 64][index] : Int.random(in: 0...300_000)
                let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
                let file = try folder.write("\(index)", bytes)
                #expect(SHA256.hexadecimal(ofFile: file) == SHA256.hexadecimal(of: bytes))
                expected["\(index)"] = SHA256.hexadecimal(of: bytes)
            }
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["sha256sum"] + expected.keys
            process.currentDirectoryURL = URL(filePath: folder.path)
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let output = try #require(try pipe.fileHandleForReading.readToEnd())
            process.waitUntilExit()
            var found: [String: String] = [:]
            for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ")
                found[String(words[1])] = String(words[0])
            }
            #expect(found == expected)
        }
    #endif

    @Test func aFileThatIsNotThereHasNone() {
        #expect(SHA256.hexadecimal(ofFile: "/nowhere/at/all") == nil)
    }
}
