import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Testing

/// What a spec means that says no more than it must.
struct SpecDefaultsTests {
    @Test func everyDefaultIsTFRSs() throws {
        let spec = try decode(Sample.minimal)
        #expect(spec.name == "sample")
        #expect(spec.seed == 42)
        #expect(spec.data.source.name == "synthetic")
        #expect(spec.data.query == "user_id")
        #expect(spec.data.candidate == "item_id")
        #expect(spec.data.split.name == "random")
        #expect(spec.data.split.values["train"] == .null)
        #expect(spec.data.split.values["test"] == .null)
        #expect(spec.towers.query.layers.isEmpty)
        #expect(spec.task.temperature == nil)
        #expect(spec.task.numHardNegatives == nil)
        #expect(!spec.task.removeAccidentalHits)
        #expect(spec.loss.name == "categorical_crossentropy")
        #expect(spec.loss.values["reduction"] == .string("sum"))
        #expect(spec.loss.values["label_smoothing"] == .number(0))
        #expect(spec.metrics.factorized.map(\.name) == ["factorized_top_k"])
        #expect(
            spec.metrics.factorized.first?.values["ks"]
                == .list([1, 5, 10, 50, 100].map(FieldValue.integer)))
        #expect(spec.train.epochs == 1)
        #expect(spec.train.batchSize == 8192)
        #expect(spec.train.reshuffle)
        #expect(spec.train.deduplicate == .auto)
        #expect(spec.train.optimizer.name == "adagrad")
        #expect(spec.train.optimizer.values["learning_rate"] == .number(0.001))
        #expect(spec.train.optimizer.values["initial_accumulator_value"] == .number(0.1))
        #expect(spec.train.optimizer.values["epsilon"] == .number(1e-7))
        #expect(spec.evaluate.batchSize == 4096)
    }

    /// What the results record is the whole spec: no field of any section is left out, but for what
    /// it was made of and what is written beside the results.
    @Test func theResolvedSpecNamesEveryField() throws {
        let spec = try decode(Sample.minimal)
        let others = ["extends", "output"]
        for field in ExperimentSpec.description.fields where !others.contains(field.name) {
            let value = try #require(spec.resolved[field.name], "\(field.name)")
            guard case .object(let section) = field.type, case .object(let values) = value else {
                continue
            }
            #expect(values.members.map(\.name) == section.fields.map(\.name), "\(field.name)")
        }
        let names = ExperimentSpec.description.fields.map(\.name).filter {
            !others.contains($0)
        }
        #expect(spec.resolved.members.map(\.name) == names)
    }

    /// A name alone and a mapping that only names mean the same, and so do a default that is
    /// written out and one that is not.
    @Test func shorthandsResolveAlike() throws {
        let plain = try decode(Sample.minimal)
        for more in [
            "train: {optimizer: adagrad}", "train: {optimizer: {type: adagrad}}",
            "loss: categorical_crossentropy", "loss: {type: categorical_crossentropy}",
            "metrics: {factorized: [factorized_top_k]}", "task: {temperature: null}", "task: {}",
            "seed: 42", "train: {deduplicate: auto, reshuffle: true}", "description: null",
        ] {
            #expect(try decode(Sample.minimal + more + "\n").resolved == plain.resolved, "\(more)")
        }
        let short = Sample.minimal.replacingOccurrences(
            of: "{source: synthetic}", with: "synthetic")
        #expect(try decode(short).resolved == plain.resolved)
    }

    @Test func aSplitWithoutStrategyIsTheOneItsFieldsBelongTo() throws {
        func split(_ text: String) throws -> ComponentChoice {
            try decode(
                Sample.minimal.replacingOccurrences(
                    of: "{source: synthetic}", with: "{source: synthetic, split: \(text)}")
            ).data.split
        }
        #expect(try split("{train: 3}").name == "random")
        #expect(try split("{}").name == "random")
        let files = try split("{train_rows: a, test_rows: b}")
        #expect(files.name == "index_files")
        #expect(files.values["train_rows"] == .string("a"))
    }

    @Test func anotherSeedIsRecorded() throws {
        let spec = try decode(Sample.minimal).settingSeed(7)
        #expect(spec.seed == 7)
        #expect(spec.resolved["seed"] == .integer(7))
        #expect(spec.resolved == (try decode(Sample.minimal + "seed: 7\n")).resolved)
    }

    /// Integers, exponents and underscores of the core schema are numbers where one is asked for.
    @Test(arguments: [("1", 1.0), ("1e-3", 1e-3), ("0.5", 0.5), (".5", 0.5), ("0x10", 16)])
    func numbersInAnyNotation(text: String, expected: Double) throws {
        let spec = try decode(Sample.minimal + "task: {temperature: \(text)}\n")
        #expect(spec.task.temperature == expected)
    }
}
