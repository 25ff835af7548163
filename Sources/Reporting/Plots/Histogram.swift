/// Counts of neighbouring intervals, as bars that stand.
struct Histogram {
    struct Bin {
        var label: String
        var count: Int
    }

    var title: String
    var note = ""
    var xTitle: String
    var yTitle: String
    var bins: [Bin]

    var figure: Figure {
        guard bins.contains(where: { $0.count > 0 }) else {
            return Figure(title, missing: "Nothing to draw: nothing was counted.")
        }
        var canvas = Canvas(
            x: .places(bins.map(\.label)),
            y: .linear(bins.map { Double($0.count) }, includesZero: true))
        for (place, bin) in bins.enumerated() where bin.count > 0 {
            let (left, right) = (canvas.x(Double(place) - 0.46), canvas.x(Double(place) + 0.46))
            let top = canvas.y(Double(bin.count))
            canvas.add(
                SVG.rectangle(
                    left, top, right - left, canvas.height - canvas.bottom - top, "bar"))
        }
        return Figure(
            title, note: note,
            picture: canvas.picture(xTitle: xTitle, yTitle: yTitle, label: title + "."),
            table: DataTable(
                [xTitle, yTitle], bins.map { [.text($0.label), .count($0.count)] }))
    }
}
