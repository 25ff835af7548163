/// The positive against the best negative: `max(0, neg − pos + 1)`.
///
/// `tf.keras.losses.CategoricalHinge`: `pos = Σⱼ yⱼ zⱼ` and `neg = maxⱼ (1 − yⱼ) zⱼ`. The
/// positive's own column takes part in that maximum with the value 0, so the loss is never below
/// `1 − pos`. Columns that share the maximum share its gradient equally. The products are taken as
/// they stand, so that an infinite score anywhere gives NaN.
public struct CategoricalHinge: SharedRowLoss {
    public var reduction: Reduction

    public var supportsCounts: Bool { true }
    public var canDropCopiesOfPositive: Bool { true }

    public init(reduction: Reduction = .sum) {
        self.reduction = reduction
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            labels.withScratch(of: Float.self, count: 2 * row.count) { scratch in
                labels.counts.withPointer { counts in
                    Peaks(moving: row, to: scratch, counts).evaluate(
                        labels.positive, weight: 1, dropsCopies: false, into: row)
                }
            }
        }
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row shared: SharedRow,
        losses: inout MutableSpan<Float>
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            shared.scratch.with(Float.self, count: 2 * row.count) { scratch in
                shared.counts.withPointer { counts in
                    let peaks = Peaks(moving: row, to: scratch, counts)
                    for (index, (positive, weight)) in zip(shared.positives, shared.weights)
                        .enumerated()
                    {
                        losses[index] = peaks.evaluate(
                            positive < 0 ? nil : Int(positive), weight: weight,
                            dropsCopies: shared.dropsCopiesOfPositive, into: row)
                    }
                }
            }
            return 1
        }
    }
}

/// A row's two highest scores and the columns that have them: whatever an example's positive is,
/// one of the two leads its negatives.
private struct Peaks {
    private let scores: UnsafeMutableBufferPointer<Float>
    private let counts: UnsafePointer<Float>?
    private let isFinite: Bool
    private let highest: Slice<UnsafeMutableBufferPointer<Int32>>
    private let next: Slice<UnsafeMutableBufferPointer<Int32>>

    /// Leaves zeros in the row, for gradients.
    ///
    /// - Parameter scratch: room for the row's scores, and for as many columns.
    init(
        moving row: UnsafeMutableBufferPointer<Float>,
        to scratch: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?
    ) {
        let scores = UnsafeMutableBufferPointer(rebasing: scratch[..<row.count])
        let places = UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: scratch[row.count...])
        ).bindMemory(to: Int32.self)
        self.scores = scores
        self.counts = counts
        _ = scores.update(fromContentsOf: row)
        isFinite = Kernels.maxAbs(row.baseAddress, row.count).isFinite
        if let counts {
            // What is hidden leads nothing.
            Kernels.hideUncounted(row.baseAddress, counts, row.count, -.infinity)
        }
        let top = Kernels.max(row.baseAddress, row.count)
        let second = Kernels.maxBelow(row.baseAddress, row.count, top)
        // Of one score alone there is no second.
        let below = second == -.infinity ? top.nextDown : second.nextDown
        var (front, back) = (0, places.count)
        var column = isFinite ? Kernels.findAbove(row.baseAddress, row.count, 0, below) : row.count
        while column < row.count {
            if row[column] == top {
                places[front] = Int32(column)
                front += 1
            } else {
                back -= 1
                places[back] = Int32(column)
            }
            column = Kernels.findAbove(row.baseAddress, row.count, column + 1, below)
        }
        row.update(repeating: 0)
        highest = places[..<front]
        next = places[back...]
    }

    /// Returns an example's loss and adds its gradient.
    func evaluate(
        _ positive: Int?, weight: Float, dropsCopies: Bool,
        into row: UnsafeMutableBufferPointer<Float>
    ) -> Float {
        guard isFinite else {
            row.update(repeating: .nan)
            return .nan
        }
        // The positive's own (1 − y)·z is 0; a row without one that loses its hits loses column 0.
        let hidden = dropsCopies ? positive ?? 0 : nil
        var height: Float = positive == nil ? -.infinity : 0
        var breadth: Float = positive == nil ? 0 : 1
        var leaders = highest
        if sum(leaders, positive, hidden) == 0 { leaders = next }
        let own = sum(leaders, positive, hidden)
        let score = leaders.first.map { scores[Int($0)] } ?? -.infinity
        if own > 0, score > height {
            (height, breadth) = (score, own)
        } else if own > 0, score == height {
            breadth += own
        }
        let excess = height - (positive.map { scores[$0] } ?? 0) + 1
        guard excess >= 0 else { return 0 }  // at the hinge itself it pays, as in TensorFlow
        if own > 0, score == height {
            for column in leaders {
                row[Int(column)] += weight * copies(Int(column), positive, hidden) / breadth
            }
        }
        if let positive { row[positive] -= weight }
        return excess
    }

    /// How many negatives a column stands for.
    private func copies(_ column: Int, _ positive: Int?, _ hidden: Int?) -> Float {
        guard column != hidden else { return 0 }
        let copies = counts?[column] ?? 1
        return column == positive ? max(0, copies - 1) : copies
    }

    private func sum(
        _ columns: Slice<UnsafeMutableBufferPointer<Int32>>, _ positive: Int?, _ hidden: Int?
    ) -> Float {
        columns.reduce(0) { $0 + copies(Int($1), positive, hidden) }
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
