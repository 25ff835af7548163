/// The pairs of all examples that share a row, each example's with one pass over it.
struct SharedPairs<Cost: PairCost> {
    private let cost: Cost
    private let scale: Float
    private let counts: UnsafePointer<Float>?
    private let alike: Int
    /// The gradient: of each column's copies alike, until they are counted.
    private let slopes: UnsafeMutableBufferPointer<Float>
    private let scores: UnsafeMutableBufferPointer<Float>
    /// What the cost makes of the scores.
    private let prepared: UnsafeMutableBufferPointer<Float>
    private let margins: UnsafeMutableBufferPointer<Float>
    private let costs: UnsafeMutableBufferPointer<Float>
    /// What each example adds to the gradient of its own column.
    private let own: UnsafeMutableBufferPointer<Float>
    private let isFinite: Bool
    private let maximum: Float

    /// - Parameters:
    ///   - row: the scores; afterwards zeros, for the gradient.
    ///   - scratch: room for four rows, and for one number of each example.
    init(
        moving row: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?,
        alike: Int, _ cost: Cost, _ scratch: UnsafeMutableBufferPointer<Float>, scale: Float
    ) {
        func part(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
            UnsafeMutableBufferPointer(
                rebasing: scratch[index * row.count..<(index + 1) * row.count])
        }
        (self.cost, self.counts, self.alike, self.scale) = (cost, counts, alike, scale)
        slopes = row
        (scores, prepared, margins, costs) = (part(0), part(1), part(2), part(3))
        own = UnsafeMutableBufferPointer(rebasing: scratch[(4 * row.count)...])
        _ = scores.update(fromContentsOf: row)
        isFinite = Kernels.maxAbs(row.baseAddress, row.count).isFinite
        guard isFinite else {
            maximum = .nan
            row.update(repeating: 0)
            return
        }
        _ = prepared.update(fromContentsOf: row)
        maximum = cost.prepare(prepared)
        row.update(repeating: 0)
        guard let counts else { return }
        // One that is hidden costs nothing, whatever it scores.
        let nothing = cost.nothing
        for column in row.indices {
            prepared[column] = counts[column] == 0 ? nothing : prepared[column]
        }
    }

    func evaluate(_ shared: SharedRow, _ losses: inout MutableSpan<Float>) {
        for (index, (positive, weight)) in zip(shared.positives, shared.weights).enumerated() {
            own[index] = 0
            guard positive >= 0 else {
                losses[index] = withoutPositive(weight)
                continue
            }
            let column = Int(positive)
            let pairs =
                isFinite && cost.canAdd(scores[column], maximum: maximum)
                ? sum(column, weight: weight * scale) : sumPlainly(column, weight: weight * scale)
            let copies = (counts?[column] ?? 1) - 1
            // A copy of the positive has a constant margin of 0: it adds to the loss, and its two
            // slopes cancel.
            let ties = shared.dropsCopiesOfPositive || copies <= 0 ? 0 : copies * cost.ofTie
            losses[index] = scale * (pairs.cost + ties)
            own[index] = weight * scale * pairs.slope
        }
        NegativeTerms.weigh(slopes, by: counts)
        for (index, positive) in shared.positives.enumerated() where positive >= 0 {
            slopes[Int(positive)] -= own[index]
        }
    }

    /// The pairs of a column with all others.
    private func sum(_ positive: Int, weight: Float) -> (cost: Float, slope: Float) {
        let kept = prepared[positive]
        prepared[positive] = cost.nothing
        defer { prepared[positive] = kept }
        return cost.add(
            (scores[positive], maximum),
            of: PreparedRow(values: prepared, counts: counts, alike: alike),
            to: slopes.baseAddress, weight: weight)
    }

    /// The same of scores that lie far apart, or are none.
    private func sumPlainly(_ positive: Int, weight: Float) -> (cost: Float, slope: Float) {
        let own = scores[positive]
        for column in scores.indices { margins[column] = own - scores[column] }
        cost.evaluate(margins, costs: costs)
        var (sum, slope) = (0.0, 0.0)
        for column in scores.indices where column != positive && counts?[column] != 0 {
            let count = Double(counts?[column] ?? 1)
            sum += count * Double(costs[column])
            slope -= count * Double(margins[column])
            slopes[column] -= weight * margins[column]
        }
        return (Float(sum), Float(slope))
    }

    /// No pairs, no loss; but a row that is broken must show.
    private func withoutPositive(_ weight: Float) -> Float {
        guard !isFinite, scores.contains(where: \.isNaN) else { return 0 }
        slopes.update(repeating: .nan)
        return .nan
    }
}
