import ResultsFormat

extension MetricDirection {
    /// Which way a metric of the catalogue is better; nil for one that has no better way by
    /// itself, or whose name the user chose.
    static func usual(of metric: String) -> MetricDirection? {
        let name = metric.split(separator: "/").last.map(String.init) ?? metric
        let lower = ["loss", "crossentropy", "squared_error", "rank_mean", "mean_rank"]
        if lower.contains(where: name.hasSuffix) { return .minimize }
        let higher = [
            "accuracy", "recall", "precision", "auc", "ndcg", "reciprocal_rank", "mrr",
            "hit_rate", "score_margin", "coverage", "average_precision", "map",
        ]
        let isHigher = higher.contains { word in
            name == word || name.hasSuffix("_" + word) || name.contains(word + "_at_")
                || name.contains(word + "@")
        }
        return isHigher ? .maximize : nil
    }
}
