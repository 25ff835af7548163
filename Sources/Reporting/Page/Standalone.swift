/// A picture as a file of its own, such as a README shows.
enum Standalone {
    private static let margin = 14.0

    /// Several pictures on one sheet, row by row, beneath one title.
    static func pictures(title: String, _ rows: [[Figure]]) -> String {
        let (cell, lineHeight) = (360.0, 17.0)
        let columns = rows.map(\.count).max() ?? 1
        let width = Double(columns) * (cell + margin) + margin
        var content = SVG.text(title, margin, 30, "heading")
        var top = 44.0
        for row in rows {
            var rowHeight = 0.0
            for (column, figure) in row.enumerated() {
                let left = margin + Double(column) * (cell + margin)
                let lines = wrapped(figure.title, width: cell, fontSize: 13)
                for (place, line) in lines.enumerated() {
                    content += SVG.text(
                        line, left, top + lineHeight * Double(place + 1), "caption")
                }
                let pictureTop = top + lineHeight * Double(lines.count) + 10
                guard let picture = figure.picture else { continue }
                content += picture.placed(at: left, pictureTop)
                let legendTop = pictureTop + picture.height
                let (legend, legendHeight) = legend(of: figure, left, legendTop, width: cell)
                content += legend
                rowHeight = max(rowHeight, legendTop + legendHeight - top)
            }
            top += rowHeight + margin
        }
        let sheet = Markup.element(
            "style", [:],
            .trusted(
                Style.picture
                    + ".heading{fill:var(--ink);font-size:18px;font-weight:700}"
                    + ".caption{fill:var(--ink);font-size:13px;font-weight:600}"
                    + "text{font-family:system-ui,sans-serif}"))
        let paper = Markup.leaf(
            "rect", ["width": "100%", "height": "100%", "fill": "var(--paper)", "rx": "8"])
        let sheetOfAll = Picture(
            width: width, height: top, label: title, content: sheet + paper + content)
        return sheetOfAll.file.source + "\n"
    }

    /// The names of a figure's series beneath it, as many in a line as there is room for.
    private static func legend(
        of figure: Figure, _ left: Double, _ top: Double, width: Double
    ) -> (Markup, height: Double) {
        guard figure.legend.count > 1 else { return (Markup(), 0) }
        let (lineHeight, swatch) = (17.0, 34.0)
        var content = Markup()
        var (x, y) = (0.0, top + 12)
        for entry in figure.legend {
            let name = TextWidth.fitting(entry.name, into: width - swatch, fontSize: 12)
            let needed = swatch + TextWidth.of(name) * 12 + 10
            if x > 0, x + needed > width { (x, y) = (0, y + lineHeight) }
            content += entry.swatch.placed(at: left + x, y - 10)
            content += SVG.text(name, left + x + swatch, y, "label")
            x += needed
        }
        return (content, y + 6 - top)
    }

    private static func wrapped(_ text: String, width: Double, fontSize: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            let longer = (lines.last.map { $0 + " " } ?? "") + word
            if !lines.isEmpty, TextWidth.of(longer) * fontSize <= width {
                lines[lines.count - 1] = longer
            } else {
                lines.append(TextWidth.fitting(String(word), into: width, fontSize: fontSize))
            }
        }
        return lines
    }
}
