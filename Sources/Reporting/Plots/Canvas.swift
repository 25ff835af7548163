import Platform

/// A rectangle of SVG with two axes, on which marks are put by their values.
struct Canvas {
    /// In CSS pixels where nothing is scaled. One column of a page is about as wide.
    var width = 360.0
    var height = 230.0
    var (left, right, top, bottom) = (48.0, 12.0, 12.0, 40.0)
    let x: Scale
    let y: Scale
    private var marks = Markup()

    static let fontSize = 11.0

    init(x: Scale, y: Scale, width: Double = 360, height: Double = 230) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        let longest = y.ticks.map { TextWidth.of($0.label) }.max() ?? 0
        left = max(24, longest * Self.fontSize + 12)
    }

    var plotWidth: Double { width - left - right }
    var plotHeight: Double { height - top - bottom }

    func x(_ value: Double) -> Double { left + x.fraction(of: value) * plotWidth }
    func y(_ value: Double) -> Double { top + (1 - y.fraction(of: value)) * plotHeight }

    mutating func add(_ mark: Markup) { marks += mark }

    /// Both axes with their titles beneath and above what was added.
    ///
    /// - Parameter label: what a reader is told who does not see the plot.
    func picture(xTitle: String, yTitle: String, label: String) -> Picture {
        var frame = Markup()
        for tick in y.ticks {
            let height = y(tick.value)
            frame += SVG.line(left, height, width - right, height, "grid")
            frame += SVG.text(tick.label, left - 6, height + 4, "tick end")
        }
        frame += SVG.line(left, height - bottom, width - right, height - bottom, "axis")
        var end = -Double.infinity
        for tick in x.ticks {
            let place = x(tick.value)
            let half = TextWidth.of(tick.label) * Self.fontSize / 2
            frame += SVG.line(place, height - bottom, place, height - bottom + 4, "axis")
            // A label that would touch its neighbour or leave the picture is left out.
            guard place - half > end + 4, place + half <= width, place - half >= 0 else { continue }
            end = place + half
            frame += SVG.text(tick.label, place, height - bottom + 16, "tick middle")
        }
        frame += SVG.text(
            TextWidth.fitting(xTitle, into: plotWidth, fontSize: Self.fontSize),
            left + plotWidth / 2, height - 6, "title middle")
        return Picture(
            width: width, height: height,
            label: "\(label) Vertical: \(yTitle); horizontal: \(xTitle).", content: frame + marks)
    }
}

/// Marks of SVG.
enum SVG {
    static func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String
    ) -> Markup {
        .leaf(
            "path",
            [
                "class": kind, "d": "M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))",
            ])
    }

    static func text(_ text: String, _ x: Double, _ y: Double, _ kind: String) -> Markup {
        .element("text", ["class": kind, "x": number(x), "y": number(y)], .text(text))
    }

    static func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ kind: String
    ) -> Markup {
        .leaf(
            "rect",
            [
                "class": kind, "x": number(x), "y": number(y), "width": number(max(0, width)),
                "height": number(max(0, height)),
            ])
    }

    static func path(_ data: String, _ kind: String) -> Markup {
        .leaf("path", ["class": kind, "d": data])
    }

    /// A point in one of eight shapes, so that no colour alone tells series apart.
    static func marker(_ shape: Int, _ x: Double, _ y: Double, size: Double = 3.4) -> String {
        func outline(_ points: [(Double, Double)]) -> String {
            "M"
                + points.map { "\(number(x + $0 * size)) \(number(y + $1 * size))" }
                .joined(separator: "L") + "Z"
        }
        switch shape % 8 {
        case 0:
            let radius = number(size)
            return
                "M\(number(x - size)) \(number(y))a\(radius) \(radius) 0 1 0 \(number(2 * size)) 0"
                + "a\(radius) \(radius) 0 1 0 \(number(-2 * size)) 0Z"
        case 1: return outline([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case 2: return outline([(0, -1.2), (1.15, 0.9), (-1.15, 0.9)])
        case 3: return outline([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
        case 4: return outline([(0, 1.2), (1.15, -0.9), (-1.15, -0.9)])
        case 5: return outline([(-1.2, -0.5), (1.2, -0.5), (1.2, 0.5), (-1.2, 0.5)])
        case 6: return outline([(-0.5, -1.2), (0.5, -1.2), (0.5, 1.2), (-0.5, 1.2)])
        default:
            return outline([
                (-0.5, -1.2), (0.5, -1.2), (1.2, -0.5), (1.2, 0.5), (0.5, 1.2), (-0.5, 1.2),
                (-1.2, 0.5), (-1.2, -0.5),
            ])
        }
    }

    /// A tenth of a pixel is as fine as anybody sees.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
        let (whole, rest) = tenths.quotientAndRemainder(dividingBy: 10)
        if rest == 0 { return "\(whole)" }
        return (tenths < 0 && whole == 0 ? "-" : "") + "\(whole).\(abs(rest))"
    }
}
