/// Every trial as a line across its settings, to the value that it reached.
struct ParallelCoordinates {
    struct Axis {
        var name: String
        /// A place from 0 to 1 for each line; nil where it has none.
        var places: [Double?]
        var ticks: [(place: Double, label: String)]
    }

    var title: String
    var note = ""
    var axes: [Axis]
    /// How good each line is: 0 the worst, 1 the best.
    var shades: [Double?]
    var table: DataTable

    private static let height = 320.0
    private static let (top, bottom) = (46.0, 22.0)

    var figure: Figure {
        guard axes.count > 1, !shades.isEmpty else {
            return Figure(
                title, missing: "Nothing to draw: it takes a setting that varies, and trials.")
        }
        // Each axis has room for its name.
        let width = max(720, Double(axes.count) * 118)
        let (left, right) = (60.0, 90.0)
        let step = (width - left - right) / Double(axes.count - 1)
        func y(_ place: Double) -> Double {
            Self.top + (1 - place) * (Self.height - Self.top - Self.bottom)
        }
        var content = Markup()
        // The best are drawn last, and thicker.
        let order = shades.indices.sorted { (shades[$0] ?? -1, $0) < (shades[$1] ?? -1, $1) }
        let best = order.suffix(max(1, min(5, order.count / 5)))
        for line in order {
            let points = axes.enumerated().compactMap { place, axis in
                axis.places[line].map { (left + Double(place) * step, y($0)) }
            }
            guard let first = points.first else { continue }
            let data = points.dropFirst().reduce(
                "M\(SVG.number(first.0)) \(SVG.number(first.1))"
            ) { $0 + "L\(SVG.number($1.0)) \(SVG.number($1.1))" }
            content += SVG.path(data, best.contains(line) ? "thin first s1" : "thin rest")
        }
        for (place, axis) in axes.enumerated() {
            let x = left + Double(place) * step
            content += SVG.line(x, y(0), x, y(1), "axis")
            let name = TextWidth.fitting(axis.name, into: step - 8, fontSize: Canvas.fontSize)
            content += SVG.text(name, x, place % 2 == 0 ? 14 : 30, "label middle")
            for tick in axis.ticks {
                content += SVG.line(x - 3, y(tick.place), x + 3, y(tick.place), "axis")
                let label = TextWidth.fitting(
                    tick.label, into: step * 0.6, fontSize: Canvas.fontSize)
                content += SVG.text(label, x + 6, y(tick.place) + 4, "tick halo")
            }
        }
        return Figure(
            title, note: note,
            picture: Picture(
                width: width, height: Self.height,
                label: title + ". Axes: " + axes.map(\.name).joined(separator: ", ") + ".",
                content: content), table: table, isWide: true)
    }
}
