/// A plot of a page: a title that says what one sees, the picture, and the numbers in it.
package struct Figure: Sendable {
    package struct LegendEntry: Sendable {
        var name: String
        /// Which of the eight colours and shapes; nil: the one of the rest.
        var series: Int?
        /// Whether it is what others are held against: an empty shape.
        var isReference = false
    }

    package var title: String
    /// How to read it.
    package var note: String
    /// Nil where nothing can be drawn.
    var picture: Picture?
    private var obstacle = ""
    var legend: [LegendEntry] = []
    var table: DataTable?
    /// Whether it takes the whole width of the page.
    var isWide = false

    init(
        _ title: String, note: String = "", picture: Picture, legend: [LegendEntry] = [],
        table: DataTable, isWide: Bool = false
    ) {
        self.title = title
        self.note = note
        self.picture = picture
        self.legend = legend
        self.table = table
        self.isWide = isWide
    }

    /// A plot that cannot be drawn says why.
    init(_ title: String, missing reason: String) {
        self.title = title
        note = ""
        obstacle = reason
    }

    var markup: Markup {
        var caption: Markup = .element("b", [:], .name(title))
        if !note.isEmpty { caption += .element("span", [:], .text(note)) }
        var content: [Markup] = [.element("figcaption", [:], caption)]
        guard let picture else {
            content.append(.element("p", ["class": "empty"], .text(obstacle)))
            return .element("figure", ["class": "plot missing"], content)
        }
        content.append(
            isWide
                ? .element(
                    "div",
                    ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": title],
                    picture.markup)
                : picture.markup)
        if legend.count > 1 {
            content.append(.element("ul", ["class": "legend"], legend.map(\.markup)))
        }
        if let table {
            content.append(
                .element(
                    "details", [:], .element("summary", [:], .text("The numbers")), table.markup))
        }
        return .element("figure", isWide ? ["class": "plot wide"] : ["class": "plot"], content)
    }
}

extension Figure.LegendEntry {
    /// How the series is drawn.
    var swatch: Picture {
        let kind = series.map { "s\($0 % 8)" } ?? "rest"
        let content =
            isReference
            ? SVG.path(SVG.marker(series ?? 0, 14, 6, size: 4), "reference")
            : SVG.line(0, 6, 28, 6, "line \(kind)")
                + SVG.path(SVG.marker(series ?? 0, 14, 6), "dot \(kind)")
        return Picture(width: 28, height: 12, label: name, content: content)
    }

    fileprivate var markup: Markup {
        let picture = Markup.element(
            "svg", ["viewBox": "0 0 28 12", "class": "swatch", "aria-hidden": "true"],
            swatch.content)
        return .element("li", [:], picture, .name(name))
    }
}
