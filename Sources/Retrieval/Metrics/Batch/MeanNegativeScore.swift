/// The weighted mean over the rows of the mean transformed score of their negatives.
///
/// Negatives that a mask or the removal of accidental hits took away are left out, and so are rows
/// that keep none.
public struct MeanNegativeScore: RowMeanMetric {
    public var name: String

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .unbounded,
            definition: "mean over rows of the mean score of the negatives")
    }
    public var supportsCounts: Bool { true }

    public init(name: String = "mean_negative_score") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        var sum = 0.0
        var negatives = 0.0
        for column in logits.indices
        where !RemovedScore.contains(logits[column]) {
            let copies = Double(labels.negatives(in: column))
            guard copies > 0 else { continue }
            sum += copies * Double(logits[column])
            negatives += copies
        }
        return negatives == 0 ? nil : Float(sum / negatives)
    }
}

extension MeanNegativeScore: CatalogComponent {
    static let nameField = MetricName.field(default: "mean_negative_score")

    public static let entry = ComponentEntry<any BatchMetric>(
        "mean_negative_score",
        summary: "Mean transformed score of the negatives.",
        source: "mean of (1 − y) · z", fields: [nameField.description]
    ) { values in
        MeanNegativeScore(name: values[nameField])
    }
}
