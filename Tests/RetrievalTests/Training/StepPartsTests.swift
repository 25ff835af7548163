import Retrieval
import Synchronization
import Testing

/// A step in three parts, and optimizers that see all gradients at once.
@Suite struct StepPartsTests {
    @Test func aStepIsItsParts() throws {
        var whole = try SmallTraining().trainer()
        var parts = whole
        var (a, b) = (whole.task.makeMetricState(), whole.task.makeMetricState())
        for range in Batches.ranges(of: 30, size: 8) {
            let result = whole.step(SmallTraining.examples, range, metrics: &a)
            let before = parts.model.parameters.matrices
            let batch = parts.gradients(of: SmallTraining.examples, range, metrics: &b)
            #expect(parts.model.parameters.matrices == before)
            #expect("\(batch.result)" == "\(result)")
            parts.apply(batch)
            #expect(NamedArrays(of: parts, as: "") == NamedArrays(of: whole, as: ""))
        }
        #expect(a.measured == b.measured)
    }

    /// Two that hold the same batch and add up what they found, as two processes would.
    private final class Doubling: GradientExchange {
        let calls = Mutex(0)

        func exchange(_ batch: inout BatchGradients) {
            calls.withLock { $0 += 1 }
            for (id, gradient) in batch.gradients.ordered { batch.gradients.add(gradient, to: id) }
        }
    }

    @Test func whatIsExchangedIsApplied() throws {
        var training = SmallTraining()
        training.optimizers = [SGD(learningRate: 1)]
        training.accumulationSteps = 1
        var alone = try training.trainer()
        var shared = alone
        let exchange = Doubling()
        shared.exchange = exchange
        let table = try #require(alone.model.parameters.ids.first)
        let before = alone.model.parameters[table]
        var metrics = alone.task.makeMetricState()
        alone.step(SmallTraining.examples, 0..<8, metrics: &metrics)
        shared.step(SmallTraining.examples, 0..<8, metrics: &metrics)
        #expect(exchange.calls.withLock { $0 } == 1)
        let (one, two) = (alone.model.parameters[table], shared.model.parameters[table])
        #expect(one != before)
        for (index, old) in before.values.enumerated() {
            // The penalty's gradient, 0.002 · w, is no batch's and counts once.
            let penalty = 0.002 * old
            let (a, b) = (old - one.values[index] - penalty, old - two.values[index] - penalty)
            #expect(abs(b - 2 * a) <= 1e-5)
        }
    }

    /// Sets the rate by the length of all gradients together, and remembers it.
    private struct Measured: JointOptimizer {
        var options = OptimizerOptions(learningRate: 1)

        func makeMemory(for parameters: [Matrix]) -> Double { Double(parameters.count) }

        func prepare(
            _ gradients: inout [JointGradient], memory: inout Double, step: inout OptimizerStep
        ) {
            memory += Double(gradients.count)
            step.learningRate = 0.5
            gradients[0].gradient = .dense(
                Matrix(
                    rows: gradients[0].value.rows, columns: gradients[0].value.columns,
                    repeating: 2))
        }

        func makeState(for parameter: Matrix) -> NoState { NoState() }

        func update(
            _ parameter: inout Matrix, state: inout NoState, gradient: Gradient,
            step: OptimizerStep
        ) {
            guard case .dense(let values) = gradient else { return }
            for index in values.values.indices {
                parameter.values[index] -= step.learningRate * values.values[index]
            }
        }
    }

    @Test func jointOptimizersSeeAllAndRemember() throws {
        var parameters = Parameters()
        let ids = ["a", "b"].map { parameters.add($0, Matrix(rows: 2, columns: 2)) }
        var run = OptimizerRun(Measured(), for: parameters)
        var gradients = Gradients()
        for id in ids { gradients.add(.dense(Matrix(rows: 2, columns: 2, repeating: 8)), to: id) }
        run.apply(gradients, to: &parameters)
        #expect(parameters[ids[0]].values == [-1, -1, -1, -1])
        #expect(parameters[ids[1]].values == [-4, -4, -4, -4])
        let state = NamedArrays(of: run, as: "optimizers")
        #expect(state["optimizers/default/joint"] == .doubles([4]))
        var again = OptimizerRun(Measured(), for: parameters)
        var arrays = state
        try again.restore(from: &arrays, as: "optimizers")
        #expect(NamedArrays(of: again, as: "optimizers") == state)
    }
}
