/// A drawing with its size, in CSS pixels where nothing is scaled, and what a reader is told who
/// does not see it.
struct Picture: Sendable {
    var width: Double
    var height: Double
    var label: String
    var content: Markup

    /// As wide as there is room.
    var markup: Markup {
        .element("svg", ["viewBox": viewBox, "role": "img", "aria-label": label], content)
    }

    /// A part of another picture.
    func placed(at x: Double, _ y: Double) -> Markup {
        .element(
            "svg",
            [
                "x": SVG.number(x), "y": SVG.number(y), "width": SVG.number(width),
                "height": SVG.number(height), "viewBox": viewBox,
            ], content)
    }

    /// A file of its own.
    var file: Markup {
        .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "width": SVG.number(width),
                "height": SVG.number(height), "viewBox": viewBox, "role": "img",
                "aria-label": label,
            ], content)
    }

    private var viewBox: String { "0 0 \(SVG.number(width)) \(SVG.number(height))" }
}
