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

extension ConfusionCounts: RestorableParts {
    public static var parts: [StatePart<ConfusionCounts>] {
        [
            StatePart("true_positives", \.truePositives),
            StatePart("false_positives", \.falsePositives), StatePart("positives", \.positives),
        ]
    }
}

/// A ratio of confusion counts at some thresholds: what ``Precision`` and ``Recall`` share.
public protocol ConfusionMetric: BatchMetric where Accumulator == ConfusionCounts {
    /// Nil: 0.5, or no threshold with ``topK``.
    var thresholds: [Float]? { get }
    /// How many of each row's best scores may be called positive; nil: all.
    var topK: Int? { get }
    /// What the results call the metric.
    var name: String { get }
    /// The metric's value at one of the thresholds.
    func ratio(_ counts: ConfusionCounts, threshold: Int) -> Double
}

extension ConfusionMetric {
    private var levels: ConfusionThresholds { ConfusionThresholds(thresholds, topK: topK) }

    public var cutoffs: [Int] { topK.map { k in levels.values.map { _ in k } } ?? [] }
    public var requiredColumns: Int { topK ?? 0 }

    /// Which copies of a candidate are among the k best depends on where they stand in the batch.
    public var supportsCounts: Bool { topK == nil }

    public func makeAccumulator() -> ConfusionCounts {
        ConfusionCounts(thresholds: levels.values.count)
    }

    public func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float,
        into counts: inout ConfusionCounts
    ) {
        levels.measure(logits, labels: labels, weight: weight, into: &counts)
    }

    public func merge(_ other: ConfusionCounts, into counts: inout ConfusionCounts) {
        counts.merge(other)
    }

    public func summarize(_ counts: ConfusionCounts) -> [MetricValue] {
        levels.summarize(name: name) { ratio(counts, threshold: $0) }
    }
}

/// The thresholds of a confusion metric.
struct ConfusionThresholds: Sendable {
    /// What scores outside a row's k best become, and the threshold then (Keras's `NEG_INF`).
    /// Masked scores lie below it and never count.
    static let floor: Float = -1e10

    /// Made once: a threshold is asked for in every row.
    private static let half: [Float] = [0.5]
    private static let floorOnly: [Float] = [floor]

    let values: [Float]
    let topK: Int?

    init(_ thresholds: [Float]?, topK: Int?) {
        values = thresholds ?? (topK == nil ? Self.half : Self.floorOnly)
        self.topK = topK
    }

    func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float, into counts: inout ConfusionCounts
    ) {
        let weight = Double(weight)
        if labels.positive != nil { counts.positives += weight }
        let lowest = topK.flatMap { lowestOfBest($0, logits, labels) }
        for column in logits.indices {
            let isBest = lowest.map { TopSelection.Rank(logits[column], column) >= $0 } ?? true
            let score = isBest ? logits[column] : Self.floor
            for (index, threshold) in values.enumerated() where score > threshold {
                if column == labels.positive { counts.truePositives[index] += weight }
                counts.falsePositives[index] += weight * Double(labels.negatives(in: column))
            }
        }
    }

    /// The last of a row's k best scores; nil for a row without scores.
    private func lowestOfBest(
        _ k: Int, _ logits: Span<Float>, _ labels: RowLabels
    ) -> TopSelection.Rank? {
        labels.withScratch(of: TopSelection.Rank.self, count: min(k, logits.count)) { heap in
            let filled = TopSelection.fill(heap, of: logits.count) { logits[Int($0)] }
            return filled == 0 ? nil : heap[0]
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
