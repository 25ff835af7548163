import ResultsFormat

/// A resolved spec as YAML, with marks where it is not as by default.
struct SpecText {
    let spec: JSONValue
    /// Paths of settings that somebody chose.
    let nonDefaults: Set<String>?

    var markup: Markup {
        var lines = Markup()
        write(spec, indent: 0, path: [], isMarked: false, to: &lines)
        return .element("pre", ["tabindex": "0"], .element("code", [:], lines))
    }

    private func write(
        _ value: JSONValue, indent: Int, path: JSONPath, isMarked: Bool, to lines: inout Markup
    ) {
        let margin = String(repeating: "  ", count: indent)
        switch value {
        case .object(let members):
            for member in members {
                let place = path.appending(.key(member.key))
                let key = Self.isPlain(member.key) ? member.key : Self.json(.string(member.key))
                entry("\(margin)\(key):", member.value, indent, place, isMarked, &lines)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                let place = path.appending(.index(index))
                entry("\(margin)-", element, indent, place, isMarked, &lines)
            }
        default: break
        }
    }

    private func entry(
        _ start: String, _ value: JSONValue, _ indent: Int, _ path: JSONPath, _ isMarked: Bool,
        _ lines: inout Markup
    ) {
        let isMarked = isMarked || nonDefaults?.contains(path.text) ?? false
        if let text = Self.inline(value) {
            let line = Markup.text("\(start) \(text)")
            lines += isMarked ? .element("mark", [:], line) : line
            lines += .lineBreak
        } else {
            lines += .text(start)
            lines += .lineBreak
            write(value, indent: indent + 1, path: path, isMarked: isMarked, to: &lines)
        }
    }

    /// A value on one line; nil for one that takes several.
    private static func inline(_ value: JSONValue) -> String? {
        switch value {
        case .object(let members): return members.isEmpty ? "{}" : nil
        case .array(let elements):
            let isFlat = elements.allSatisfy {
                $0.objectValue == nil && $0.arrayValue == nil
            }
            guard isFlat else { return nil }
            let text = "[" + elements.map(json).joined(separator: ", ") + "]"
            return text.count <= 90 ? text : nil
        case .string(let text): return isPlain(text) ? text : json(value)
        default: return json(value)
        }
    }

    /// Whether a word means itself in YAML without quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first >= UInt8(ascii: "A"), text.count <= 80,
            !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(
                text.lowercased())
        else { return false }
        return text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "@")
        }
    }

    static func json(_ value: JSONValue) -> String { (try? value.jsonText(.compact)) ?? "?" }
}
