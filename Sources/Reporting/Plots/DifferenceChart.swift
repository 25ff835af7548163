/// Differences with their intervals around zero, each with what is allowed drawn as a band.
struct DifferenceChart {
    struct Row {
        var name: String
        var change: Double
        var interval: ClosedRange<Double>?
        /// What is allowed, worse than zero on its own side.
        var allowed: ClosedRange<Double>?
        /// What came of it, in a word.
        var verdict: String
        /// Nil: neither.
        var isBetter: Bool?
        /// The numbers that the row is drawn from, for the table.
        var cells: [DataTable.Cell]
    }

    var title: String
    var note = ""
    var xTitle: String
    var rows: [Row]
    /// Titles of the cells.
    var columns: [String]

    private static let rowHeight = 40.0

    var figure: Figure {
        guard !rows.isEmpty else {
            return Figure(title, missing: "Nothing to draw: no figure has a difference.")
        }
        let ends = rows.flatMap { row in
            [row.change, 0] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
                + (row.allowed.map { [$0.lowerBound, $0.upperBound] } ?? [])
        }.filter(\.isFinite)
        var canvas = Canvas(
            x: .linear(ends), y: Scale.places(rows.map(\.name)).with([]),
            height: Double(rows.count) * Self.rowHeight + 54)
        canvas.left = 6
        for tick in canvas.x.ticks where tick.value != 0 {
            let place = canvas.x(tick.value)
            canvas.add(SVG.line(place, canvas.top, place, canvas.height - canvas.bottom, "grid"))
        }
        for (place, row) in rows.enumerated() { draw(row, place, on: &canvas) }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: "figure", label: title + "."),
            table: DataTable(columns, rows.map(\.cells)))
    }

    private func draw(_ row: Row, _ place: Int, on canvas: inout Canvas) {
        let top = canvas.top + Double(place) * Self.rowHeight
        let middle = top + 28
        let room = canvas.width - 16 - TextWidth.of(row.verdict) * 12 * 1.15 - canvas.left
        canvas.add(
            SVG.text(
                TextWidth.fitting(row.name, into: room, fontSize: 12), canvas.left, top + 14,
                "label"))
        canvas.add(SVG.text(row.verdict, canvas.width - 4, top + 14, "value end"))
        if let allowed = row.allowed {
            let (low, high) = (canvas.x(allowed.lowerBound), canvas.x(allowed.upperBound))
            canvas.add(SVG.rectangle(low, middle - 8, high - low, 16, "allowance"))
        }
        let zero = canvas.x(0)
        canvas.add(SVG.line(zero, middle - 10, zero, middle + 10, "zero"))
        let kind = row.isBetter.map { $0 ? "better" : "worse" } ?? "neutral"
        if let interval = row.interval {
            let (low, high) = (canvas.x(interval.lowerBound), canvas.x(interval.upperBound))
            canvas.add(SVG.line(low, middle, high, middle, "line \(kind)"))
        }
        // Better points up, worse down: no colour alone says it.
        let shape = row.isBetter.map { $0 ? 2 : 4 } ?? 0
        canvas.add(
            SVG.path(SVG.marker(shape, canvas.x(row.change), middle, size: 4.4), "dot \(kind)"))
    }
}
