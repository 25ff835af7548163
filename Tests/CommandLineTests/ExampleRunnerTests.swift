import ResultsFormat
import Testing

/// The README's executable with a loss of its own has the whole command line for it.
@Suite struct ExampleRunnerTests {
    @Test func aRegisteredLossTrainsAndIsRecorded() throws {
        try Tool.run { tool in
            var tool = tool
            tool.executable = "ExampleRunner"
            try tool.write(Specs.small("loss: {type: lead}"), to: "own.yaml")
            let outcome = try tool("own.yaml", "--output", "own.json")
            #expect(outcome.code == 0)
            #expect(outcome.output == "own.json\n")
            let document = try tool.document("own.json")
            #expect(document.experiment.spec[path: ["loss", "type"]]?.stringValue == "lead")
            let losses = document.training?.epochs.map(\.loss) ?? []
            #expect(losses.count == 2)
            #expect(losses.last ?? .infinity < losses.first ?? 0)
        }
    }

    @Test func theToolItselfDoesNotKnowIt() throws {
        try Tool.run { tool in
            try tool.write(Specs.small("loss: {type: lead}"), to: "own.yaml")
            let outcome = try tool("own.yaml")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("no loss is called 'lead'"))
        }
    }
}
