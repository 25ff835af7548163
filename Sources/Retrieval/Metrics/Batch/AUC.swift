/// The area under a curve of the pairs' classification at evenly spaced thresholds:
/// `tf.keras.metrics.AUC`.
///
/// With T thresholds `−ε, 1/(T−1), …, (T−2)/(T−1), 1+ε`, a pair is called positive at those below
/// its prediction, which is clipped to [0, 1]. The sample weight of a row applies to all its pairs.
public struct AUC: BatchMetric {
    /// Which curve the area lies under.
    public enum Curve: String, FieldChoice {
        /// True against false positive rate.
        case roc = "ROC"
        /// Precision against recall.
        case pr = "PR"
    }

    /// How the area between two thresholds is taken.
    public enum Summation: String, FieldChoice {
        /// The trapezoid for ROC; for PR the interpolation of true positives between thresholds
        /// (Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006).
        case interpolation
        /// The lower of the two heights.
        case minoring
        /// The higher of the two heights.
        case majoring
    }

    /// At least 2.
    public var numThresholds: Int
    /// Which curve the area lies under.
    public var curve: Curve
    /// How the area is summed up.
    public var summation: Summation
    /// Whether the scores are logits, which a sigmoid makes predictions of; Keras's own default is
    /// that they are predictions.
    public var fromLogits: Bool
    public var name: String

    public var figure: FigureDescription {
        .share("area under the pairs' \(curve.rawValue) curve, at \(numThresholds) thresholds")
    }
    public var supportsCounts: Bool { true }

    public init(
        numThresholds: Int = 200, curve: Curve = .roc, summation: Summation = .interpolation,
        fromLogits: Bool = true, name: String? = nil
    ) {
        self.numThresholds = max(2, numThresholds)
        self.curve = curve
        self.summation = summation
        self.fromLogits = fromLogits
        self.name = name ?? (curve == .roc ? "auc" : "auc_pr")
    }

    /// Weight of the pairs whose prediction lies between a threshold and the next.
    public struct Accumulator: Sendable {
        var positives: [Double]
        var negatives: [Double]
    }

    public func makeAccumulator() -> Accumulator {
        let zeros = [Double](repeating: 0, count: numThresholds)
        return Accumulator(positives: zeros, negatives: zeros)
    }

    public func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float, into buckets: inout Accumulator
    ) {
        let steps = Float(numThresholds - 1)
        for column in logits.indices {
            let score = fromLogits ? Kernels.sigmoid(logits[column]) : logits[column]
            guard !score.isNaN else { continue }
            let bucket = Int(max(0, (min(max(score, 0), 1) * steps).rounded(.up) - 1))
            if column == labels.positive { buckets.positives[bucket] += Double(weight) }
            let copies = Double(labels.negatives(in: column))
            if copies > 0 { buckets.negatives[bucket] += Double(weight) * copies }
        }
    }

    public func merge(_ other: Accumulator, into buckets: inout Accumulator) {
        for index in 0..<numThresholds {
            buckets.positives[index] += other.positives[index]
            buckets.negatives[index] += other.negatives[index]
        }
    }

    public func summarize(_ buckets: Accumulator) -> [MetricValue] {
        let points = ThresholdCurve(positives: buckets.positives, negatives: buckets.negatives)
        return [MetricValue(name: name, value: points.area(curve, summation))]
    }
}

extension AUC.Accumulator: RestorableParts {
    public static var parts: [StatePart<Self>] {
        [StatePart("positives", \.positives), StatePart("negatives", \.negatives)]
    }
}

/// True and false positives at each threshold.
private struct ThresholdCurve {
    let truePositives: [Double]
    let falsePositives: [Double]

    init(positives: [Double], negatives: [Double]) {
        truePositives = Self.sumFromEnd(positives)
        falsePositives = Self.sumFromEnd(negatives)
    }

    private static func sumFromEnd(_ buckets: [Double]) -> [Double] {
        var sums = buckets
        for index in sums.indices.dropLast().reversed() { sums[index] += sums[index + 1] }
        return sums
    }

    /// Every prediction is above the first threshold, so its counts are the totals.
    func area(_ curve: AUC.Curve, _ summation: AUC.Summation) -> Double {
        if curve == .pr && summation == .interpolation { return interpolatedPrecisionRecall }
        let recall = truePositives.map { Ratio.orZero($0, truePositives[0]) }
        let x: [Double]
        let y: [Double]
        switch curve {
        case .roc:
            x = falsePositives.map { Ratio.orZero($0, falsePositives[0]) }
            y = recall
        case .pr:
            x = recall
            y = zip(truePositives, falsePositives).map { Ratio.orZero($0, $0 + $1) }
        }
        return (0..<(x.count - 1)).reduce(0) { area, index in
            let (a, b) = (y[index], y[index + 1])
            let height =
                switch summation {
                case .interpolation: (a + b) / 2
                case .minoring: min(a, b)
                case .majoring: max(a, b)
                }
            return area + (x[index] - x[index + 1]) * height
        }
    }

    /// `AUC.interpolate_pr_auc`: between two thresholds true positives are linear in all that is
    /// called positive, `TP = a + slope · P`, so that the precision integrates to a logarithm.
    private var interpolatedPrecisionRecall: Double {
        (0..<(truePositives.count - 1)).reduce(0) { area, index in
            let (tp, next) = (truePositives[index], truePositives[index + 1])
            let (called, calledNext) = (
                tp + falsePositives[index], next + falsePositives[index + 1]
            )
            let slope = Ratio.orZero(tp - next, max(called - calledNext, 0))
            let intercept = next - slope * calledNext
            let ratio = called > 0 && calledNext > 0 ? called / calledNext : 1
            let gain = slope * (tp - next + intercept * Kernels.log(ratio))
            return area + Ratio.orZero(gain, max(truePositives[0], 0))
        }
    }
}

extension AUC: SelfChecking {
    public func advice() -> [Advice] {
        fromLogits ? [] : [.takingScoresForProbabilities(at: Self.fromLogitsField)]
    }
}

extension AUC: CatalogComponent {
    static let numThresholdsField = Field<Int>(
        "num_thresholds", default: 200, .between(2, and: 1_000_000),
        "How many thresholds the curve has.")
    static let curveField = Field<Curve>(
        "curve", default: .roc, "True against false positive rate, or precision against recall.")
    static let summationField = Field<Summation>(
        "summation_method", default: .interpolation,
        "How the area between two thresholds is taken.")
    static let fromLogitsField = Field<Bool>(
        "from_logits", default: true, "Whether a sigmoid makes predictions of the scores.")

    public static let entry = ComponentEntry<any BatchMetric>(
        "auc",
        summary: "Area under the ROC or precision-recall curve of the batch's pairs.",
        source: "tf.keras.metrics.AUC",
        fields: [
            numThresholdsField.description, curveField.description, summationField.description,
            fromLogitsField.description, MetricName.optionalField.description,
        ]
    ) { values in
        AUC(
            numThresholds: values[numThresholdsField], curve: values[curveField],
            summation: values[summationField], fromLogits: values[fromLogitsField],
            name: values[MetricName.optionalField])
    }
}
