import Experiments
import ResultsFormat
import Retrieval
import Testing
import YAMLTree

/// Every component and option of the task works from YAML.
@Suite struct ReachabilityTests {
    private func run(_ more: String, train: String? = nil) throws -> ExperimentResults {
        let text =
            train.map { Sample.small(train: $0, more: more) } ?? Sample.small(more: more)
        return try Experiment(catalog: .builtIn, options: RunOptions()).run(try decode(text))
    }

    @Test(arguments: Catalog.builtIn.names(of: .loss))
    func lossesTrain(name: String) throws {
        let results = try run("loss: \(name)")
        #expect(results.record.status == .completed)
        let losses = results.record.epochs.map(\.loss)
        #expect(losses.count == 2)
        #expect(losses[1] < losses[0])
    }

    @Test func batchAndLossMetricsAreMeasuredInTrainingAndAtEvaluation() throws {
        let batch = Catalog.builtIn.names(of: .batchMetric).joined(separator: ", ")
        let loss = Catalog.builtIn.names(of: .lossMetric).joined(separator: ", ")
        let results = try run("metrics: {batch: [\(batch)], loss: [\(loss)]}")
        let count =
            Catalog.builtIn.names(of: .batchMetric).count
            + Catalog.builtIn.names(of: .lossMetric).count
        #expect(results.record.epochs.map(\.metrics.count) == [count, count])
        let test = try #require(results.record.test)
        #expect(test.metrics.count == count + 5)
        #expect(test.metrics["loss_last"] != nil)
    }

    @Test(arguments: [
        "task: {temperature: 0.5}", "task: {num_hard_negatives: 5}",
        "task: {remove_accidental_hits: true}",
        "task: {candidate_sampling_probability: from_training_frequency}",
        "task: {candidate_sampling_probability: streaming_estimate}",
        "task: {sample_weight: {column: rating}}", "task: {score_mask: seen_items}",
    ])
    func everyOptionOfTheTaskChangesTheLoss(option: String) throws {
        let plain = try run("")
        let changed = try run(option)
        #expect(changed.record.status == .completed)
        #expect(changed.record.epochs[0].loss != plain.record.epochs[0].loss)
        #expect(changed.digest != plain.digest)
    }

    /// Sizes that no machine has are no reason to trap.
    @Test func optionsMayBeAsLargeAsIntegersGo() throws {
        let results = try run(
            "task: {num_hard_negatives: \(Int.max)}",
            train: "{batch_size: \(Int.max), optimizer: {type: adagrad, learning_rate: 0.1}}")
        #expect(results.record.status == .completed)
        #expect(results.plan.warnings.contains { $0.message.hasPrefix("num_hard_negatives") })
    }

    @Test(arguments: ["uniform", "popularity"])
    func extraNegativesAreScored(distribution: String) throws {
        let results = try run(
            "",
            train: """
                {batch_size: 64, extra_negatives: {count: 36, distribution: \(distribution)}}
                """)
        // 64 + 36 columns for each of 3 batches of 64 and one of 48.
        #expect(results.record.engine.denseScores == 3 * 64 * 100 + 48 * 84)
    }

    @Test func evaluationGoesByIDWhereTFRSDoes() throws {
        let byScore = try run("").document
        let byID = try run("task: {remove_accidental_hits: true}").document
        let explicit = try run(
            "task: {remove_accidental_hits: true}\nevaluate: {id_based: false}"
        ).document
        let recorded = [byScore, byID, explicit].map {
            $0.evaluation["test"]?.definitions?["id_based"]?.boolValue
        }
        #expect(recorded == [false, true, false])
        #expect(byID.experiment.spec[path: ["evaluate", "id_based"]]?.boolValue == true)
    }

    @Test func aTemperatureOfItsOwnExcludesTheTasks() throws {
        let error = #expect(throws: SpecError.self) {
            _ = try run("loss: info_nce\ntask: {temperature: 0.1}")
        }
        #expect(
            lines(try #require(error)) == [
                "13:21: the loss info_nce has a temperature of its own; leave this one out"
            ])
    }

    @Test func metricsOfOneNameAreAnError() throws {
        let error = #expect(throws: SpecError.self) {
            _ = try run("metrics: {batch: [auc, auc]}")
        }
        #expect(
            lines(try #require(error)) == [
                "12:24: two metrics are called 'auc'; give one of them another 'name'"
            ])
    }
}
