import Safeguards

/// Names and values of attributes, in order.
package typealias Attributes = KeyValuePairs<StaticString, String>

/// HTML or SVG that is well-formed by construction: the names of elements and attributes stand in
/// the program, and whatever comes from elsewhere goes in as text or as the value of an attribute,
/// escaped.
package struct Markup: Sendable {
    /// What a file holds of it.
    package private(set) var source: String

    package init() { source = "" }

    private init(source: String) { self.source = source }

    /// Text of which nothing is markup and nothing acts on its neighbours.
    package static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

    /// A name from a spec or from data: text that keeps its direction of writing to itself.
    package static func name(_ text: String) -> Markup { .element("bdi", [:], .text(text)) }

    /// What the program itself holds.
    static func trusted(_ source: String) -> Markup { Markup(source: source) }

    package static func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ children: Markup...
    ) -> Markup {
        element(name, attributes, children)
    }

    package static func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ children: [Markup]
    ) -> Markup {
        var source = opening(name, attributes) + ">"
        for child in children { source += child.source }
        return Markup(source: source + "</\(name)>")
    }

    /// An element that never has children: one of SVG, or such as `meta`.
    package static func leaf(_ name: StaticString, _ attributes: Attributes = [:]) -> Markup {
        Markup(source: opening(name, attributes) + "/>")
    }

    package static func + (left: Markup, right: Markup) -> Markup {
        Markup(source: left.source + right.source)
    }

    package static func += (left: inout Markup, right: Markup) { left.source += right.source }

    private static func opening(_ name: StaticString, _ attributes: Attributes) -> String {
        var source = "<\(name)"
        for (name, value) in attributes { source += " \(name)=\"\(escaped(value))\"" }
        return source
    }

    /// Control characters and marks that turn the direction of writing are shown as escapes.
    static func escaped(_ text: String) -> String {
        let shown = VisibleText.line(text)
        guard shown.utf8.contains(where: isSpecial) else { return shown }
        var source = ""
        for scalar in shown.unicodeScalars {
            switch scalar {
            case "&": source += "&amp;"
            case "<": source += "&lt;"
            case ">": source += "&gt;"
            case "\"": source += "&quot;"
            case "'": source += "&#39;"
            default: source.unicodeScalars.append(scalar)
            }
        }
        return source
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            true
        default: false
        }
    }
}

extension [Markup] {
    package var joined: Markup { reduce(into: Markup()) { $0 += $1 } }
}

extension Markup {
    /// The end of a line where lines count, in `pre`.
    static let lineBreak = Markup.trusted("\n")

    package static func paragraph(_ children: Markup...) -> Markup { .element("p", [:], children) }

    /// Terms and what belongs to them.
    static func definitions(_ entries: [(term: String, value: Markup)]) -> Markup {
        .element(
            "dl", [:],
            entries.map { .element("dt", [:], .text($0.term)) + .element("dd", [:], $0.value) })
    }
}
