/// The pairs of all examples that share a row, each example's with one pass over it.
///
/// What the passes read and write is padded to whole vectors.
struct SharedPairs<Cost: PairCost> {
    private let cost: Cost
    private let scale: Float
    /// The scores, and in the end the gradient.
    private let scores: UnsafeMutableBufferPointer<Float>
    /// What the cost makes of the scores.
    private let prepared: PreparedRow
    /// The gradient of one copy of each column.
    private let slopes: UnsafeMutableBufferPointer<Float>
    private let margins: UnsafeMutableBufferPointer<Float>
    private let costs: UnsafeMutableBufferPointer<Float>
    /// What each example adds to the gradient of its own column.
    private let own: UnsafeMutableBufferPointer<Float>
    private let isFinite: Bool
    private let maximum: Float

    private static func padded(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

    /// What room is needed for a row and its examples.
    static func scratchSize(_ columns: Int, _ examples: Int) -> Int {
        5 * padded(columns) + examples
    }

    /// - Parameter scratch: room of ``scratchSize(_:_:)``.
    init(
        of row: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?,
        alike: Int, _ cost: Cost, _ scratch: UnsafeMutableBufferPointer<Float>, scale: Float
    ) {
        let (columns, width) = (row.count, Self.padded(row.count))
        func part(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
            UnsafeMutableBufferPointer(rebasing: scratch[index * width..<(index + 1) * width])
        }
        (self.cost, self.scale, scores) = (cost, scale, row)
        (slopes, margins, costs) = (part(1), part(2), part(3))
        own = UnsafeMutableBufferPointer(rebasing: scratch[(5 * width)...])
        let values = part(0)
        isFinite = Kernels.maxAbs(row.baseAddress, columns).isFinite
        slopes.update(repeating: 0)
        _ = values.update(fromContentsOf: row)
        maximum =
            isFinite
            ? cost.prepare(UnsafeMutableBufferPointer(rebasing: values[..<columns])) : .nan
        values[columns...].update(repeating: cost.nothing)
        guard let counts else {
            prepared = PreparedRow(values: values, counts: nil, alike: alike)
            return
        }
        let copies = part(4)
        _ = copies.update(fromContentsOf: UnsafeBufferPointer(start: counts, count: columns))
        copies[columns...].update(repeating: 0)
        // One that is hidden costs nothing, whatever it scores.
        Kernels.hideUncounted(values.baseAddress, copies.baseAddress, width, cost.nothing)
        prepared = PreparedRow(
            values: values, counts: UnsafePointer(copies.baseAddress), alike: alike)
    }

    func evaluate(_ shared: SharedRow, _ losses: inout MutableSpan<Float>) {
        for (index, (positive, weight)) in zip(shared.positives, shared.weights).enumerated() {
            own[index] = 0
            guard positive >= 0 else {
                losses[index] = withoutPositive()
                continue
            }
            let column = Int(positive)
            let pairs =
                isFinite && cost.canAdd(scores[column], maximum: maximum)
                ? sum(column, weight: weight * scale) : sumPlainly(column, weight: weight * scale)
            let copies = (prepared.counts?[column] ?? 1) - 1
            // A copy of the positive has a constant margin of 0: it adds to the loss, and its two
            // slopes cancel.
            let ties = shared.dropsCopiesOfPositive || copies <= 0 ? 0 : copies * cost.ofTie
            losses[index] = scale * (pairs.cost + ties)
            own[index] = pairs.slope
        }
        NegativeTerms.weigh(slopes, by: prepared.counts)
        _ = scores.update(fromContentsOf: slopes[..<scores.count])
        for (index, positive) in shared.positives.enumerated() where positive >= 0 {
            scores[Int(positive)] -= own[index]
        }
    }

    /// The pairs of a column with all others.
    private func sum(_ positive: Int, weight: Float) -> (cost: Float, slope: Float) {
        let kept = prepared.values[positive]
        prepared.values[positive] = cost.nothing
        defer { prepared.values[positive] = kept }
        return cost.add(
            (scores[positive], maximum), of: prepared, to: slopes.baseAddress, weight: weight)
    }

    /// The same of scores that lie far apart, or are none.
    private func sumPlainly(_ positive: Int, weight: Float) -> (cost: Float, slope: Float) {
        let own = scores[positive]
        for column in scores.indices { margins[column] = own - scores[column] }
        cost.evaluate(
            UnsafeMutableBufferPointer(rebasing: margins[..<scores.count]),
            costs: UnsafeMutableBufferPointer(rebasing: costs[..<scores.count]))
        let counts = prepared.counts
        var (sum, slope) = (0.0, 0.0)
        for column in scores.indices where column != positive && counts?[column] != 0 {
            let count = Double(counts?[column] ?? 1)
            sum += count * Double(costs[column])
            slope -= count * Double(margins[column])
            slopes[column] -= weight * margins[column]
        }
        return (Float(sum), weight * Float(slope))
    }

    /// No pairs, no loss; but a row that is broken must show.
    private func withoutPositive() -> Float {
        guard !isFinite, scores.contains(where: \.isNaN) else { return 0 }
        slopes.update(repeating: .nan)
        return .nan
    }
}
