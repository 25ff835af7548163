/// What the margin `z₊ − zⱼ` between a positive and a negative costs.
///
/// The examples of a query share its scores, and what a negative costs one of them is told from
/// these by a few vector operations.
protocol PairCost: Sendable {
    /// The cost where both score the same.
    var ofTie: Float { get }

    /// Replaces each margin by the derivative of its cost, and writes the costs.
    func evaluate(
        _ margins: UnsafeMutableBufferPointer<Float>,
        costs: UnsafeMutableBufferPointer<Float>)

    /// Makes of a row of finite scores what ``add(_:of:to:weight:)`` reads.
    ///
    /// - Returns: the largest score.
    func prepare(_ scores: UnsafeMutableBufferPointer<Float>) -> Float

    /// Whether a positive of such a score may be left to ``add(_:of:to:weight:)``.
    func canAdd(_ positive: Float, maximum: Float) -> Bool

    /// What stands for a column that costs nothing in a row that was prepared.
    var nothing: Float { get }

    /// Adds `weight` times minus the derivative of each column's cost to its slope.
    ///
    /// - Parameters:
    ///   - positive: its score, and the row's largest.
    ///   - row: what was prepared.
    /// - Returns: the sum of the costs, and that of what was added, copies counted.
    func add(
        _ positive: (score: Float, maximum: Float), of row: PreparedRow,
        to slopes: UnsafeMutablePointer<Float>?, weight: Float
    ) -> (cost: Float, slope: Float)
}

/// What a cost made of a row of scores, up to a multiple of 16 columns, the last of which cost nothing.
struct PreparedRow {
    var values: UnsafeMutableBufferPointer<Float>
    /// How many candidates each column stands for; nil: one.
    var counts: UnsafePointer<Float>?
    /// As ``SharedRow/alike``.
    var alike: Int
}

extension PairCost {
    /// As ``PairTerms/sum(_:_:scale:cost:)``, of all examples that share a row: as
    /// ``SharedRowLoss/evaluateShared(_:row:losses:)``.
    func sumShared(
        _ logits: inout MutableSpan<Float>, _ shared: SharedRow,
        _ losses: inout MutableSpan<Float>, scale: Float
    ) -> Float {
        logits.withUnsafeMutableBufferPointer { row in
            let size = SharedPairs<Self>.scratchSize(row.count, shared.positives.count)
            return shared.scratch.with(Float.self, count: size) { scratch in
                shared.counts.withPointer { counts in
                    SharedPairs(
                        of: row, counts, alike: shared.alike, self, scratch, scale: scale
                    ).evaluate(shared, &losses)
                }
                return 1
            }
        }
    }
}

/// `log(1 + e⁻ᵈ)` of a margin d.
///
/// Of a row one exponential a column is enough, `e^(zⱼ − max)`: the odds of a pair are this times
/// `e^(max − z₊)`.
struct LogisticCost: PairCost {
    /// How far a positive may lie below the largest score. Columns that an exponential loses lie
    /// 87 below it, so at most e⁻⁴⁷ of a cost is lost.
    private static let span: Float = 40

    var ofTie: Float { Kernels.softplus(0) }
    var nothing: Float { 0 }

    func evaluate(
        _ margins: UnsafeMutableBufferPointer<Float>,
        costs: UnsafeMutableBufferPointer<Float>
    ) {
        Kernels.scale(margins.baseAddress, margins.count, -1)
        Kernels.softplus(costs.baseAddress, margins.baseAddress, margins.count)
        Kernels.sigmoid(margins.baseAddress, margins.baseAddress, margins.count)
        Kernels.scale(margins.baseAddress, margins.count, -1)
    }

    func prepare(_ scores: UnsafeMutableBufferPointer<Float>) -> Float {
        var maximum: Float = 0
        _ = Kernels.expMaxSum(scores.baseAddress, scores.count, nil, &maximum)
        return maximum
    }

    func canAdd(_ positive: Float, maximum: Float) -> Bool { maximum - positive <= Self.span }

    func add(
        _ positive: (score: Float, maximum: Float), of row: PreparedRow,
        to slopes: UnsafeMutablePointer<Float>?, weight: Float
    ) -> (cost: Float, slope: Float) {
        var slope: Float = 0
        let cost = Kernels.pairLogistic(
            row.values.baseAddress, row.counts, slopes, row.values.count, alike: row.alike,
            factor: Kernels.exp(positive.maximum - positive.score), weight: weight,
            slope: &slope)
        return (cost, slope)
    }
}

/// `max(0, margin − d)` of a margin d.
struct HingeCost: PairCost {
    /// By how much the positive has to outscore each negative; greater than 0.
    var margin: Float

    var ofTie: Float { margin }
    var nothing: Float { -.infinity }

    func evaluate(
        _ margins: UnsafeMutableBufferPointer<Float>,
        costs: UnsafeMutableBufferPointer<Float>
    ) {
        for column in margins.indices {
            let shortfall = margin - margins[column]
            costs[column] = shortfall <= 0 ? 0 : shortfall
            margins[column] = shortfall <= 0 ? 0 : shortfall.isNaN ? .nan : -1
        }
    }

    func prepare(_ scores: UnsafeMutableBufferPointer<Float>) -> Float { 0 }

    func canAdd(_ positive: Float, maximum: Float) -> Bool { true }

    func add(
        _ positive: (score: Float, maximum: Float), of row: PreparedRow,
        to slopes: UnsafeMutablePointer<Float>?, weight: Float
    ) -> (cost: Float, slope: Float) {
        var slope: Float = 0
        let cost = Kernels.pairHinge(
            row.values.baseAddress, row.counts, slopes, row.values.count,
            positive: positive.score, margin: margin, weight: weight, slope: &slope)
        return (cost, slope)
    }
}
