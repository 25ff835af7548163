import Hashing
import ResultsFormat

/// Names for trials, made of their settings.
struct TrialNaming {
    /// The least of each path's end that no other path has; the same with what leads to the last
    /// name cut to first letters; and with the last name cut to those of its words.
    private let names: [[JSONPath: String]]

    init(_ paths: [JSONPath]) {
        let distinct = Set(paths)
        /// How many paths end with so many words.
        var counts: [ArraySlice<String>: Int] = [:]
        for path in distinct {
            let own = Self.words(path)
            for length in 1...max(own.count, 1) { counts[own.suffix(length), default: 0] += 1 }
        }
        var ends: [JSONPath: [String]] = [:]
        for path in distinct {
            let own = Self.words(path)
            let length = (1...max(own.count, 1)).first { counts[own.suffix($0)] == 1 }
            ends[path] = Array(own.suffix(length ?? own.count))
        }
        func named(_ last: (String) -> String, before: (String) -> String) -> [JSONPath: String] {
            ends.mapValues { words in
                Self.harmlessPath(
                    (words.dropLast().map(before) + words.suffix(1).map(last))
                        .joined(separator: "."))
            }
        }
        let initial = { (word: String) in String(word.prefix(1)) }
        let initials = { (word: String) in
            word.split(separator: "_").map { String($0.prefix(1)) }.joined(separator: "_")
        }
        names = [
            named({ $0 }, before: { $0 }), named({ $0 }, before: initial),
            named(initials, before: initial),
        ].filter {
            // Where two would be called alike, nobody is cut.
            Set($0.values).count == $0.count
        }
    }

    /// The settings' part of a name, in the order of the paths.
    ///
    /// - Parameter overlay: the name of an overlay, whose settings are left out.
    func configuration(
        _ settings: [(path: JSONPath, value: JSONValue)], overlay: String? = nil
    ) -> String {
        for names in names {
            let parts = settings.map {
                "\(names[$0.path] ?? Self.harmlessPath($0.path.text))=\(Self.label($0.value))"
            }
            let full = ((overlay.map { [$0] } ?? []) + parts).joined(separator: ",")
            // A file name has its limits, and so has patience.
            if full.utf8.count <= 120 { return full }
        }
        // Values alone, each cut to its share: what differs is seen, and the hash tells the rest.
        let share = max(4, 100 / max(1, settings.count + (overlay == nil ? 0 : 1)) - 1)
        let labels = (overlay.map { [$0] } ?? []) + settings.map { Self.label($0.value) }
        let text = labels.map { String($0.prefix(share)) }.joined(separator: ",")
        let whole = settings.map { "\($0.path.text)=\(Self.label($0.value))" }
            .joined(separator: ",")
        return text.prefix(100) + "~" + Self.hash(whole + (overlay ?? ""))
    }

    /// A path as part of a name: itself where it is harmless, as every path of the catalogue's
    /// fields is, else with a hash. A key may hold whatever a string can, such as `/../`.
    private static func harmlessPath(_ text: String) -> String {
        harmless(text) == text && !text.hasPrefix(".")
            ? text : harmless(text) + "~" + hash(text)
    }

    private static func words(_ path: JSONPath) -> [String] {
        path.components.map {
            switch $0 {
            case .key(let key): key
            case .index(let index): "\(index)"
            }
        }
    }

    /// A value as part of a name: itself where it is short and harmless, else with a hash.
    private static func label(_ value: JSONValue) -> String {
        let text: String
        switch value {
        case .string(let string):
            text = string
            // Not to be taken for the number or the boolean of the same look.
            let isAmbiguous = Double(string) != nil || ["true", "false", "null"].contains(string)
            if isAmbiguous { return harmless(string) + "~" + hash(value) }
        case .object, .array:
            return harmless(String(words(value).prefix(40))) + "~" + hash(value)
        default: text = (try? value.jsonText(.compact)) ?? ""
        }
        let isHarmless =
            !text.isEmpty && text.utf8.count <= 40 && harmless(text) == text
            && !text.hasPrefix(".")
        return isHarmless ? text : harmless(String(text.prefix(20))) + "~" + hash(value)
    }

    /// The names and numbers of a value, in their order: `dense-16-relu+dense-8` of two layers,
    /// `64-32` of numbers, `empty` of an empty list.
    static func words(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            let kind = ["type", "source", "strategy"].first { members[$0] != nil }
            let others = members.filter { $0.key != kind }.map(\.value)
            let values = kind.flatMap { members[$0] }.map { [$0] + others } ?? others
            return members.isEmpty
                ? "empty" : values.map(words).filter { !$0.isEmpty }.joined(separator: "-")
        case .array(let items):
            let isPlain = items.allSatisfy { $0.arrayValue == nil && $0.objectValue == nil }
            return items.isEmpty
                ? "empty" : items.map(words).joined(separator: isPlain ? "-" : "+")
        case .string(let text): return text
        case .integer, .number: return (try? value.jsonText(.compact)) ?? ""
        case .bool, .null: return ""
        }
    }

    private static func harmless(_ text: String) -> String {
        String(
            text.map {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) ? $0 : "-"
            })
    }

    private static func hash(_ value: JSONValue) -> String {
        hash((try? value.jsonText(.canonical)) ?? "")
    }

    private static func hash(_ text: String) -> String {
        String(SHA256.hexadecimal(of: text).prefix(8))
    }
}
