/// The weighted mean of the discounted gain of the positive among the row's columns, cut at k:
/// `1 / log2(1 + rank)` where rank ≤ k, else 0.
///
/// With one relevant column per row the ideal gain is 1, so this is NDCG (Järvelin and Kekäläinen,
/// "Cumulated gain-based evaluation of IR techniques", 2002). The rank is one more than the columns
/// that score strictly higher. A positive whose score is not finite counts 0; a row without a
/// positive is left out.
public struct BatchNDCG: RowMeanMetric {
    /// How many of the best columns count; at least 1.
    public var k: Int
    public var name: String

    public var figure: FigureDescription {
        .share("1 / log2(1 + rank) of the positive in its row of the batch; 0 beyond the cut-off")
    }
    public var cutoffs: [Int] { [k] }
    public var supportsCounts: Bool { true }

    /// - Parameter name: nil: `ndcg_10` for k = 10.
    public init(k: Int = 10, name: String? = nil) {
        self.k = k
        self.name = name ?? "ndcg_\(k)"
    }

    public func value(of logits: Span<Float>, labels: RowLabels) -> Float? {
        guard labels.positive != nil else { return nil }
        guard let rank = labels.positiveRank(in: logits), rank <= Float(k) else { return 0 }
        return Float(Kernels.log(2) / Kernels.log(1 + Double(rank)))
    }
}

extension BatchNDCG: CatalogComponent {
    static let kField = Field<Int>(
        "k", default: 10, .atLeast(1), "Positives beyond this rank count 0.")

    public static let entry = ComponentEntry<any BatchMetric>(
        "ndcg",
        summary: "Mean discounted gain of the positive among the batch's candidates.",
        source: "Järvelin and Kekäläinen 2002",
        fields: [kField.description, MetricName.optionalField.description]
    ) { values in
        BatchNDCG(k: values[kField], name: values[MetricName.optionalField])
    }
}
