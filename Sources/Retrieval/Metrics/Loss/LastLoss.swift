/// The mean of the losses that the last call returned: what Keras's `fit` and `evaluate` report
/// as `loss` for a TFRS model.
///
/// 0 before the first call.
public struct LastLoss: LossMetric {
    public var name: String

    public init(name: String = "loss_last") {
        self.name = name
    }

    public var figure: FigureDescription { .loss("loss of the last batch") }

    public func makeAccumulator() -> Double { 0 }

    public func measure(_ losses: [Float], into last: inout Double) {
        if !losses.isEmpty { last = losses.reduce(0) { $0 + Double($1) } / Double(losses.count) }
    }

    public func summarize(_ last: Double) -> [MetricValue] {
        [MetricValue(name: name, value: last)]
    }
}

extension LastLoss: CatalogComponent {
    static let nameField = MetricName.field(default: "loss_last")

    public static let entry = ComponentEntry<any LossMetric>(
        "last",
        summary: "The last batch's loss, which TFRS reports as the loss.",
        source: "tfrs.models.Model.train_step", fields: [nameField.description]
    ) { values in
        LastLoss(name: values[nameField])
    }
}
