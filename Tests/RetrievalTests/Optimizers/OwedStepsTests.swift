import Retrieval
import RetrievalTesting
import Testing

/// Rows without a gradient that take their steps later take them to the bits of those that take
/// them at once.
@Suite struct OwedStepsTests {
    /// One table and its optimizer, whose rows take every step at once or owe those without a
    /// gradient.
    private struct Setting {
        var parameters = Parameters()
        let table: ParameterID
        var run: OptimizerRun
        let lanes: Lanes

        init(_ table: Matrix, _ optimizer: any Optimizer, owing: Bool, threads: Int) {
            self.table = parameters.add("table", table, .table())
            run = OptimizerRun(optimizer, for: parameters)
            run.deferIdleSteps(in: parameters, from: owing ? 0 : .max)
            lanes = Lanes(threads: threads)
        }

        mutating func step(_ gradient: Gradient?) {
            var gradients = Gradients()
            if let gradient { gradients.add(gradient, to: table) }
            run.apply(gradients, to: &parameters, lanes: lanes)
        }

        /// The bits of everything once it is settled, of which this keeps nothing. That a number is
        /// none is one thing, whatever its bits.
        var bits: [String: [UInt32]] {
            var settled = self
            settled.run.settle(&settled.parameters, lanes)
            var arrays = NamedArrays(of: settled.run, as: "optimizer")
            settled.parameters.save(to: &arrays, as: "parameters")
            var bits: [String: [UInt32]] = [:]
            for name in arrays.names {
                switch arrays[name] {
                case .matrix(let matrix):
                    bits[name] = matrix.values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern }
                case .flags(let flags): bits[name] = flags.map { $0 ? 1 : 0 }
                default: bits[name] = []
                }
            }
            return bits
        }
    }

    /// Numbers of every kind, most of them usual ones.
    private static func awkward(_ random: inout RandomStream, _ rows: Int, _ columns: Int) -> Matrix
    {
        let kinds: [Float] = [
            0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude / 100, 1.2e-38, -3e-38, 1e-20,
            1e19, -3e38, .infinity, -.infinity,
            .nan,
        ]
        var matrix = random.matrix(rows, columns, scale: 0.1)
        for index in matrix.values.indices where random.chance(0.02) {
            matrix.values[index] = kinds[random.below(kinds.count)]
        }
        return matrix
    }

    private static func gradient(
        _ random: inout RandomStream, rows: Int, columns: Int, isAwkward: Bool
    ) -> Gradient? {
        func values(_ count: Int) -> Matrix {
            isAwkward
                ? awkward(&random, count, columns) : random.matrix(count, columns, scale: 0.1)
        }
        if random.chance(0.05) { return nil }
        if random.chance(0.01) { return .dense(values(rows)) }
        // Few of the first rows, so that some are seen often and others never.
        let bound = 1 + random.below(rows)
        let count = random.chance(0.1) ? 0 : random.below(12)
        let indices = (0..<count).map { _ in Int32(random.below(bound)) }
        return .sparse(indices: indices, rows: values(count))
    }

    private static func optimizer(_ random: inout RandomStream) -> Adam {
        let rates: [LearningRate] = [
            0.001, 0.1, LearningRate(ExponentialDecay(pace)),
            LearningRate(
                CosineDecay(
                    initialLearningRate: 0, decaySteps: 60, warmupTarget: 0.01, warmupSteps: 40)),
        ]
        let beta2s = [0.999, 0.98, 0.9, 0.5]
        var adam = Adam(
            learningRate: rates[random.below(rates.count)], beta1: random.chance(0.3) ? 0.5 : 0.9,
            beta2: beta2s[random.below(beta2s.count)], epsilon: random.chance(0.2) ? 1e-3 : 1e-7,
            amsgrad: random.chance(0.3))
        if random.chance(0.2) { adam.options.clipping = .value(0.05) }
        if random.chance(0.2) { adam.options.clipping = .norm(0.5) }
        return adam
    }

    private static let pace = DecayPace(
        initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.7)

    @Test(arguments: 0..<40) func bitsAreThoseOfASweep(round: Int) {
        var random = RandomStream(seed: 9, stream: "owed steps", index: round)
        // Some large enough that lanes share them.
        let rows = round.isMultiple(of: 4) ? 900 : 1 + random.below(70)
        let columns = 1 + random.below(70)
        let table = random.matrix(rows, columns, scale: 0.1)
        let optimizer = Self.optimizer(&random)
        var sweeping = Setting(table, optimizer, owing: false, threads: 1)
        var owing = Setting(table, optimizer, owing: true, threads: round.isMultiple(of: 2) ? 3 : 1)
        var differs = false
        for step in 0..<150 {
            let gradient = Self.gradient(
                &random, rows: rows, columns: columns, isAwkward: round.isMultiple(of: 3))
            sweeping.step(gradient)
            owing.step(gradient)
            differs = differs || sweeping.parameters.matrices != owing.parameters.matrices
            if random.chance(0.05) || step == 149 {
                #expect(owing.bits == sweeping.bits, "after step \(step)")
            }
            if random.chance(0.02) { owing.run.settle(&owing.parameters, owing.lanes) }
        }
        #expect(differs || rows < 40, "rows have owed steps")
    }

    /// Where others read the table, or a rule moves weights in another way, nothing is owed.
    @Test func tablesThatAreReadWholeOweNothing() {
        let table = Matrix(rows: 40, columns: 2, repeating: 1)
        func owes(_ optimizer: any Optimizer, _ traits: ParameterTraits = .table()) -> Bool {
            var parameters = Parameters()
            let id = parameters.add("table", table, traits)
            var run = OptimizerRun(optimizer, for: parameters)
            run.deferIdleSteps(in: parameters, from: 0)
            for row in [0, 39] as [Int32] {
                var gradients = Gradients()
                gradients.add(
                    .sparse(indices: [row], rows: Matrix(rows: 1, columns: 2, repeating: 1)),
                    to: id)
                run.apply(gradients, to: &parameters)
            }
            let before = parameters.matrices
            run.settle(&parameters, Lanes(threads: 1))
            return parameters.matrices != before
        }
        func adam(_ change: (inout OptimizerOptions) -> Void) -> Adam {
            var adam = Adam(learningRate: 0.1)
            change(&adam.options)
            return adam
        }
        #expect(owes(Adam(learningRate: 0.1)))
        #expect(owes(adam { $0.clipping = .globalNorm(0.1) }))
        #expect(!owes(adam { $0.weightDecay = 0.1 }))
        #expect(!owes(adam { $0.isLazy = true }))
        #expect(!owes(Adam(learningRate: 0.1), ParameterTraits()))
        #expect(!owes(Adam(learningRate: 0.1), .table(regularizer: L1L2(l2: 0.1))))
        #expect(!owes(RMSprop(learningRate: 0.1)))
    }
}
