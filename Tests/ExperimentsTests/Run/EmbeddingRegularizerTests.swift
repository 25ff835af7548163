import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Testing

/// Penalties on embedding tables: Keras adds the penalty on the whole table to the loss of every
/// step, so that its gradient moves rows that the step looks up no example of.
@Suite struct EmbeddingRegularizerTests {
    private static let penalty = "{type: l1_l2, l1: 0.02, l2: 0.05}"

    private func text(_ optimizer: String, regularizer: String = penalty) -> String {
        Sample.small(train: "{epochs: 1, batch_size: 60, optimizer: \(optimizer)}")
            .replacingOccurrences(
                of: "output_dim: 4",
                with: "output_dim: 4, embeddings_regularizer: \(regularizer)")
    }

    private func penalty(_ tables: [Matrix]) -> Double {
        var sum = 0.0
        for value in tables.flatMap(\.values).map({ Double($0) }) {
            sum += Double(Float(0.02)) * abs(value) + Double(Float(0.05)) * value * value
        }
        return sum
    }

    /// A step whose loss counts for nothing, its sample weights being 0, moves all rows by the
    /// penalty's gradient alone.
    @Test func theStepIsThatOfThePlainPenalty() throws {
        let rate: Float = 0.5
        let spec = text("{type: sgd, learning_rate: \(rate)}")
        let plan = try plan(spec)
        var model = plan.model
        var examples = plan.train
        examples.weights = [Float](repeating: 0, count: examples.count)
        var trainer = Trainer(
            model: model, task: plan.task, optimizers: plan.optimizers, keyCounts: plan.keyCounts)
        var metrics = plan.task.makeMetricState()
        // A batch of a single example looks up one row of each table.
        let step = trainer.step(examples, 0..<1, metrics: &metrics)
        #expect(step.loss == 0)
        #expect(abs(step.regularizationLoss - penalty(model.parameters.matrices)) < 1e-9)
        for index in model.parameters.matrices.indices {
            for (place, weight) in model.parameters.matrices[index].values.enumerated() {
                let sign: Float = weight > 0 ? 1 : weight < 0 ? -1 : 0
                let expected = weight - rate * (0.02 * sign + 0.1 * weight)
                model.parameters.matrices[index].values[place] = expected
            }
            let found = trainer.model.parameters.matrices[index]
            for (a, b) in zip(found.values, model.parameters.matrices[index].values) {
                #expect(abs(a - b) < 1e-6)
            }
        }
    }

    /// The gradient that moves every row is the slope of the penalty.
    @Test(arguments: ["l1", "l2", "l1_l2"])
    func finiteDifferences(name: String) throws {
        let regularizer = try Catalog.builtIn.make(
            .regularizer, ComponentChoice(name: name, values: FieldValues()))
        var random = RandomStream(seed: 1, stream: "regularizer")
        let table = Matrix(
            rows: 7, columns: 3, values: (0..<21).map { _ in random.uniformFloat(in: -1..<1) })
        let gradient = regularizer.gradient(of: table)
        for index in table.values.indices {
            var (up, down) = (table, table)
            up.values[index] += 0x1p-10
            down.values[index] -= 0x1p-10
            let slope = (regularizer.loss(of: up) - regularizer.loss(of: down)) / 0x1p-9
            #expect(abs(Double(gradient.values[index]) - slope) < 1e-5)
        }
    }

    /// `loss`, `regularization_loss` and `total_loss` are told apart, as `tfrs.Model` does.
    @Test func theLossesOfTheResults() throws {
        let plain = try run(text("{type: sgd, learning_rate: 0}", regularizer: "null"))
        let results = try run(text("{type: sgd, learning_rate: 0}"))
        let expected = penalty(try plan(text("sgd")).model.parameters.matrices)
        let epoch = try #require(results.document.training?.epochs.first)
        let plainEpoch = try #require(plain.document.training?.epochs.first)
        #expect(plainEpoch.regularizationLoss == nil && plainEpoch.totalLoss == nil)
        #expect(epoch.loss == plainEpoch.loss)
        let found = try #require(epoch.regularizationLoss)
        #expect(abs(found - expected) < 1e-9 * expected)
        #expect(epoch.totalLoss == epoch.batchLossMean + found)

        let test = try #require(results.document.evaluation["test"])
        let plainTest = try #require(plain.document.evaluation["test"])
        #expect(test.loss == plainTest.loss && plainTest.regularizationLoss == nil)
        #expect(test.regularizationLoss.map { abs($0 - expected) < 1e-9 * expected } == true)
        // A batch of all 60 examples: its loss is their sum.
        #expect(
            test.totalLoss.map { abs($0 - (60 * test.loss! + expected)) < 1e-6 * $0 } == true)
    }

    /// A frozen table is penalised, for Keras counts it, but stays.
    @Test func frozenTables() throws {
        let text = text("{type: sgd, learning_rate: 0.1}").replacingOccurrences(
            of: "output_dim: 4,", with: "output_dim: 4, trainable: false,")
        let results = try run(text)
        let epoch = try #require(results.record.epochs.first)
        let expected = penalty(try plan(text).model.parameters.matrices)
        #expect(epoch.regularizationLoss.map { abs($0 - expected) < 1e-9 * expected } == true)
    }

    @Test func penaltiesThatGrowWithoutBoundEndTheRun() throws {
        let results = try run(
            text("{type: sgd, learning_rate: 1.0e+30}", regularizer: "{type: l2, l2: 1.0e+30}"))
        guard case .failed(let reason, _, _) = results.record.status else {
            Issue.record("the run did not fail")
            return
        }
        #expect(reason.contains("loss is "))
    }

    @Test func sharedTablesHaveOnePenalty() throws {
        let shared = """
            towers:
              query: {features: [
                {type: hashing, column: user_id, num_bins: 8, embedding: {output_dim: 4, table: t}}]}
              candidate: {features: [
                {type: hashing, column: item_id, num_bins: 8, embedding: {output_dim: 4, table: t,
                 embeddings_regularizer: l2}}]}
            """
        let text = Sample.small().replacingOccurrences(of: Sample.towers, with: shared)
        let error = #expect(throws: SpecError.self) { _ = try plan(text) }
        #expect(
            error.map { lines($0) } == [
                """
                13:30: features that share the table 't' require the same \
                embeddings_regularizer; found l2 here and none in towers.query.features[0]
                """
            ])
    }
}
