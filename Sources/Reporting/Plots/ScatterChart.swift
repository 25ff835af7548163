/// Points by two values.
struct ScatterChart {
    struct Point {
        var name: String
        var x: Double
        var y: Double
    }

    var title: String
    var note = ""
    var xTitle: String
    var yTitle: String
    var points: [Point]
    var isXLogarithmic = false
    var isYLogarithmic = false
    /// Names of the places of x, where it is no number.
    var places: [String]?
    /// Points that a line joins, such as the Pareto front or means.
    var joined: [(x: Double, y: Double)] = []
    var joinedName = ""
    var table: DataTable?

    var figure: Figure {
        let points = points.filter {
            $0.x.isFinite && $0.y.isFinite && (!isXLogarithmic || $0.x > 0)
                && (!isYLogarithmic || $0.y > 0)
        }
        guard !points.isEmpty else {
            return Figure(title, missing: "Nothing to draw: no trial has both values.")
        }
        let xs = points.map(\.x)
        let ys = points.map(\.y)
        var canvas = Canvas(
            x: places.map(Scale.places) ?? (isXLogarithmic ? .logarithmic(xs) : .linear(xs)),
            y: isYLogarithmic ? .logarithmic(ys) : .linear(ys))
        let dots = points.map {
            "M\(SVG.number(canvas.x($0.x))) \(SVG.number(canvas.y($0.y)))h0"
        }.joined()
        canvas.add(SVG.path(dots, "points s0"))
        if let first = joined.first {
            let start = "M\(SVG.number(canvas.x(first.x))) \(SVG.number(canvas.y(first.y)))"
            canvas.add(
                SVG.path(
                    joined.dropFirst().reduce(start) {
                        $0 + "L\(SVG.number(canvas.x($1.x))) \(SVG.number(canvas.y($1.y)))"
                    }, "front"))
            let markers = joined.map { SVG.marker(3, canvas.x($0.x), canvas.y($0.y), size: 3.4) }
            canvas.add(SVG.path(markers.joined(), "reference"))
        }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: yTitle, label: title + "."),
            legend: legend, table: table ?? plainTable)
    }

    private var legend: [Figure.LegendEntry] {
        guard !joined.isEmpty, !joinedName.isEmpty else { return [] }
        return [
            Figure.LegendEntry(name: "a trial", series: 0),
            Figure.LegendEntry(name: joinedName, series: 3, isReference: true),
        ]
    }

    private var plainTable: DataTable {
        DataTable(
            ["name", xTitle, yTitle],
            points.map { point in
                [
                    .name(point.name),
                    places.map { .name($0[Int(point.x)]) } ?? .number(point.x), .number(point.y),
                ]
            }, isSortable: true)
    }
}
