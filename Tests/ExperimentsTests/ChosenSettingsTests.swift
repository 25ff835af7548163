import Experiments
import ResultsFormat
import Retrieval
import TestSupport
import Testing

struct ChosenSettingsTests {
    private func chosen(_ text: String) throws -> Set<String> {
        let spec = try SpecReader(catalog: .builtIn).read(text: text, name: "spec.yaml")
        return ChosenSettings.paths(
            in: try spec.record(catalog: .builtIn).spec, catalog: .builtIn)
    }

    private let start = """
        name: n
        data: {source: synthetic, split: {train: 700, test: 300}}
        \(SmallSpec.towers)

        """

    @Test func defaultsAreNotChosen() throws {
        let plain = try chosen(start)
        #expect(!plain.contains { $0.hasPrefix("train") || $0.hasPrefix("loss") })
        #expect(!plain.contains { $0.hasPrefix("evaluate") || $0.hasPrefix("task") })
        #expect(plain.contains("name"))
        // Written as it is by default, it is none the more chosen.
        #expect(try chosen(start + "train: {epochs: 1}\nseed: 42\n") == plain)
    }

    @Test func othersAreByTheirPaths() throws {
        let plain = try chosen(start)
        let paths = try chosen(
            start + """
                seed: 7
                train: {epochs: 9, optimizer: {type: adam, beta_1: 0.5}}
                loss: {type: info_nce}
                evaluate: {slices: [unseen_candidates], every: 2, on: test}
                """)
        let new = paths.subtracting(plain)
        for path in [
            "seed", "train.epochs", "train.optimizer.type", "train.optimizer.beta_1", "loss.type",
            "evaluate.slices[0]", "evaluate.every",
        ] { #expect(new.contains(path), "\(path) of \(new.sorted())") }
        #expect(!new.contains("train.optimizer.beta_2") && !new.contains("train.batch_size"))
    }
}
