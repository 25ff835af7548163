import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// `sweep: {tpe: ...}`: rounds of trials, each by what those before it came to.
struct SweepSearchTests {
    private static let objective = SweepObjective(
        metric: "recall@10", direction: .maximize, part: "validation")

    private static let base = """
        name: sample
        data: {source: synthetic, split: {train: 0.8, validation: 0.1, test: 0.1}}
        metrics: {factorized: [{type: recall, ks: [10]}]}
        \(Sample.towers)

        """

    private static let sweep = """
        sweep:
          seeds: [1, 2]
          tpe:
            trials: 14
            startup: 6
            per_round: 3
            axes:
              train.optimizer.learning_rate: {log_uniform: [0.001, 1]}
              train.optimizer.type: {choice: [adam, adagrad]}
              train.optimizer.beta_1:
                {uniform: [0.5, 0.99], when: {train.optimizer.type: adam}}

        """

    private static func file(
        _ sweep: String = sweep, trial: String? = nil, proposal: [Double]? = nil
    ) throws -> ExperimentFile {
        try withTemporaryFolder { folder in
            let path = folder + "/spec.yaml"
            try (base + sweep).write(toFile: path, atomically: true, encoding: .utf8)
            return try SpecReader(catalog: .builtIn)
                .readFile(path: path, trial: trial, proposal: proposal)
        }
    }

    /// A trial's entry, better the nearer its learning rate is to 0.1.
    private static func entry(_ trial: SweepTrial, fails: Bool = false) -> TrialEntry {
        var entry = TrialEntry(
            name: trial.name, configuration: trial.configuration, settings: trial.settings,
            seed: trial.seed, fold: nil, rungEpochs: nil, isFinal: true,
            specSHA256: String(repeating: "0", count: 64))
        entry.status = fails ? .failed : .completed
        let rate = trial.settings["train.optimizer.learning_rate"]?.doubleValue ?? 0
        let distance = abs(Foundation.log10(rate) + 1)
        let value = 1 / (1 + distance) + Double(trial.seed ?? 0) / 1000
        entry.metrics = ["validation": ["recall@10": value]]
        return entry
    }

    /// All rounds' names, with entries in an order of one's own.
    private static func rounds(
        _ file: ExperimentFile, order: ([TrialEntry]) -> [TrialEntry] = { $0 }
    ) throws -> [[String]] {
        var rounds = [file.trials.map(\.trial)]
        var search = try #require(file.search)
        while rounds.count < 50 {
            let entries = rounds.joined().map {
                entry($0, fails: $0.configuration.contains("adam") && $0.seed == 2)
            }
            let next = try search.next(after: order(Array(entries)), by: objective)
            if next.isEmpty { break }
            for (trial, spec) in next {
                // The trial's process finds the same one.
                let proposal = try #require(search.proposal(of: trial))
                #expect(proposal.split(separator: ",").allSatisfy { Double($0) != nil })
                #expect(spec.seed == trial.seed)
            }
            rounds.append(next.map(\.trial))
        }
        return rounds.map { $0.map(\.name) }
    }

    @Test func roundsFollowFromWhatEnded() throws {
        let file = try Self.file()
        #expect(file.trialLimit == 28)
        let rounds = try Self.rounds(file)
        #expect(rounds.map(\.count) == [12, 6, 6, 4])
        let names = rounds.flatMap { $0 }
        #expect(Set(names).count == 28)
        // Which of them ended first does not matter.
        #expect(try Self.rounds(file) { $0.reversed() } == rounds)
        #expect(try Self.rounds(try Self.file()) == rounds)
    }

    /// An axis counts only where its condition holds, and names say so.
    @Test func conditionsHold() throws {
        for name in try Self.rounds(try Self.file()).joined() {
            #expect(name.contains("type=adam,") == name.contains("beta_1="), "\(name)")
        }
    }

    /// Where all there is has been tried the search ends.
    @Test func endsWhereNothingIsNew() throws {
        let file = try Self.file("sweep: {tpe: {trials: 50, axes: {train.epochs: {int: [1, 4]}}}}")
        #expect(
            Set(try Self.rounds(file).joined())
                == ["epochs=1", "epochs=2", "epochs=3", "epochs=4"])
    }

    /// The process of a trial is told the values of the axes, and names it as the sweep does.
    @Test func aProposalIsRepeated() throws {
        let file = try Self.file()
        for (trial, spec) in file.trials {
            let values = try #require(file.search?.proposal(of: trial))
                .split(separator: ",").compactMap { Double($0) }
            let again = try Self.file(trial: trial.name, proposal: values)
            #expect(again.trials.map(\.trial.name) == [trial.name])
            #expect(again.trials.first?.spec.resolved == spec.resolved)
        }
    }
}
