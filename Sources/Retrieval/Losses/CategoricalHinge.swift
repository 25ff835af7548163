/// The positive against the best negative: `max(0, neg − pos + 1)`.
///
/// `tf.keras.losses.CategoricalHinge`: `pos = Σⱼ yⱼ zⱼ` and `neg = maxⱼ (1 − yⱼ) zⱼ`. The
/// positive's own column takes part in that maximum with the value 0, so the loss is never below
/// `1 − pos`. Columns that share the maximum share its gradient equally. The products are taken as
/// they stand, so that an infinite score anywhere gives NaN.
public struct CategoricalHinge: Loss {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }

    public init(reduction: Reduction = .sum) {
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        guard let summit = Summit(logits, labels) else {
            for column in logits.indices { logits[column] = .nan }
            return .nan
        }
        let positiveScore = labels.positive.map { logits[$0] } ?? 0
        let excess = summit.height - positiveScore + 1
        let pays = excess >= 0  // at the hinge itself too, as TensorFlow's maximum has it
        for column in logits.indices {
            let copies = labels.negatives(in: column)
            let isHighest = copies > 0 && logits[column] == summit.height
            logits[column] = pays && isHighest ? copies / summit.breadth : 0
        }
        if let positive = labels.positive, pays { logits[positive] -= 1 }
        return max(excess, 0)
    }
}

/// The highest of a row's `(1 − yⱼ) zⱼ` and how many columns reach it.
private struct Summit {
    /// −infinity for a row without columns.
    var height: Float
    var breadth: Float

    /// Nil if a score is not finite.
    init?(_ logits: borrowing MutableSpan<Float>, _ labels: RowLabels) {
        height = labels.positive == nil ? -.infinity : 0
        breadth = labels.positive == nil ? 0 : 1
        for column in logits.indices {
            let logit = logits[column]
            guard logit.isFinite else { return nil }
            let copies = labels.negatives(in: column)
            guard copies > 0 else { continue }
            if logit > height {
                height = logit
                breadth = copies
            } else if logit == height {
                breadth += copies
            }
        }
    }
}

extension CategoricalHinge: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "categorical_hinge",
        summary: "How far the best negative comes within 1 of the positive.",
        source: "tf.keras.losses.CategoricalHinge",
        fields: [Reduction.field.description]
    ) { values in
        CategoricalHinge(reduction: values[Reduction.field])
    }
}
