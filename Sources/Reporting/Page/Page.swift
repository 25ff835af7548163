import Hashing

/// A report: one file that needs no other, readable without scripts, in light and dark and
/// on paper.
package struct Page: Sendable {
    package var title: String
    /// The first lines: what was done and what came of it.
    package var lead: Markup
    package var sections: [Section]
    /// What made the page, and of what.
    package var footer: String

    package init(title: String, lead: Markup, sections: [Section], footer: String) {
        self.title = title
        self.lead = lead
        self.sections = sections
        self.footer = footer
    }

    package struct Section: Sendable {
        package var title: String
        package var content: Markup

        package init(_ title: String, _ content: Markup) {
            self.title = title
            self.content = content
        }

        /// Plots side by side as far as there is room.
        package init(
            _ title: String, _ figures: [Figure], before: Markup = Markup(),
            after: Markup = Markup()
        ) {
            self.title = title
            content =
                before + .element("div", ["class": "plots"], figures.map(\.markup)) + after
        }
    }

    /// The file's content.
    package var html: String {
        let head: [Markup] = [
            .leaf("meta", ["charset": "utf-8"]),
            .leaf(
                "meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy]),
            .leaf(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .leaf("meta", ["name": "color-scheme", "content": "light dark"]),
            .leaf("meta", ["name": "referrer", "content": "no-referrer"]),
            // Else a browser asks the server that it got the page from.
            .leaf("link", ["rel": "icon", "href": "data:,"]),
            .element("title", [:], .text(title)),
            .element("style", [:], .trusted(Style.sheet)),
        ]
        let body: [Markup] = [
            .element(
                "header", [:], .element("h1", [:], .name(title)), lead, contents),
            .element("main", [:], sections.enumerated().map { $1.markup(place: $0) }),
            .element("footer", [:], .text(footer)),
            .element("script", [:], .trusted(Script.source)),
        ]
        return "<!doctype html>\n"
            + Markup.element(
                "html", ["lang": "en"], .element("head", [:], head), .element("body", [:], body)
            ).source + "\n"
    }

    private var contents: Markup {
        guard sections.count > 2 else { return Markup() }
        let links = sections.enumerated().map { place, section in
            Markup.element("a", ["href": "#part\(place + 1)"], .text(section.title))
        }
        return .element("nav", ["aria-label": "Parts of this page"], links)
    }

    /// Nothing but what stands in the file, and of that only the one style and the one script.
    private static let policy =
        "default-src 'none'; img-src data:; style-src '\(hash(Style.sheet))'; "
        + "script-src '\(hash(Script.source))'; base-uri 'none'; form-action 'none'"

    private static func hash(_ source: String) -> String {
        var hash = SHA256()
        hash.update(Array(source.utf8))
        return "sha256-" + Base64.text(hash.digest())
    }
}

extension Page.Section {
    fileprivate func markup(place: Int) -> Markup {
        .element(
            "section", ["id": "part\(place + 1)"], .element("h2", [:], .text(title)), content)
    }
}

/// RFC 4648.
enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(
                    place <= group.count
                        ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
