import ResultsFormat

/// What a figure is, in the few words that a table has room for.
extension FigureRecord {
    /// Behind the name: which way the figure is better; empty for neither, or where nothing says it.
    var arrow: String {
        switch direction {
        case .maximize: " ↑"
        case .minimize: " ↓"
        case nil: ""
        }
    }

    /// Behind the value: what it counts; empty for a pure number.
    var unitText: String { unit.map { " \($0)" } ?? "" }

    /// The values that the figure can have; nil for shares, which most figures are, and where it
    /// can be any.
    var rangeText: String? {
        guard let range, range != 0...1 else { return nil }
        let (least, most) = (Self.end(range.lowerBound), Self.end(range.upperBound))
        switch (least, most) {
        case (let least?, let most?): return "\(least) to \(most)"
        case (let least?, nil): return "at least \(least)"
        case (nil, let most?): return "at most \(most)"
        case (nil, nil): return nil
        }
    }

    private static func end(_ value: Double) -> String? {
        guard value.isFinite else { return nil }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
