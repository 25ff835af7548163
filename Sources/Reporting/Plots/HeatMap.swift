/// A value for each pair of two things' values, shaded, with the number in each cell.
struct HeatMap {
    var title: String
    var note = ""
    var xTitle: String
    var yTitle: String
    var columns: [String]
    var rows: [String]
    /// By row, then column.
    var values: [[Double?]]
    var isHigherBetter: Bool

    var figure: Figure {
        let known = values.flatMap { $0.compactMap(\.self) }.filter(\.isFinite)
        guard let low = known.min(), let high = known.max() else {
            return Figure(title, missing: "Nothing to draw: no pair of settings has a value.")
        }
        let rowHeight = 34.0
        let y = Scale.places(rows.reversed()).with(
            rows.reversed().enumerated().map {
                Scale.Tick(
                    value: Double($0),
                    label: TextWidth.fitting($1, into: 90, fontSize: Canvas.fontSize))
            })
        var canvas = Canvas(
            x: .places(columns), y: y, height: Double(rows.count) * rowHeight + 54)
        for (row, cells) in values.enumerated() {
            for (column, value) in cells.enumerated() {
                let (left, right) = (
                    canvas.x(Double(column) - 0.48), canvas.x(Double(column) + 0.48)
                )
                let (top, bottom) = (
                    canvas.y(Double(rows.count - 1 - row) + 0.48),
                    canvas.y(Double(rows.count - 1 - row) - 0.48)
                )
                guard let value, value.isFinite else {
                    canvas.add(SVG.rectangle(left, top, right - left, bottom - top, "bed"))
                    continue
                }
                let share = high > low ? (value - low) / (high - low) : 0.5
                let shade = min(4, Int((isHigherBetter ? share : 1 - share) * 5))
                canvas.add(SVG.rectangle(left, top, right - left, bottom - top, "h\(shade)"))
                let text = NumberText.short(value)
                if TextWidth.of(text) * 11 <= right - left {
                    canvas.add(
                        SVG.text(
                            text, (left + right) / 2, (top + bottom) / 2 + 4,
                            "label cell middle on-h\(shade)"))
                }
            }
        }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: yTitle, label: title + "."),
            table: DataTable(
                ["\(yTitle) \\ \(xTitle)"] + columns,
                zip(rows, values).map { [.name($0)] + $1.map { DataTable.Cell($0) } }))
    }
}
