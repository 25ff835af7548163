/// The standard deviation of the losses that were returned, over all of them (not of a sample):
/// `√(Σ (l − mean)² / n)`, by Welford's recurrence. 0 for fewer than two.
public struct StandardDeviationLoss: LossMetric {
    public var name: String

    public init(name: String = "loss_standard_deviation") {
        self.name = name
    }

    /// Count, mean and sum of squared deviations of the losses so far (Welford, 1962).
    public struct Accumulator: Sendable {
        private var count = 0.0
        private var mean = 0.0
        /// Σ (l − mean)².
        private var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            let difference = value - mean
            mean += difference / count
            squares += difference * (value - mean)
        }

        var standardDeviation: Double { count < 2 ? 0 : (squares / count).squareRoot() }
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .from(0),
            definition: "standard deviation of the returned losses, over all of them")
    }

    public func makeAccumulator() -> Accumulator { Accumulator() }

    public func measure(_ losses: [Float], into moments: inout Accumulator) {
        for loss in losses { moments.add(Double(loss)) }
    }

    public func summarize(_ moments: Accumulator) -> [MetricValue] {
        [MetricValue(name: name, value: moments.standardDeviation)]
    }
}

extension StandardDeviationLoss.Accumulator: RestorableParts {
    public static var parts: [StatePart<Self>] {
        [
            StatePart("count", \.count), StatePart("mean", \.mean),
            StatePart("squares", \.squares),
        ]
    }
}

extension StandardDeviationLoss: CatalogComponent {
    static let nameField = MetricName.field(default: "loss_standard_deviation")

    public static let entry = ComponentEntry<any LossMetric>(
        "standard_deviation",
        summary: "Standard deviation of the returned losses.",
        source: "Welford 1962", fields: [nameField.description]
    ) { values in
        StandardDeviationLoss(name: values[nameField])
    }
}
