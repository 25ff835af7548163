import Retrieval
import Testing

/// A training that is put back anywhere goes on as if nothing had happened, to the bit.
@Suite struct TrainingRunTests {
    /// Events of a whole run: four steps and an end for each epoch.
    private static let events = 15

    private static let optimizers = Catalog.builtIn.names(of: .optimizer)

    private func check(_ training: SmallTraining, pausingAfter pauses: some Sequence<Int>) throws {
        var whole = try training.run()
        let (events, end) = whole.finish()
        #expect(events.count == Self.events)
        for pause in pauses {
            var first = try training.run()
            for _ in 0..<pause { _ = first.next() }
            let state = first.state
            // What the first goes on to do does not reach what was saved.
            _ = first.next()
            var second = try training.run()
            _ = second.next()
            try second.restore(state)
            #expect(second.state == state)
            let rest = second.finish()
            #expect(rest.events == Array(events.dropFirst(pause)), "after \(pause)")
            #expect(rest.state == end, "after \(pause)")
        }
    }

    @Test(arguments: optimizers)
    func everyOptimizerGoesOn(name: String) throws {
        var training = SmallTraining()
        let optimizer = try Catalog.builtIn.make(.optimizer, ComponentChoice(name: name))
        training.optimizers = [optimizer]
        try check(training, pausingAfter: [1, 5, 9])
    }

    @Test func everyPlaceWillDo() throws {
        try check(SmallTraining(), pausingAfter: 0...Self.events)
    }

    /// So do tables whose rows owe steps when they are saved, or when others are put in their place.
    @Test(arguments: [1, 3]) func tablesThatOweStepsGoOn(accumulationSteps: Int) throws {
        var training = SmallTraining()
        training.isRegularized = false
        training.accumulationSteps = accumulationSteps
        training.owingSize = .max
        var sweeping = try training.run()
        let (events, end) = sweeping.finish()
        training.owingSize = 0
        var owing = try training.run(threads: 3)
        let found = owing.finish()
        #expect(found.events == events)
        #expect(found.state == end)
        try check(training, pausingAfter: 0...Self.events)
    }

    @Test(arguments: [false, true], [1, 3])
    func theOrderOfExamplesIsFound(reshuffle: Bool, accumulationSteps: Int) throws {
        var training = SmallTraining()
        training.reshuffle = reshuffle
        training.accumulationSteps = accumulationSteps
        try check(training, pausingAfter: [0, 2, 5, 7, 12])
    }

    @Test func severalOptimizersKeepTheirOwn() throws {
        var training = SmallTraining()
        var clipped = SGD(learningRate: 0.1, momentum: 0.9)
        clipped.options.clipping = .globalNorm(0.01)
        training.optimizers = [Nadam(learningRate: 0.01), clipped]
        try check(training, pausingAfter: [3, 6])
    }

    /// Saved by one thread, gone on with by three.
    @Test func threadsMakeNoDifference() throws {
        let training = SmallTraining()
        var one = try training.run()
        for _ in 0..<6 { _ = one.next() }
        var three = try training.run(threads: 3)
        try three.restore(one.state)
        let (a, b) = (one.finish(), three.finish())
        #expect(a.events == b.events)
        #expect(a.state == b.state)
    }

    @Test func namesSayWhatIsSaved() throws {
        var run = try SmallTraining().run()
        for _ in 0..<2 { _ = run.next() }
        let state = run.state
        let names = Set(state.names)
        for name in [
            "epoch", "step", "batches", "parameters/query/id/embeddings",
            "parameters/query/batch_normalization_1/moving_mean",
            "optimizers/step", "optimizers/default/query/id/embeddings/slots",
            "optimizers/default/query/id/embeddings/seen", "accumulation/examples",
            "accumulation/query/id/embeddings/gradient", "sampling/mean_gap", "losses/examples",
            "metrics/batch/0/total",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(names.count == state.names.count)
        #expect(state["epoch"] == .integers([1]))
        #expect(state["step"] == .integers([2]))
        #expect(state["accumulation/batches"] == .integers([2]))
        #expect(
            state["optimizers/default/query/id/embeddings/slots"]?.words == "float32 [14, 4]")
    }

    @Test func anotherTrainingsStateIsRefused() throws {
        var adam = SmallTraining()
        let state = try adam.run().state
        func problem(_ training: SmallTraining, _ state: NamedArrays) -> String {
            do {
                var run = try training.run()
                try run.restore(state)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem(adam, state) == "none")
        adam.dimension = 5
        #expect(
            problem(adam, state) == """
                'parameters/query/id/embeddings' requires float32 [7, 5]; float32 [7, 4] was saved
                """)
        var nadam = SmallTraining()
        nadam.optimizers = [Nadam(learningRate: 0.01)]
        #expect(
            problem(nadam, state) == """
                'optimizers/default/query/id/embeddings/momentum_product' is not among what was \
                saved
                """)
        var more = state
        more.add(.flags([true]), as: "extra")
        #expect(
            problem(SmallTraining(), more)
                == "what was saved holds 'extra', which this training does not have")
        var wrong = NamedArrays()
        for name in state.names {
            wrong.add(name == "epoch" ? .doubles([1]) : state[name]!, as: name)
        }
        #expect(
            problem(SmallTraining(), wrong) == "'epoch' requires int64 [1]; float64 [1] was saved")
    }

    /// A file may hold anything: a place that there is not is an error, not a trap.
    @Test(arguments: ["epoch", "step", "accumulation/batches"], [Int64(-1), 1 << 40])
    func placesThatThereAreNotAreRefused(name: String, value: Int64) throws {
        let state = try SmallTraining().run().state
        var wrong = NamedArrays()
        for own in state.names {
            wrong.add(own == name ? .integers([value]) : state[own]!, as: own)
        }
        var run = try SmallTraining().run()
        do {
            try run.restore(wrong)
            Issue.record("no error")
        } catch {
            #expect(error.description.hasPrefix("'\(name)' requires a number from "))
            #expect(error.description.hasSuffix("; \(value) was saved"))
        }
    }
}
