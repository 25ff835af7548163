/// The sum of the losses that were returned: `tf.keras.metrics.Sum`.
public struct SumLoss: LossMetric {
    public var name: String

    public init(name: String = "loss_sum") {
        self.name = name
    }

    public var figure: FigureDescription { .loss("sum of the returned losses") }

    public func makeAccumulator() -> Double { 0 }

    public func measure(_ losses: [Float], into sum: inout Double) {
        for loss in losses { sum += Double(loss) }
    }

    public func summarize(_ sum: Double) -> [MetricValue] {
        [MetricValue(name: name, value: sum)]
    }
}

extension SumLoss: CatalogComponent {
    static let nameField = MetricName.field(default: "loss_sum")

    public static let entry = ComponentEntry<any LossMetric>(
        "sum",
        summary: "Sum of the returned losses.",
        source: "tf.keras.metrics.Sum", fields: [nameField.description]
    ) { values in
        SumLoss(name: values[nameField])
    }
}
