import Retrieval
import Testing

@Suite struct FitTests {
    private static let corpus = (0..<SmallTraining.candidateCount).map(Int32.init)

    @Test func fitIsARunToItsEnd() throws {
        var run = try SmallTraining().run()
        let (events, state) = run.finish()
        var trainer = try SmallTraining().trainer()
        var told: [String] = []
        let history = try trainer.fit(
            SmallTraining.examples, epochs: SmallTraining.epochs,
            batchSize: SmallTraining.batchSize
        ) { told.append("\($0)") }
        #expect(told == events)
        #expect(history.map(\.epoch) == [1, 2, 3])
        #expect(history.allSatisfy { $0.examples == 30 && $0.steps == 4 })
        #expect(
            NamedArrays(of: trainer.model.parameters, as: "parameters")
                == {
                    var own = NamedArrays()
                    for name in state.names where name.hasPrefix("parameters/") {
                        own.add(state[name]!, as: name)
                    }
                    return own
                }())
    }

    @Test func evaluateMeasuresLossAndCorpus() throws {
        var trainer = try SmallTraining().trainer()
        let before = trainer.evaluate(SmallTraining.examples, corpus: Self.corpus)
        try trainer.fit(SmallTraining.examples, epochs: 200, batchSize: 30)
        let after = trainer.evaluate(SmallTraining.examples, corpus: Self.corpus)
        let names = before.map(\.name)
        #expect(names.first == "loss")
        #expect(names.contains("factorized_top_k/top_3_categorical_accuracy"))
        #expect(names == after.map(\.name))
        #expect(after[0].value < before[0].value)
        for value in after where value.name.hasPrefix("factorized") {
            #expect((0...1).contains(value.value))
        }
    }

    @Test func aLossThatIsNoNumberIsAnError() throws {
        var training = SmallTraining()
        training.optimizers = [
            SGD(
                learningRate: LearningRate(constant: .greatestFiniteMagnitude))
        ]
        training.accumulationSteps = 1
        var trainer = try training.trainer()
        do {
            try trainer.fit(SmallTraining.examples, epochs: 5, batchSize: 8)
            Issue.record("no error")
        } catch {
            #expect(error.epoch == 1)
            #expect(error.step > 1)
            #expect(error.description.contains("in epoch 1, step \(error.step); "))
            #expect(error.parameter != nil)
        }
    }
}
