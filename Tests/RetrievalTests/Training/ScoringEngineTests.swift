import Retrieval
import Synchronization
import Testing

/// Another engine can take the processor's place, for what it knows.
@Suite struct ScoringEngineTests {
    /// Halves the losses of what it knows, and hands the rest to the processor.
    private final class Device: ScoringEngine {
        let processor = Engines.scoring(lanes: Lanes(threads: 1))
        let taken = Mutex(0)
        let handedOn = Mutex(0)

        func score(
            _ problem: InBatchProblem, by rules: ScoringRules, gradients: Bool
        ) -> ScoringResult {
            var result = processor.score(problem, by: rules, gradients: gradients)
            guard rules.loss is CategoricalCrossentropy, rules.numHardNegatives == nil else {
                handedOn.withLock { $0 += 1 }
                return result
            }
            taken.withLock { $0 += 1 }
            result.loss /= 2
            return result
        }
    }

    @Test func aTrainersBatchesAreScoredByItsEngine() throws {
        let device = Device()
        var alone = try SmallTraining().trainer()
        var other = alone
        other.engine = device
        var (a, b) = (alone.task.makeMetricState(), other.task.makeMetricState())
        for range in Batches.ranges(of: 30, size: 8) {
            let (one, two) = (
                alone.step(SmallTraining.examples, range, metrics: &a),
                other.step(SmallTraining.examples, range, metrics: &b)
            )
            #expect(two.loss == one.loss / 2)
        }
        _ = other.evaluateLoss(SmallTraining.examples, 0..<8, metrics: &b)
        #expect(device.taken.withLock { $0 } == 5)
        #expect(device.handedOn.withLock { $0 } == 0)
        // What it learned is what the processor would have.
        #expect(alone.model.parameters.matrices == other.model.parameters.matrices)
    }

    @Test func whatItDoesNotKnowIsTheProcessors() throws {
        let device = Device()
        let trainer = try SmallTraining().trainer()
        var task = trainer.task
        task.numHardNegatives = 2
        var plain = Trainer(
            model: trainer.model, task: task, optimizer: Adam(learningRate: 0.01),
            keyCounts: SmallTraining.keyCounts)
        var other = plain
        other.engine = device
        var (a, b) = (task.makeMetricState(), task.makeMetricState())
        let one = plain.step(SmallTraining.examples, 0..<8, metrics: &a)
        let two = other.step(SmallTraining.examples, 0..<8, metrics: &b)
        #expect(one.loss == two.loss)
        #expect(device.handedOn.withLock { $0 } == 1)
    }
}
