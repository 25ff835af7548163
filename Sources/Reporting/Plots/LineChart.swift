/// Values of several series over one axis, such as losses by epoch.
struct LineChart {
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var note = ""
    var xTitle: String
    var yTitle: String
    var series: [Series]
    var isXLogarithmic = false
    var isYLogarithmic = false
    /// Whether x is seconds since 1970.
    var isXTime = false
    var isXWhole = true
    /// Whether every point is marked; long series are lines alone.
    var marksPoints: Bool?
    /// A value of x that is pointed at, with its words.
    var best: (x: Double, label: String)?
    /// Whether y begins at 0.
    var includesZero = false
    var xName = "x"

    /// More series than have colours are drawn in the one of the rest.
    private static let coloured = 8

    var figure: Figure {
        let points = series.flatMap(\.points).filter(hasPlace)
        guard !points.isEmpty else {
            return Figure(title, missing: "Nothing to draw: there are no values.")
        }
        let xs = points.map(\.x)
        let x: Scale =
            isXLogarithmic
            ? .logarithmic(xs) : isXTime ? .time(xs) : isXWhole ? .whole(xs) : .linear(xs)
        let ys = points.map(\.y)
        var canvas = Canvas(
            x: x, y: isYLogarithmic ? .logarithmic(ys) : .linear(ys, includesZero: includesZero))
        if let best, best.x.isFinite { mark(best, on: &canvas) }
        for (place, series) in series.enumerated().reversed() {
            draw(series, place < Self.coloured ? "s\(place)" : "rest", place, on: &canvas)
        }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: yTitle, label: title + "."),
            legend: legend, table: table)
    }

    private func hasPlace(_ point: (x: Double, y: Double)) -> Bool {
        point.x.isFinite && point.y.isFinite && (!isXLogarithmic || point.x > 0)
            && (!isYLogarithmic || point.y > 0)
    }

    private func mark(_ best: (x: Double, label: String), on canvas: inout Canvas) {
        let place = canvas.x(best.x)
        canvas.add(SVG.line(place, canvas.top, place, canvas.height - canvas.bottom, "best"))
        let width = TextWidth.of(best.label) * Canvas.fontSize
        let fitsRight = place + 5 + width <= canvas.width
        canvas.add(
            SVG.text(
                best.label, fitsRight ? place + 5 : max(width, place - 5), canvas.top + 2,
                fitsRight ? "tick" : "tick end"))
    }

    private func draw(_ series: Series, _ kind: String, _ place: Int, on canvas: inout Canvas) {
        let points = series.points.filter(hasPlace).map { (canvas.x($0.x), canvas.y($0.y)) }
        guard let first = points.first else { return }
        let line = points.dropFirst().reduce("M\(SVG.number(first.0)) \(SVG.number(first.1))") {
            $0 + "L\(SVG.number($1.0)) \(SVG.number($1.1))"
        }
        canvas.add(SVG.path(line, "line \(kind)"))
        if marksPoints ?? (points.count <= 24) || points.count == 1 {
            let markers = points.map { SVG.marker(place, $0.0, $0.1) }.joined()
            canvas.add(SVG.path(markers, "dot \(kind)"))
        }
    }

    private var legend: [Figure.LegendEntry] {
        let named = series.prefix(Self.coloured).enumerated().map {
            Figure.LegendEntry(name: $1.name, series: $0)
        }
        let others = series.count - Self.coloured
        return others > 0
            ? named + [Figure.LegendEntry(name: "\(others) others", series: nil)] : named
    }

    /// A row for each x, a column for each series.
    private var table: DataTable {
        var rows: [Double: [Double?]] = [:]
        for (place, series) in series.enumerated() {
            for point in series.points {
                rows[point.x, default: [Double?](repeating: nil, count: self.series.count)][place] =
                    point.y
            }
        }
        return DataTable(
            [xName] + series.map(\.name),
            rows.sorted { $0.key < $1.key }.map { x, values in
                [.number(x)] + values.map { DataTable.Cell($0) }
            })
    }
}
