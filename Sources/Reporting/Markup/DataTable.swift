/// A table of a page. Its numbers are exact: what is shown rounded holds the value itself.
package struct DataTable: Sendable {
    package enum Cell: Sendable {
        case text(String)
        /// A name from a spec or from data.
        case name(String)
        case number(Double)
        case count(Int)
        /// With its sign.
        case change(Double)
        case missing
        case markup(Markup)

        package init(_ value: Double?) { self = value.map(Cell.number) ?? .missing }
        package init(_ value: Int?) { self = value.map(Cell.count) ?? .missing }
    }

    package var columns: [String]
    package var rows: [[Cell]]
    /// Whether readers may order and filter it, where scripts run.
    package var isSortable: Bool

    package init(_ columns: [String], _ rows: [[Cell]], isSortable: Bool = false) {
        self.columns = columns
        self.rows = rows
        self.isSortable = isSortable
    }

    var markup: Markup {
        // A column is numbers where its first value is one.
        let isNumeric = columns.indices.map { place in
            rows.lazy.compactMap { place < $0.count ? $0[place].isNumber : nil }.first ?? false
        }
        let head = columns.enumerated().map { place, title in
            Markup.element(
                "th", isNumeric[place] ? ["scope": "col", "class": "n"] : ["scope": "col"],
                .name(title))
        }
        let body = rows.map { row in
            Markup.element("tr", [:], row.enumerated().map { $1.markup(isFirst: $0 == 0) })
        }
        return .element(
            "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Table"],
            .element(
                "table", isSortable ? ["class": "sortable"] : [:],
                .element("thead", [:], .element("tr", [:], head)),
                .element("tbody", [:], body)))
    }
}

extension DataTable.Cell {
    /// Nil for what says nothing of its column.
    fileprivate var isNumber: Bool? {
        switch self {
        case .number, .count, .change: true
        case .text, .name, .markup: false
        case .missing: nil
        }
    }

    fileprivate func markup(isFirst: Bool) -> Markup {
        switch self {
        case .text(let text): .element("td", Self.attributes(of: text), .text(text))
        case .name(let name):
            isFirst
                ? .element(
                    "th", name.count > 30 ? ["scope": "row", "class": "long"] : ["scope": "row"],
                    .name(name))
                : .element("td", Self.attributes(of: name), .name(name))
        case .number(let value): .element("td", ["class": "n"], .number(value))
        case .count(let value): .element("td", ["class": "n"], .number(value))
        case .change(let value):
            .element("td", ["class": "n"], .number(value, as: NumberText.signed(value)))
        case .missing: .element("td", ["class": "n none"], .text("–"))
        case .markup(let markup): .element("td", [:], markup)
        }
    }

    private static func attributes(of text: String) -> Attributes {
        text.count > 30 ? ["class": "long"] : [:]
    }
}

extension Markup {
    /// A number, rounded for the eye and exact for programs.
    package static func number(_ value: Double, as text: String? = nil) -> Markup {
        .element("data", ["value": "\(value)"], .text(text ?? NumberText.short(value)))
    }

    package static func number(_ value: Int) -> Markup {
        .element("data", ["value": "\(value)"], .text(NumberText.short(value)))
    }
}
