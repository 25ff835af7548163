/// Softmax cross-entropy over the row's columns.
///
/// `−Σⱼ y'ⱼ · log softmax(z)ⱼ` with `y' = y·(1 − s) + s / C` for label smoothing s over C columns:
/// `tf.keras.losses.CategoricalCrossentropy(from_logits=True)`. The gradient is
/// `softmax(z)·Σ y' − y'`: the labels of a row without a positive sum to s, so when s = 0 such a
/// row has neither a loss nor a gradient. ``ProbabilityCrossentropy`` is its counterpart for
/// `from_logits=False`.
public struct CategoricalCrossentropy: SharedRowLoss {
    /// The share of each label that is spread evenly over the columns, in [0, 1].
    public var labelSmoothing: Float
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { labelSmoothing == 0 }

    public init(labelSmoothing: Float = 0, reduction: Reduction = .sum) {
        self.labelSmoothing = labelSmoothing
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            guard !row.isEmpty else { return 0 }
            let positiveLogit = labels.positive.map { row[$0] }
            let spread = LabelSpread(labelSmoothing, over: labels.columnCount, labels.counts)
            let spreadLogit = spread?.dot(row) ?? 0
            let softmax = RowSoftmax(replacing: row, counts: labels.counts)
            Kernels.scale(
                row.baseAddress, row.count, labelSum(labels.positive != nil) / softmax.sum)
            spread?.subtract(from: row, weight: 1)
            if let positive = labels.positive { row[positive] -= 1 - labelSmoothing }
            return loss(positiveLogit, softmax, spreadLogit)
        }
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row shared: SharedRow,
        losses: inout MutableSpan<Float>
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let spread = LabelSpread(labelSmoothing, over: shared.columnCount, shared.counts)
            let spreadLogit = spread?.dot(row) ?? 0
            for (index, positive) in shared.positives.enumerated() {
                losses[index] = positive < 0 ? 0 : row[Int(positive)]
            }
            let softmax = RowSoftmax(replacing: row, counts: shared.counts)

            var factor: Float = 0  // Σᵢ wᵢ · Σⱼ y'ᵢⱼ / Zᵢ
            var totalWeight: Float = 0
            let examples = shared.positives.count
            shared.scratch.with(Float.self, count: examples) { dropped in
                for (index, (positive, weight)) in zip(shared.positives, shared.weights)
                    .enumerated()
                {
                    var own = softmax
                    dropped[index] = 0
                    let copies = positive < 0 ? 1 : shared.counts?[Int(positive)] ?? 1
                    // Hidden from the others, or with copies that this one loses.
                    if copies == 0 || copies > 1 && shared.dropsCopiesOfPositive {
                        let single = Kernels.exp(losses[index] - softmax.maximum)
                        let surplus = row[Int(positive)] - single
                        own = softmax.replacing(column: Int(positive), by: single, in: row)
                        dropped[index] = weight / own.sum * surplus
                    }
                    factor += weight * labelSum(positive >= 0) / own.sum
                    totalWeight += weight
                    losses[index] = loss(positive < 0 ? nil : losses[index], own, spreadLogit)
                }
                // What is subtracted is divided by the factor: one that is tiny, or no number, is
                // not left to the engine.
                if !(factor.magnitude > 0x1p-64 && factor.isFinite) {
                    Kernels.scale(row.baseAddress, row.count, factor)
                    factor = 1
                }
                for (positive, gradient) in zip(shared.positives, dropped) where gradient != 0 {
                    row[Int(positive)] -= gradient / factor
                }
            }
            spread?.subtract(from: row, weight: totalWeight / factor)
            for (positive, weight) in zip(shared.positives, shared.weights) where positive >= 0 {
                row[Int(positive)] -= (1 - labelSmoothing) * weight / factor
            }
            return factor
        }
    }

    /// Σⱼ y'ⱼ.
    private func labelSum(_ hasPositive: Bool) -> Float { hasPositive ? 1 : labelSmoothing }

    private func loss(_ positiveLogit: Float?, _ softmax: RowSoftmax, _ spreadLogit: Float) -> Float
    {
        // 0 · NaN for a row without a positive: a row that is broken must show.
        let none: Float = softmax.sum.isNaN ? .nan : 0
        let hard = positiveLogit.map { softmax.logSum - ($0 - softmax.maximum) } ?? none
        guard labelSmoothing > 0 else { return hard }
        return (1 - labelSmoothing) * hard
            + labelSmoothing * (softmax.logSum + softmax.maximum) - spreadLogit
    }
}

/// The share of the labels that smoothing spreads over all columns.
private struct LabelSpread {
    let perColumn: Float
    let counts: [Float]?

    init?(_ labelSmoothing: Float, over columnCount: Float, _ counts: [Float]?) {
        guard labelSmoothing > 0 else { return nil }
        perColumn = labelSmoothing / columnCount
        self.counts = counts
    }

    /// Σⱼ labelⱼ · zⱼ, multiplied first: masked scores of 3.4e36 must not overflow in a plain sum.
    func dot(_ row: UnsafeMutableBufferPointer<Float>) -> Float {
        counts.withPointer { Kernels.scaledDot(row.baseAddress, $0, row.count, perColumn) }
    }

    func subtract(from row: UnsafeMutableBufferPointer<Float>, weight: Float) {
        counts.withPointer { counts in
            if let counts {
                Kernels.axpy(row.baseAddress, counts, -weight * perColumn, row.count)
            } else {
                for column in row.indices { row[column] -= weight * perColumn }
            }
        }
    }
}

extension CategoricalCrossentropy: SelfChecking {
    public func advice() -> [Advice] {
        LossFields.advice(labelSmoothing: labelSmoothing)
    }
}

extension CategoricalCrossentropy: CatalogComponent {
    public static let entry = ComponentEntry<any Loss>(
        "categorical_crossentropy",
        summary: "Softmax cross-entropy over the batch's candidates: TFRS's default loss.",
        source: "tf.keras.losses.CategoricalCrossentropy(from_logits=True)",
        fields: [
            LossFields.fromLogits.description, LossFields.labelSmoothing.description,
            Reduction.field.description,
        ]
    ) { values -> any Loss in
        let labelSmoothing = Float(values[LossFields.labelSmoothing])
        let reduction = values[Reduction.field]
        return values[LossFields.fromLogits]
            ? CategoricalCrossentropy(labelSmoothing: labelSmoothing, reduction: reduction)
            : ProbabilityCrossentropy(labelSmoothing: labelSmoothing, reduction: reduction)
    }
}
