import Foundation
import Hashing
import ResultsFormat
import TestSupport

/// Files as nobody should have written them.
enum FileMutation {
    /// Changes the bytes of a file: anywhere, or in what its format gives a meaning to.
    static func mutate(_ bytes: inout [UInt8], named name: String, _ random: inout SeededGenerator)
    {
        let isMeaning = Bool.random(using: &random)
        if isMeaning, name.hasSuffix(".json"), let json = try? JSONValue(parsing: bytes),
            let text = try? mutated(json, &random).jsonText(.compact)
        {
            bytes = Array(text.utf8)
        } else if isMeaning, name.hasSuffix(".safetensors"), bytes.count >= 16 {
            mutateTensors(&bytes, &random)
        } else {
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
        }
    }

    // MARK: Bytes

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else {
            bytes = [UInt8.random(in: .min ... .max, using: &random)]
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.removeSubrange(place..<min(place + 9, bytes.count))
        case 3: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
        case 4: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        default: replaceWord(at: place, of: &bytes, &random)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// A number, or a word, that is another.
    private static func replaceWord(
        at place: Int, of bytes: inout [UInt8], _ random: inout SeededGenerator
    ) {
        let words = [
            "-1", "0", "9223372036854775807", "1e308", "null", "\"\"", "[]", "{}", "4294967296",
            "\"../../etc/passwd\"", "true", "18446744073709551615",
        ]
        let start = bytes[place...].firstIndex { isDigit($0) || $0 == UInt8(ascii: "\"") }
        guard let start else { return }
        let end = bytes[(start + 1)...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(
            start..<end, with: Array(words.randomElement(using: &random)!.utf8))
    }

    // MARK: JSON

    /// The value with one place of it changed, as likely deep inside as on top.
    static func mutated(_ json: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        let goesDown = Int.random(in: 0..<8, using: &random) > 0
        switch json {
        case .object(var members) where goesDown && !members.isEmpty:
            let key = members.keys.randomElement(using: &random)!
            switch Int.random(in: 0..<12, using: &random) {
            case 0: members[key] = nil
            case 1: members[key] = members.values.randomElement(using: &random)!
            case 2: members[key + "x"] = members[key]
            default: members[key] = mutated(members[key]!, &random)
            }
            return .object(members)
        case .array(var elements) where goesDown && !elements.isEmpty:
            let place = elements.indices.randomElement(using: &random)!
            switch Int.random(in: 0..<8, using: &random) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements[place], at: place)
            case 2: elements.swapAt(0, place)
            default: elements[place] = mutated(elements[place], &random)
            }
            return .array(elements)
        case .integer(let number) where Bool.random(using: &random):
            return .integer(
                [number &+ 1, number &- 1, 0 &- number, number &* 2, 0].randomElement(
                    using: &random)!)
        case .string(let text) where Bool.random(using: &random):
            return .string(
                [text + "x", String(text.dropFirst()), text.uppercased(), ""]
                    .randomElement(using: &random)!)
        default:
            return [
                .null, .bool(true), .integer(-1), .integer(0), .integer(1), .integer(1 << 40),
                .integer(.max), .integer(.min), .number(1e308), .number(-0.5), .string(""),
                .string("../x"), .string("user_id"), .array([]), .array([.null, .integer(3)]),
                .object([:]),
            ].randomElement(using: &random)!
        }
    }

    // MARK: Tensors

    /// Changes what a header says of its tensors, or numbers that have a meaning.
    private static func mutateTensors(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let numbers = min(bytes.count, 8 + length)
        if Bool.random(using: &random), bytes.count - numbers >= 8 {
            let place =
                numbers + 8 * Int.random(in: 0..<(bytes.count - numbers) / 8, using: &random)
            let values: [UInt64] = [
                0, 1, .max, 1 << 63, UInt64(Int64.max), 0x7FF0_0000_0000_0000, 1 << 32,
                0x7F80_0000_7F80_0000, 0x7FC0_0000_7FC0_0000, 7,
            ]
            let value = values.randomElement(using: &random)!
            for byte in 0..<8 {
                bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
            }
            return
        }
        guard numbers > 8, let json = try? JSONValue(parsing: Array(bytes[8..<numbers])),
            let text = try? mutated(json, &random).jsonText(.compact)
        else { return mutate(&bytes, &random) }
        let count = UInt64(text.utf8.count)
        bytes =
            (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(text.utf8)
            + bytes[numbers...]
    }

    // MARK: Digests

    /// A record of a folder's files, stating the content of one of them that was changed and, over
    /// all, the digest that whoever means harm would state; nil where it is no record any more.
    ///
    /// - Parameter apart: members that the digest does not cover.
    static func sealed(
        _ record: [UInt8], file name: String? = nil, _ bytes: [UInt8] = [], apart: [String] = []
    ) throws -> [UInt8]? {
        guard var json = try? JSONValue(parsing: record), json.objectValue != nil else {
            return nil
        }
        if let name {
            var files = json["files"] ?? [:]
            files[name] = [
                "bytes": .integer(bytes.count), "sha256": .string(SHA256.hexadecimal(of: bytes)),
            ]
            json["files"] = files
        }
        var content = json
        for member in apart + ["digest"] { content[member] = nil }
        guard let text = try? content.jsonText(.canonical) else { return nil }
        json["digest"] = .string(SHA256.hexadecimal(of: text))
        return Array(try json.jsonText(.compact).utf8)
    }
}
