/// The mean of the losses that were returned: `tf.keras.metrics.Mean`.
///
/// Under a loss that sums, this is the mean of the batches' sums, each batch one observation.
public struct MeanLoss: LossMetric {
    public var name: String

    public init(name: String = "loss_mean") {
        self.name = name
    }

    public var figure: FigureDescription { .loss("mean of the returned losses") }

    public func makeAccumulator() -> WeightedMean { WeightedMean() }

    public func measure(_ losses: [Float], into mean: inout WeightedMean) {
        for loss in losses { mean.add(Double(loss)) }
    }

    public func summarize(_ mean: WeightedMean) -> [MetricValue] {
        [MetricValue(name: name, value: mean.value)]
    }
}

extension MeanLoss: CatalogComponent {
    static let nameField = MetricName.field(default: "loss_mean")

    public static let entry = ComponentEntry<any LossMetric>(
        "mean",
        summary: "Mean of the returned losses, one observation for each batch.",
        source: "tf.keras.metrics.Mean", fields: [nameField.description]
    ) { values in
        MeanLoss(name: values[nameField])
    }
}
