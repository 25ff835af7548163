/// The weighted mean of the positives' transformed scores.
///
/// Rows without a positive, and positives that a mask removed, are left out.
public struct MeanPositiveScore: RowMeanMetric {
    public var name: String

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .unbounded,
            definition: "mean score of the positives")
    }
    public var supportsCounts: Bool { true }

    public init(name: String = "mean_positive_score") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard let positive = labels.positive, !RemovedScore.contains(logits[positive]) else {
            return nil
        }
        return logits[positive]
    }
}

extension MeanPositiveScore: CatalogComponent {
    static let nameField = MetricName.field(default: "mean_positive_score")

    public static let entry = ComponentEntry<any BatchMetric>(
        "mean_positive_score",
        summary: "Mean transformed score of the positives.",
        source: "mean of y · z", fields: [nameField.description]
    ) { values in
        MeanPositiveScore(name: values[nameField])
    }
}
