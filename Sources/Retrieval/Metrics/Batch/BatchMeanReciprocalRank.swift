/// The weighted mean of `1 / rank` of the positive among the row's columns.
///
/// The rank is one more than the columns that score strictly higher, so ties do not hurt (Craswell,
/// "Mean Reciprocal Rank", Encyclopedia of Database Systems, 2009). A positive whose score is not
/// finite counts 0; a row without a positive is left out.
public struct BatchMeanReciprocalRank: RowMeanMetric {
    public var name: String

    public var figure: FigureDescription {
        .share("1 / rank of the positive among its row of the batch; ties do not hurt")
    }
    public var supportsCounts: Bool { true }

    public init(name: String = "mean_reciprocal_rank") {
        self.name = name
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard labels.positive != nil else { return nil }
        return labels.positiveRank(in: logits).map { 1 / $0 } ?? 0
    }
}

extension BatchMeanReciprocalRank: CatalogComponent {
    static let nameField = MetricName.field(default: "mean_reciprocal_rank")

    public static let entry = ComponentEntry<any BatchMetric>(
        "mean_reciprocal_rank",
        summary: "Mean of 1 / rank of the positive in the batch.",
        source: "Craswell 2009, Mean Reciprocal Rank", fields: [nameField.description]
    ) { values in
        BatchMeanReciprocalRank(name: values[nameField])
    }
}
