import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// What rules across the fields of a spec find without data.
@Suite struct SpecFindingTests {
    @Test func warningsStandInTheSpecByPlaceAndPath() throws {
        let spec = try decode(
            Sample.minimal + """
                train:
                  batch_size: 8
                  optimizer: {type: adagrad, learning_rate: 0}
                task: {num_hard_negatives: 7}

                """)
        #expect(
            spec.warnings.map(\.description) == [
                "spec.yaml:8:45: warning: a learning rate of 0 trains nothing",
                "spec.yaml:9:28: warning: num_hard_negatives (7) keeps every negative: "
                    + "a batch of 8 has 7 for each query",
            ])
        #expect(
            spec.warnings.map(\.path) == [
                "train.optimizer.learning_rate", "task.num_hard_negatives",
            ])
        #expect(spec.warnings.allSatisfy { $0.severity == .warning })
    }

    @Test func errorsAcrossFieldsAreFoundWithoutData() {
        let text =
            Sample.minimal + """
                loss: info_nce
                task: {temperature: 0.1}
                evaluate: {candidates: approximate}

                """
        #expect(
            errors(text) == [
                "7:21: the loss info_nce has a temperature of its own; leave this one out",
                "8:24: an index that is not exact finds positives by their ids only: "
                    + "say 'id_based: true'",
            ])
    }

    /// A program that changes a spec is told the same.
    @Test func aChangedSpecIsCheckedAgain() throws {
        var spec = try decode(Sample.small(more: "loss: info_nce"))
        spec.task.temperature = 0.1
        let error = #expect(throws: SpecError.self) {
            _ = try Planner(
                catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated())
            ).plan(spec)
        }
        #expect(
            error.map { lines($0) } == [
                "1:1: the loss info_nce has a temperature of its own; leave this one out"
            ])
    }

    @Test func warningsStandInTheResults() throws {
        let results = try run(Sample.small(more: "task: {num_hard_negatives: 64}"))
        #expect(
            results.document.warnings.contains {
                $0.hasPrefix("num_hard_negatives (64) keeps every negative")
            })
    }

    /// Trials share most of what they say, and so what is not meant by it.
    @Test func aSweepsWarningsAreToldOnce() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/sweep.yaml"
            let text =
                Sample.minimal + """
                    task: {num_hard_negatives: 9000}
                    sweep: {grid: {task.temperature: [1, 0.5]}, seeds: [1, 2, 3]}

                    """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let file = try SpecReader(catalog: .builtIn).readFile(path: path)
            #expect(file.trials.count == 6)
            #expect(file.warnings.map(\.range.start.line) == [6])
        }
    }

    /// What only the trials put right is no mistake of the base.
    @Test func aSweepsBaseNeedNotBeWhole() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/sweep.yaml"
            let text =
                Sample.minimal + """
                    loss: info_nce
                    task: {temperature: 0.1}
                    sweep: {list: [{loss: hinge}]}

                    """
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let reader = SpecReader(catalog: .builtIn)
            #expect(try reader.readFile(path: path).trials.count == 1)
        }
    }
}
