/// The weighted mean of the positive's transformed score minus that of the hardest negative.
///
/// A positive number: the positive won. Rows without a positive or without a negative are left
/// out, removed columns not counted.
public struct ScoreMargin: RowMeanMetric {
    public var name: String

    public var figure: FigureDescription {
        FigureDescription(
            better: .higher, range: .unbounded,
            definition: "mean score of the positive less that of its hardest negative")
    }
    public var supportsCounts: Bool { true }

    public init(name: String = "score_margin") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard let positive = labels.positive, !RemovedScore.contains(logits[positive]) else {
            return nil
        }
        var hardest: Float?
        for column in logits.indices
        where labels.negatives(in: column) > 0 && !RemovedScore.contains(logits[column]) {
            hardest = max(hardest ?? logits[column], logits[column])
        }
        return hardest.map { logits[positive] - $0 }
    }
}

extension ScoreMargin: CatalogComponent {
    static let nameField = MetricName.field(default: "score_margin")

    public static let entry = ComponentEntry<any BatchMetric>(
        "score_margin",
        summary: "Mean lead of the positive over the hardest negative of its row.",
        source: "z⁺ − max z⁻", fields: [nameField.description]
    ) { values in
        ScoreMargin(name: values[nameField])
    }
}
