import Experiments
import ResultsFormat
import Retrieval
import Testing
import YAMLTree

/// Optimizers, schedules and groups as a spec declares them.
@Suite struct OptimizerSpecTests {
    private func train(_ optimizer: String, epochs: Int = 2) -> String {
        Sample.small(train: "{epochs: \(epochs), batch_size: 64, \(optimizer)}")
    }

    @Test(arguments: Catalog.builtIn.names(of: .optimizer))
    func everyOptimizerTrains(name: String) throws {
        // Some move little at first, by design.
        let rate = name == "adadelta" ? 50.0 : 0.05
        let more = name == "clippy_adagrad" ? ", absolute_threshold: 0.05" : ""
        let record = try run(
            train("optimizer: {type: \(name), learning_rate: \(rate)\(more)}")
        ).record
        #expect(record.status == .completed)
        #expect(record.epochs[1].loss < record.epochs[0].loss)
        #expect(record.epochs.map(\.learningRates["default"]) == [rate, rate])
    }

    @Test(arguments: [
        "weight_decay: 0.1", "clipnorm: 0.1", "global_clipnorm: 0.1", "clipvalue: 0.001",
        "epsilon: 0.1", "initial_accumulator_value: 0.5",
        "learning_rate: {type: exponential_decay, initial_learning_rate: 0.1, decay_steps: 1, "
            + "decay_rate: 0.5}",
    ])
    func everyOptionChangesTheOutcome(option: String) throws {
        let rate = option.hasPrefix("learning_rate") ? "" : "learning_rate: 0.1, "
        let plain = try run(train("optimizer: {type: adagrad, learning_rate: 0.1}"))
        let changed = try run(train("optimizer: {type: adagrad, \(rate)\(option)}"))
        #expect(plain.record.epochs[1].loss != changed.record.epochs[1].loss)
    }

    @Test func theRateOfEachEpochIsRecorded() throws {
        let record = try run(
            train(
                """
                optimizer: {type: sgd, learning_rate: {type: piecewise_constant_decay, \
                boundaries: [3, 7], values: [0.1, 0.01, 0.001]}}
                """, epochs: 3)
        ).record
        // Four steps an epoch: the last ones are those after 3, 7 and 11 steps.
        #expect(record.epochs.map(\.learningRates["default"]) == [0.1, 0.01, 0.001])
    }

    @Test func groupsHaveOptimizersOfTheirOwn() throws {
        let text = train(
            """
            optimizer: {type: sgd, learning_rate: 0}, optimizers: \
            [{match: "candidate/*", type: adam, learning_rate: 0.01}]
            """)
        let results = try run(text)
        let rates = results.record.epochs[0].learningRates
        #expect(rates.keys == ["default", "candidate/*"])
        #expect(rates.values == [0, 0.01])
        #expect(results.record.epochs[1].loss < results.record.epochs[0].loss)
        #expect(results.plan.optimizers.map(\.parameters.count) == [1, 1])
    }

    /// A table goes by the name of Keras's layer, too.
    @Test(arguments: ["*/embeddings", "*/embedding", "query/*/embedding"])
    func tablesGoByTwoNames(match: String) throws {
        let plan = try plan(train("optimizers: [{match: '\(match)', type: sgd}]"))
        #expect(plan.optimizers.map(\.parameters.count) == (match.hasPrefix("q") ? [1, 1] : [2]))
    }

    @Test func accumulationTakesFewerSteps() throws {
        func rates(_ steps: Int) throws -> [Double?] {
            try run(
                train(
                    """
                    gradient_accumulation_steps: \(steps), optimizer: {type: sgd, \
                    learning_rate: {type: piecewise_constant_decay, boundaries: [0, 1, 2, 3, 4], \
                    values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}}
                    """)
            ).record.epochs.map { $0.learningRates["default"] }
        }
        // Batches of 64 of 240 examples: four an epoch; an epoch's last step takes what is left.
        #expect(try rates(1) == [0.4, 0.6])
        #expect(try rates(2) == [0.2, 0.4])
        #expect(try rates(3) == [0.2, 0.4])
        #expect(try rates(100) == [0.1, 0.2])
    }

    @Test func clippingWarns() throws {
        let plan = try plan(train("optimizer: {type: adagrad, clipnorm: 1}"))
        #expect(
            plan.warnings.contains {
                $0.message.hasPrefix("gradients are clipped example by example")
            })
    }

    @Test(arguments: [
        (
            "optimizer: {type: adam, clipnorm: 1, clipvalue: 1}",
            "an optimizer requires at most one of clipnorm, global_clipnorm, clipvalue; "
                + "found clipnorm and clipvalue"
        ),
        (
            "optimizers: [{match: '*/bias', type: adam}]",
            "'*/bias' matches no trainable parameter; there are "
                + "query/user_id/embeddings, candidate/item_id/embeddings"
        ),
        (
            "optimizers: [{match: 'q*', type: adam}, {match: '*/user_id/*', type: sgd}]",
            "the parameter query/user_id/embeddings requires one rule at most; found 'q*' "
                + "and '*/user_id/*'"
        ),
        (
            "optimizer: {type: sgd, learning_rate: {type: piecewise_constant_decay, "
                + "boundaries: [1, 2], values: [1, 2]}}",
            "piecewise_constant_decay requires one value more than boundaries; found 2 "
                + "values and 2 boundaries"
        ),
        (
            "optimizer: {type: clippy_adagrad, clip_accumulator_update: true, "
                + "use_standard_accumulator_update: true}",
            "clippy_adagrad requires at most one of clip_accumulator_update and "
                + "use_standard_accumulator_update; found both"
        ),
    ])
    func whatDoesNotFitIsNamed(optimizer: String, message: String) throws {
        let error = #expect(throws: SpecError.self) { try plan(train(optimizer)) }
        let found = lines(try #require(error))
        #expect(found.count == 1)
        #expect(found[0].hasSuffix(": " + message), "\(found)")
    }
}
