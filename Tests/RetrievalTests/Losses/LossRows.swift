import Retrieval

/// A row of scores that a loss is tried on.
struct ScoreRow: Sendable {
    var scores: [Float]
    var positive: Int?
    var counts: [Float]?

    init(_ scores: [Float], positive: Int?, counts: [Float]? = nil) {
        self.scores = scores
        self.positive = positive
        self.counts = counts
    }

    var labels: RowLabels {
        guard let counts else { return RowLabels(positive: positive, columns: scores.count) }
        return RowLabels(
            positive: positive, counts: counts, columnCount: counts.reduce(0, +))
    }

    /// 1 for the positive, 0 for all others.
    var denseLabels: [Double] { scores.indices.map { $0 == positive ? 1 : 0 } }

    /// The row with every copy written out, and for each of its columns the column it copies. The
    /// positive is the first of its copies.
    var expanded: (row: ScoreRow, origins: [Int]) {
        let origins = scores.indices.flatMap { column in
            Array(repeating: column, count: Int(counts?[column] ?? 1))
        }
        let row = ScoreRow(
            origins.map { scores[$0] },
            positive: positive.flatMap { origins.firstIndex(of: $0) })
        return (row, origins)
    }
}

/// What a loss made of a row, bit by bit.
struct Outcome: Equatable {
    let loss: Float
    let gradient: [Float]

    init(_ loss: Float, _ gradient: [Float]) {
        self.loss = loss
        self.gradient = gradient
    }
}

extension Loss {
    func value(of row: ScoreRow) -> Float { evaluated(on: row).loss }

    func evaluated(on row: ScoreRow) -> (loss: Float, gradient: [Float]) {
        var logits = row.scores
        var span = logits.mutableSpan
        let loss = evaluate(&span, labels: row.labels)
        return (loss, logits)
    }

    func outcome(on row: ScoreRow) -> Outcome {
        let (loss, gradient) = evaluated(on: row)
        return Outcome(loss, gradient)
    }
}

extension LossCase.Domain {
    /// A random row: 1 to 7 columns, now and then without a positive.
    func row(_ generator: inout some RandomNumberGenerator) -> ScoreRow {
        let columns = Int.random(in: 1...7, using: &generator)
        let scores = (0..<columns).map { _ in
            switch self {
            case .reals: Float.random(in: -3...3, using: &generator)
            case .positives: Float.random(in: 0.05...2, using: &generator)
            case .unitInterval: Float.random(in: -0.2...1.2, using: &generator)
            }
        }
        let hasPositive = Int.random(in: 0..<6, using: &generator) > 0
        return ScoreRow(
            scores,
            positive: hasPositive ? Int.random(in: 0..<columns, using: &generator) : nil)
    }
}

/// A small generator whose sequence is the same everywhere (SplitMix64).
struct TestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// |a − b| ≤ tolerance · max(1, |b|).
func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance * max(1, abs(expected))
}
