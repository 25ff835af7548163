import CKernels

/// Weighted counts of a binary classification at several thresholds, as Keras's confusion metrics
/// share them.
public struct ConfusionCounts: Sendable {
    var truePositives: [Double]
    var falsePositives: [Double]
    /// Weight of all positive labels; false negatives are what is missing from it.
    var positives = 0.0

    init(thresholds: Int) {
        truePositives = [Double](repeating: 0, count: thresholds)
        falsePositives = truePositives
    }

    mutating func merge(_ other: ConfusionCounts) {
        for index in truePositives.indices {
            truePositives[index] += other.truePositives[index]
            falsePositives[index] += other.falsePositives[index]
        }
        positives += other.positives
    }
}

/// The thresholds that ``Precision`` and ``Recall`` share.
struct ConfusionThresholds: Sendable {
    /// What scores outside a row's k best become, and the threshold then (Keras's `NEG_INF`).
    /// Masked scores lie below it and never count.
    static let floor: Float = -1e10

    let values: [Float]
    let topK: Int?

    init(_ thresholds: [Float]?, topK: Int?) {
        values = thresholds ?? [topK == nil ? 0.5 : Self.floor]
        self.topK = topK
    }

    func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float, into counts: inout ConfusionCounts
    ) {
        let weight = Double(weight)
        if labels.positive != nil { counts.positives += weight }
        let best = topK.map { k in
            Set(TopSelection.indices(count: min(k, logits.count), of: logits.count) {
                logits[Int($0)]
            })
        }
        for column in logits.indices {
            let isBest = best.map { $0.contains(Int32(column)) } ?? true
            let score = isBest ? logits[column] : Self.floor
            for (index, threshold) in values.enumerated() where score > threshold {
                if column == labels.positive {
                    counts.truePositives[index] += weight
                } else {
                    counts.falsePositives[index] += weight
                }
            }
        }
    }

    /// The metric's values, one for each threshold.
    func summarize(name: String, _ value: (Int) -> Double) -> [MetricValue] {
        guard values.count > 1 else { return [MetricValue(name: name, value: value(0))] }
        return values.enumerated().map { index, threshold in
            MetricValue(name: "\(name)/threshold_\(threshold)", value: value(index))
        }
    }

    static let thresholdsField = Field<[Double]?>(
        "thresholds", type: .optional(.list(.number(.any), count: .atLeast(1))), default: .null,
        "Scores strictly above count as positive; null: 0.5, or none with top_k.")
    static let topKField = Field<Int?>(
        "top_k", optional: .atLeast(1), "Only this many best scores of each row count; null: all.")
}
