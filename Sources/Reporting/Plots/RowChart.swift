/// Rows with a name and a value above a bar or an interval, all over one axis: forest plots, parts
/// of a whole. Names stand above their marks, so that long ones fit into a narrow picture.
struct RowChart {
    struct Row {
        var name: String
        var value: Double
        /// Where the value lies, with 95%.
        var interval: ClosedRange<Double>?
        /// What it is held against, by name.
        var references: [(name: String, value: Double)] = []
        /// What stands right of the name; nil: the value.
        var text: String?
        var count: Int?
    }

    enum Mark {
        /// A length from 0.
        case bar
        /// A point with its interval.
        case point
    }

    var title: String
    var note = ""
    var xTitle: String
    var rows: [Row]
    var mark: Mark
    var nameTitle = "name"
    var valueTitle = "value"
    /// Whether the axis has 0; lengths always do.
    var startsAtZero = true

    private static let rowHeight = 36.0

    var figure: Figure {
        let rows = rows.filter { $0.value.isFinite }
        guard !rows.isEmpty else {
            return Figure(title, missing: "Nothing to draw: there are no values.")
        }
        let values = rows.flatMap { row in
            [row.value] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
                + row.references.map(\.value)
        }
        let y = Scale.places([String](repeating: "", count: rows.count)).with([])
        var canvas = Canvas(
            x: .linear(values, includesZero: startsAtZero || mark == .bar), y: y,
            height: Double(rows.count) * Self.rowHeight + 54)
        canvas.left = 6
        for tick in canvas.x.ticks {
            let place = canvas.x(tick.value)
            canvas.add(
                SVG.line(place, canvas.top, place, canvas.height - canvas.bottom, "grid"))
        }
        for (place, row) in rows.enumerated() { draw(row, place, on: &canvas) }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: nameTitle, label: title + "."),
            legend: legend, table: table)
    }

    private func draw(_ row: Row, _ place: Int, on canvas: inout Canvas) {
        let top = canvas.top + Double(place) * Self.rowHeight
        let middle = top + 26
        let text = row.text ?? NumberText.short(row.value)
        let room = canvas.width - 16 - TextWidth.of(text) * 12 * 1.15 - canvas.left
        canvas.add(
            SVG.text(
                TextWidth.fitting(row.name, into: room, fontSize: 12), canvas.left + 4, top + 13,
                "label"))
        canvas.add(SVG.text(text, canvas.width - 4, top + 13, "value end"))
        let (zero, end) = (canvas.x(0), canvas.x(row.value))
        if canvas.x.lower <= 0 { canvas.add(SVG.line(zero, middle - 8, zero, middle + 8, "axis")) }
        switch mark {
        case .bar:
            canvas.add(
                SVG.rectangle(min(zero, end), middle - 5, abs(end - zero), 10, "bar"))
        case .point:
            if let interval = row.interval {
                let (low, high) = (canvas.x(interval.lowerBound), canvas.x(interval.upperBound))
                canvas.add(
                    SVG.path(
                        "M\(SVG.number(low)) \(SVG.number(middle))L\(SVG.number(high)) "
                            + "\(SVG.number(middle))M\(SVG.number(low)) \(SVG.number(middle - 4))v8"
                            + "M\(SVG.number(high)) \(SVG.number(middle - 4))v8", "range"))
            }
            canvas.add(SVG.path(SVG.marker(0, end, middle, size: 4), "dot s0"))
        }
        for (order, reference) in row.references.enumerated() where reference.value.isFinite {
            canvas.add(
                SVG.path(
                    SVG.marker(order + 2, canvas.x(reference.value), middle, size: 4), "reference"))
        }
    }

    private var legend: [Figure.LegendEntry] {
        let names = referenceNames
        guard !names.isEmpty else { return [] }
        return [Figure.LegendEntry(name: "this run", series: 0)]
            + names.enumerated().map {
                Figure.LegendEntry(name: $1, series: $0 + 2, isReference: true)
            }
    }

    private var referenceNames: [String] { rows.first?.references.map(\.name) ?? [] }

    private var table: DataTable {
        let hasIntervals = rows.contains { $0.interval != nil }
        let hasCounts = rows.contains { $0.count != nil }
        let names = referenceNames
        return DataTable(
            [nameTitle, valueTitle] + (hasIntervals ? ["95% from", "to"] : []) + names
                + (hasCounts ? ["examples"] : []),
            rows.map { row in
                var cells: [DataTable.Cell] = [.name(row.name), .number(row.value)]
                if hasIntervals {
                    cells += [
                        DataTable.Cell(row.interval?.lowerBound),
                        DataTable.Cell(row.interval?.upperBound),
                    ]
                }
                cells += names.map { name in
                    DataTable.Cell(row.references.first { $0.name == name }?.value)
                }
                return hasCounts ? cells + [DataTable.Cell(row.count)] : cells
            })
    }
}
