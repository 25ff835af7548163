import Retrieval

/// Tries an optimizer on tables whose rows seldom have gradients: a row without one must be moved
/// as by a gradient of 0, or stay where the optimizer is lazy; the state must be a value; threads
/// must not show; and steps must lead downhill.
///
/// - Parameter optimizer: the optimizer with its options; that the steps lead downhill takes a
///   learning rate that suits numbers about 1, such as 0.05.
/// - Returns: what does not hold; empty for an optimizer that is right.
public func checkOptimizer(_ optimizer: any Optimizer) -> [ConformanceFinding] {
    var findings = Findings()
    var eager = optimizer
    eager.options.isLazy = false
    for columns in [1, 3, 16, 21] { findings.checkSparse(eager, columns: columns) }
    var lazy = optimizer
    lazy.options.isLazy = true
    findings.checkLaziness(lazy)
    for optimizer in [eager, lazy] {
        findings.checkState(optimizer)
        findings.checkThreads(optimizer)
    }
    findings.checkDescent(eager)
    return findings.all
}

/// One table that an optimizer moves.
private struct TableTraining {
    var parameters = Parameters()
    private var run: OptimizerRun
    private let table: ParameterID

    init(_ optimizer: any Optimizer, rows: Int, columns: Int) {
        var random = RandomStream(seed: 1, stream: "conformance")
        table = parameters.add("table", random.matrix(rows, columns))
        run = OptimizerRun(optimizer, for: parameters)
    }

    mutating func step(_ gradient: Gradient, threads: Int = 1) {
        var gradients = Gradients()
        gradients.add(gradient, to: table)
        run.apply(gradients, to: &parameters, lanes: Lanes(threads: threads))
    }

    var values: Matrix { parameters[table] }
    var bits: [UInt32] { values.values.map(\.bitPattern) }
    /// Σ w².
    var square: Float { values.values.reduce(0) { $0 + $1 * $1 } }

    /// Gradients of a few of the rows, some named twice; the last row never has one.
    static func gradients(rows: Int, columns: Int, steps: Int = 8) -> [Gradient] {
        var random = RandomStream(seed: 2, stream: "conformance")
        return (0..<steps).map { _ in
            let indices = (0..<5).map { _ in Int32(random.below(rows - 1)) }
            return .sparse(indices: indices, rows: random.matrix(5, columns))
        }
    }
}

extension Gradient {
    /// The same with a row for every row of the parameter.
    fileprivate func densified(rows: Int) -> Gradient {
        guard case .sparse(let indices, let values) = self else { return self }
        var sum = Matrix(rows: rows, columns: values.columns)
        for (position, index) in indices.enumerated() {
            for column in 0..<values.columns {
                sum[Int(index), column] += values[position, column]
            }
        }
        return .dense(sum)
    }
}

extension Findings {
    fileprivate mutating func checkSparse(_ optimizer: any Optimizer, columns: Int) {
        var sparse = TableTraining(optimizer, rows: 9, columns: columns)
        var dense = sparse
        for gradient in TableTraining.gradients(rows: 9, columns: columns) {
            sparse.step(gradient)
            dense.step(gradient.densified(rows: 9))
        }
        require(
            sparse.bits == dense.bits,
            "rows without a gradient go as with one of 0, to the last bit",
            "they differ in a table of \(columns) columns")
    }

    fileprivate mutating func checkLaziness(_ optimizer: any Optimizer) {
        var training = TableTraining(optimizer, rows: 9, columns: 5)
        for (step, gradient) in TableTraining.gradients(rows: 9, columns: 5).enumerated() {
            guard case .sparse(let indices, _) = gradient else { continue }
            let before = training.values
            training.step(gradient)
            for row in 0..<9 {
                let stays = before.row(row) == training.values.row(row)
                require(
                    stays == !indices.contains(Int32(row)),
                    "where it is lazy, the rows that have a gradient move and no others",
                    "step \(step), row \(row) \(stays ? "stays" : "moves")")
            }
        }
    }

    /// A copy goes on as if the other had never been.
    fileprivate mutating func checkState(_ optimizer: any Optimizer) {
        let all = TableTraining.gradients(rows: 9, columns: 6)
        var first = TableTraining(optimizer, rows: 9, columns: 6)
        var third = first
        for gradient in all.prefix(4) { first.step(gradient) }
        var second = first
        for gradient in all.suffix(4) { first.step(gradient) }
        second.step(all[0])
        for gradient in all { third.step(gradient) }
        require(
            first.bits == third.bits && second.bits != third.bits, "the state is a value",
            "steps of a copy show in the original")
    }

    fileprivate mutating func checkThreads(_ optimizer: any Optimizer) {
        // Large enough to be cut.
        let (rows, columns) = (1200, 64)
        var one = TableTraining(optimizer, rows: rows, columns: columns)
        var three = one
        for gradient in TableTraining.gradients(rows: rows, columns: columns, steps: 2) {
            for gradient in [gradient, gradient.densified(rows: rows)] {
                one.step(gradient)
                three.step(gradient, threads: 3)
            }
        }
        require(
            one.bits == three.bits, "the number of threads changes no bit",
            "a table of \(rows) x \(columns) differs")
    }

    /// Steps lead downhill: Σ w²/2, whose gradient is w.
    fileprivate mutating func checkDescent(_ optimizer: any Optimizer) {
        var training = TableTraining(optimizer, rows: 4, columns: 4)
        let start = training.square
        for _ in 0..<20 { training.step(.dense(training.values)) }
        require(
            training.square < start, "steps lead downhill",
            "the sum of squares goes from \(start) to \(training.square)")
    }
}
