/// A page taken apart as a browser would, strictly: tags must close each other.
struct PageReading {
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// The names of elements, in order.
    private(set) var elements: [String] = []
    /// The attributes of each element.
    private(set) var attributes: [[String: String]] = []
    /// All text outside of the style and the script, with entities as characters.
    private(set) var text = ""
    /// The values of `data` elements with what is shown of them.
    private(set) var numbers: [(value: String, shown: String)] = []

    private static let void: Set<String> = ["meta", "link"]

    init(_ html: String) throws {
        var rest = Substring(html)
        guard rest.hasPrefix("<!doctype html>\n") else { throw Problem(description: "no doctype") }
        rest = rest.dropFirst(16)
        var open: [String] = []
        while let mark = rest.firstIndex(of: "<") {
            read(rest[..<mark], in: open)
            rest = rest[mark...].dropFirst()
            guard let end = Self.end(of: rest) else {
                throw Problem(description: "a tag is cut off")
            }
            let tag = rest[..<end]
            rest = rest[end...].dropFirst()
            if tag.hasPrefix("/") {
                guard open.popLast() == String(tag.dropFirst()) else {
                    throw Problem(description: "</\(tag.dropFirst())> closes nothing")
                }
                continue
            }
            let isLeaf = tag.hasSuffix("/")
            let name = String(tag.prefix { $0 != " " && $0 != "/" })
            elements.append(name)
            attributes.append(try Self.attributes(of: tag.dropFirst(name.count)))
            if name == "data" { numbers.append((attributes.last?["value"] ?? "", "")) }
            if name == "style" || name == "script" {
                guard let close = rest.firstRange(of: "</\(name)>") else {
                    throw Problem(description: "\(name) does not end")
                }
                rest = rest[close.upperBound...]
                continue
            }
            if !isLeaf, !Self.void.contains(name) { open.append(name) }
        }
        guard open.isEmpty else { throw Problem(description: "\(open) are open") }
    }

    func count(of name: String) -> Int { elements.count { $0 == name } }

    private mutating func read(_ raw: Substring, in open: [String]) {
        let plain = Self.unescaped(raw)
        text += plain
        if open.last == "data", !numbers.isEmpty { numbers[numbers.count - 1].shown += plain }
    }

    /// Quoted values may hold anything but quotes.
    private static func end(of tag: Substring) -> Substring.Index? {
        var isQuoted = false
        return tag.indices.first { place in
            if tag[place] == "\"" { isQuoted.toggle() }
            return tag[place] == ">" && !isQuoted
        }
    }

    private static func attributes(of text: Substring) throws -> [String: String] {
        var attributes: [String: String] = [:]
        var rest = text.drop { $0 == " " }
        while let sign = rest.firstIndex(of: "=") {
            let name = String(rest[..<sign])
            guard rest[sign...].dropFirst().first == "\"" else {
                throw Problem(description: "\(name) is not quoted")
            }
            let value = rest[sign...].dropFirst(2)
            guard let end = value.firstIndex(of: "\"") else {
                throw Problem(description: "\(name) does not end")
            }
            attributes[name] = unescaped(value[..<end])
            rest = value[end...].dropFirst().drop { $0 == " " }
        }
        guard rest.allSatisfy({ $0 == "/" || $0 == " " }) else {
            throw Problem(description: "'\(rest)' is no attribute")
        }
        return attributes
    }

    private static func unescaped(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
            .replacing("&amp;", with: "&")
    }
}
