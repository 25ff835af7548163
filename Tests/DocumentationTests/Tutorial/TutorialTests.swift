import Experiments
import Foundation
import ResultsFormat
import Retrieval
import RetrievalTesting
import TestSupport
import Testing

/// The article "An experiment in Swift" shows code that the tests build and run.
@Suite struct TutorialTests {
    private static let article = "Sources/Experiments/Experiments.docc/AnExperimentInSwift.md"
    private static let sources = ["ExperimentInSwift", "LeadLoss", "TutorialTests"]

    /// Lines without their indentation.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    @Test func everyBlockIsBuilt() throws {
        let built = try Self.sources.map {
            Self.lines(try Repository.text(of: "Tests/DocumentationTests/Tutorial/\($0).swift"))
                .joined(separator: "\n")
        }
        let blocks = Repository.blocks("swift", of: try Repository.text(of: Self.article))
        #expect(blocks.count == 8)
        for block in blocks {
            let wanted = Self.lines(block).joined(separator: "\n")
            #expect(built.contains { $0.contains(wanted) }, "\(block)")
        }
    }

    @Test func itDoesWhatItSays() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/two-tower.json"
        let (record, results) = try ExperimentInSwift(results: path).run()
        #expect(record.status == .completed)
        #expect(record.epochs.count == 3)
        #expect(try #require(record.epochs.last).loss < record.epochs[0].loss)
        // The same spec, seed and data: the same bits.
        #expect(record.test?.metrics == results.record.test?.metrics)
        #expect(try TemporaryFolder.text(path).contains(results.digest))
    }

    @Test func itSweeps() throws {
        let folder = try TemporaryFolder()
        let sweep = "sweep: {grid: {train.optimizer.learning_rate: [0.01, 0.5]}}"
        let spec = try folder.write("spec.yaml", SmallSpec.text(more: sweep))
        let (outcome, index) = try ExperimentInSwift(results: "")
            .sweep(spec: spec, folder: folder.path + "/out")
        #expect(outcome == .completed)
        #expect(index.trials.map(\.status) == [.completed, .completed])
        #expect(
            folder.names(in: "out")
                == ["sweep-figures.csv", "sweep.csv", "sweep.json", "trials"])
    }

    @Test func aLossOfOnesOwnTrains() throws {
        let results = try ExperimentInSwift(results: "").runWithLossOfOnesOwn(SmallSpec.text())
        #expect(results.record.status == .completed)
        #expect(results.document.experiment.spec["loss"]?["type"] == "lead")
    }

    @Test func itsLossIsRight() {
        #expect(checkLoss(LeadLoss()) == [])
    }
}
