import Safeguards

/// Embeddings as 16-bit integers, whose products tell most scores from a threshold without
/// computing them.
///
/// A row x becomes the integers x̂ nearest to a·x, and e = x − x̂/a is left of it. For the score of
/// a query q and a candidate c, scaled by a and b,
///
///     |q·c − q̂·ĉ / (a·b)| ≤ (|q| + |e_q|)·|e_c| + |e_q|·|c|
///
/// by Cauchy and Schwarz. The score as a chain of k fused multiply-adds differs from q·c by at most
/// 1.01·k·2⁻²⁴·|q|·|c|, and by k·2⁻¹⁴⁹ where numbers are denormal (Higham, 2002, "Accuracy and
/// Stability of Numerical Algorithms", section 3.1).
enum Quantization {
    /// The length that the longest row of integers has, a little below 2¹⁵: no sum of products can
    /// leave 32 bits.
    static let length = 32_000.0

    /// Embeddings that long round to integers whose length is still below 2¹⁵, and the error of
    /// their scores is as above.
    static let dimensions = 1...2048

    /// What one row, or the longest of several, is scaled by.
    static func scale(length: Double) -> Double {
        length > 0 ? Quantization.length / length : 1
    }

    /// A bound from above, to a double.
    static func bound(_ value: Double) -> Int32 {
        guard value > Double(Int32.min) else { return .min }
        return value < Double(Int32.max) ? Int32(value) : .max
    }
}

/// The queries of a search as integers.
struct QuantizedQueries: Sendable {
    /// Pairs of integers of a row.
    let pairs: Int
    /// [rows, 2 · pairs].
    let values: LaneBuffer<Int16>
    private let scales: LaneBuffer<Double>
    private let lengths: LaneBuffer<Double>
    /// The length of what the integers leave of each row.
    private let residuals: LaneBuffer<Double>
    private let dimension: Int

    init(_ queries: Matrix, lanes: Lanes) {
        let (rows, dimension) = (queries.rows, queries.columns)
        let pairs = (dimension + 1) / 2
        let values = LaneBuffer<Int16>(uninitializedCount: rows * 2 * pairs)
        let scales = LaneBuffer<Double>(uninitializedCount: rows)
        let lengths = LaneBuffer<Double>(uninitializedCount: rows)
        let residuals = LaneBuffer<Double>(uninitializedCount: rows)
        lanes.forEach(Lanes.count) { lane in
            queries.values.withUnsafeBufferPointer { elements in
                for row in Lanes.rows(of: lane, in: rows) {
                    let from = elements.baseAddress! + row * dimension
                    let length = Kernels.length(from, dimension)
                    let scale = Quantization.scale(length: length)
                    scales.pointer[row] = scale
                    lengths.pointer[row] = length
                    residuals.pointer[row] = Kernels.quantize(
                        from, dimension, scale, values.pointer + row * 2 * pairs, 2)
                }
            }
        }
        (self.pairs, self.values, self.dimension) = (pairs, values, dimension)
        (self.scales, self.lengths, self.residuals) = (scales, lengths, residuals)
    }

    /// Between which sums of products a candidate of a group may score as a threshold or on either
    /// side of it: sums of at most `low` belong to scores below, those above `high` to scores above.
    /// The least integer stands for no candidate and is neither.
    func band(
        of threshold: Float, row: Int, _ group: QuantizedCandidates.Group
    ) -> (low: Int32, high: Int32) {
        guard !threshold.isNaN else { return (.max, .max) }
        let (length, residual) = (lengths.pointer[row], residuals.pointer[row])
        let k = Double(dimension)
        let rounding = 1.01 * k * 0x1p-24 * length * group.length + k * 0x1p-149
        let error =
            (length + residual) * group.residual + residual * group.length + rounding
            // What is computed here is right to 15 digits.
            + 1e-9 * (rounding + length * group.residual)
        let scale = scales.pointer[row] * group.scale
        return (
            Quantization.bound((scale * (Double(threshold) - error)).rounded(.down) - 1),
            Quantization.bound((scale * (Double(threshold) + error)).rounded(.up) + 1)
        )
    }
}

/// The candidates of a batch as integers, group after group as they are needed.
final class QuantizedCandidates: Sendable {
    /// Candidates with one scale.
    struct Group: BitwiseCopyable, Sendable {
        var scale = 0.0
        /// The length of the longest.
        var length = 0.0
        /// The length of the most that the integers leave of any.
        var residual = 0.0
    }

    /// Candidates of a group: few, so that a long one among them makes few others imprecise.
    static let groupSize = 1024

    let candidates: Matrix
    /// Panels of 16 columns, as `Kernels.integerProducts` wants them.
    let packed: LaneBuffer<Int16>
    private let pairs: Int
    private let groups: LaneBuffer<Group>
    private let readyCount = Guarded(0)

    init(_ candidates: Matrix) {
        self.candidates = candidates
        pairs = (candidates.columns + 1) / 2
        let count = (candidates.rows + Self.groupSize - 1) / Self.groupSize
        // The last panel is filled up.
        let panel = Kernels.integerPanel
        packed = LaneBuffer(
            uninitializedCount: (candidates.rows + panel - 1) / panel * panel * 2 * pairs)
        groups = LaneBuffer(repeating: Group(), count: count)
    }

    func group(at column: Int) -> Group { groups.pointer[column / Self.groupSize] }

    /// Makes the integers of all candidates before a column.
    func prepare(upTo column: Int, lanes: Lanes) {
        let needed = (column + Self.groupSize - 1) / Self.groupSize
        readyCount.withLock { ready in
            guard ready < needed else { return }
            let first = ready
            lanes.forEach(needed - first) { quantize(group: first + $0) }
            ready = needed
        }
    }

    private func quantize(group index: Int) {
        let columns =
            (index * Self.groupSize)..<min((index + 1) * Self.groupSize, candidates.rows)
        let dimension = candidates.columns
        var group = Group()
        candidates.values.withUnsafeBufferPointer { elements in
            let base = elements.baseAddress!
            for column in columns {
                group.length = max(
                    group.length, Kernels.length(base + column * dimension, dimension))
            }
            group.scale = Quantization.scale(length: group.length)
            for column in columns {
                group.residual = max(
                    group.residual,
                    Kernels.quantize(
                        base + column * dimension, dimension, group.scale, place(of: column), 32))
            }
        }
        let panel = Kernels.integerPanel
        for column in columns.upperBound..<(columns.upperBound + panel - 1) / panel * panel {
            for pair in 0..<pairs {
                (place(of: column) + 32 * pair).update(repeating: 0, count: 2)
            }
        }
        groups.pointer[index] = group
    }

    private func place(of column: Int) -> UnsafeMutablePointer<Int16> {
        packed.pointer + column / 16 * 32 * pairs + column % 16 * 2
    }
}
