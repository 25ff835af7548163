import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// Sweeps without processes: what runs when, what is taken over, and what the index says.
struct SweepRunTests {
    static let seeds = "sweep: {seeds: [1, 2, 3, 4]}"

    @Test func trialsAreTheirPlainRuns() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var run = SweepRun.inThisProcess(
            folder.file, folder: folder.path, catalog: .builtIn,
            runOptions: RunOptions(environment: isolated()))
        #expect(try run.run() == .completed)
        for (trial, spec) in folder.file.trials {
            let experiment = Experiment(
                catalog: .builtIn, options: RunOptions(environment: isolated()))
            let document = try ResultsFile.read(
                from: folder.path + "/trials/\(trial.name).json")
            #expect(try experiment.run(spec).digest == document.digest)
            #expect(run.index.trials.first { $0.name == trial.name }?.digest == document.digest)
        }
        #expect(try folder.index().trials == run.index.trials)
        #expect(run.indexPath == folder.path + "/sweep.json")
        #expect(
            folder.names == [
                "spec.yaml", "sweep-figures.csv", "sweep.csv", "sweep.json", "trials",
            ])
    }

    /// However many run side by side, and in whatever order they end.
    @Test(arguments: [1, 2, 3, 9]) func theOrderOfEndingsDoesNotShow(jobs: Int) throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.delays = ["seed=1": 5, "seed=2": 1, "seed=3": 2, "seed=4": 3]
        let events = Events()
        #expect(try folder.run(script, jobs: jobs, events.note) == .completed)
        #expect(events.mostRunning == min(jobs, 4))
        #expect(try folder.index() == SweepFolder.undisturbed(more: Self.seeds))
    }

    @Test func aKilledTrialStopsNoOther() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.endings["seed=2"] = .killed(signal: 9)
        #expect(try folder.run(script) == .failed)
        let entry = try #require(try folder.index().trials.first { $0.name == "seed=2" })
        #expect(entry.status == .killed)
        #expect(entry.reason == "signal 9 ended its process")
        #expect(try folder.index().trials.count { $0.status == .completed } == 3)

        let events = Events()
        #expect(try folder.run(TrialScript(), events.note) == .completed)
        #expect(events.launched == ["seed=2"])
        #expect(try folder.index() == SweepFolder.undisturbed(more: Self.seeds))
    }

    @Test func goesOnWhereItWasStopped() throws {
        let folder = try SweepFolder(more: Self.seeds)
        let stop = StopAfter(trials: 2)
        #expect(try folder.run(TrialScript(), stop: stop.request, stop.note) == .interrupted)
        #expect(
            try folder.index().trials.map(\.status)
                == [.completed, .completed, .pending, .pending])
        let events = Events()
        #expect(try folder.run(TrialScript(), events.note) == .completed)
        #expect(events.takenOver == ["seed=1", "seed=2"])
        #expect(events.launched == ["seed=3", "seed=4"])
        #expect(try folder.index() == SweepFolder.undisturbed(more: Self.seeds))
    }

    /// Trials that run when the stop comes are told, and what they say is noted.
    @Test func runningTrialsAreToldToEnd() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.delays = ["seed=2": .max]
        let stop = StopAfter(trials: 1)
        #expect(
            try folder.run(script, jobs: 2, stop: stop.request, stop.note) == .interrupted)
        let trials = try folder.index().trials
        #expect(trials[1].status == .interrupted)
        #expect(trials[1].reason == "it was told to end")
    }

    @Test func failFastStartsNoMore() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.endings["seed=2"] = .refused(reason: "no such thing")
        var options = SweepRunOptions(jobs: 1)
        options.failFast = true
        #expect(try folder.run(script, options: options) == .failed)
        let trials = try folder.index().trials
        #expect(trials.map(\.status) == [.completed, .failed, .pending, .pending])
        #expect(trials[1].reason == "no such thing")
    }

    @Test func whatCannotBeStartedFails() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.unstartable = ["seed=1"]
        #expect(try folder.run(script) == .failed)
        let trials = try folder.index().trials
        #expect(trials.map(\.status) == [.failed, .completed, .completed, .completed])
        #expect(trials[0].reason == "its process could not be started: out of order")
    }

    /// Data that no trial can have are another thing than data that some lack.
    @Test func withoutData() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        for name in ["seed=1", "seed=2", "seed=3", "seed=4"] {
            script.endings[name] = .withoutData(reason: "gone")
        }
        #expect(try folder.run(script) == .withoutData)
        script.endings["seed=3"] = nil
        #expect(try folder.run(script) == .failed)
    }

    /// What one trial takes leaves no room for a second; the first runs alone, to be measured.
    @Test(arguments: [(1 << 20, 1), (1 << 40, 3)]) func trialsShareTheMemory(
        limit: Int, most: Int
    ) throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.delays = ["seed=1": 2, "seed=2": 4, "seed=3": 4, "seed=4": 4]
        let events = Events()
        #expect(try folder.run(script, jobs: 4, memoryLimit: limit, events.note) == .completed)
        #expect(events.mostRunning == most)
    }

    @Test func resultsThatAreNone() throws {
        let folder = try SweepFolder(more: Self.seeds)
        var script = TrialScript()
        script.silent = ["seed=1"]
        #expect(try folder.run(script) == .failed)
        #expect(try folder.index().trials[0].reason == "its results cannot be read")
        script.silent = []
        script.changed = ["seed=1"]
        #expect(try folder.run(script) == .failed)
        #expect(try folder.index().trials[0].reason == "the spec changed while the sweep ran")
    }

    /// Another program's, and what somebody changed, is run again; so is all of a rerun.
    @Test func whatIsNotTakenOver() throws {
        let folder = try SweepFolder(more: Self.seeds)
        #expect(try folder.run(TrialScript()) == .completed)
        func launched(rerun: Bool = false, program: String? = "program") throws -> [String] {
            let events = Events()
            var options = SweepRunOptions(jobs: 1)
            options.rerun = rerun
            let outcome = try folder.run(
                TrialScript(), options: options, program: program, events.note)
            #expect(outcome == .completed)
            return events.launched
        }
        let all = folder.file.trials.map(\.trial.name)
        #expect(try launched() == [])
        #expect(try launched(rerun: true) == all)
        #expect(try launched(program: "another") == all)
        #expect(try launched(program: nil) == all)
        #expect(try launched(program: nil) == all)
        #expect(try launched() == all)
        try folder.change("trials/seed=3.json", "\"loss\": ", "\"loss\": 1")
        #expect(try launched() == ["seed=3"])
        #expect(try launched() == [])
    }

    @Test func theFolderOfAnotherSweep() throws {
        let folder = try SweepFolder(more: Self.seeds)
        let other = try SweepFolder(name: "other", more: Self.seeds)
        #expect(try other.run(TrialScript()) == .completed)
        let error = SweepRunError.otherSweep(
            folder: other.path, found: "other", name: "sample")
        #expect(throws: error) {
            try folder.run(TrialScript(), folder: other.path)
        }
    }

    /// Known before the first trial has begun.
    @Test func anIndexThatCannotBeWritten() throws {
        let folder = try SweepFolder(more: Self.seeds)
        let events = Events()
        #expect(throws: ResultsFileError.self) {
            try folder.run(TrialScript(), folder: folder.path + "/spec.yaml/x", events.note)
        }
        #expect(events.launched == [])
    }

    @Test func shardsAreJoined() throws {
        let folder = try SweepFolder(more: Self.seeds)
        func run(shard: String) throws {
            let options = SweepRunOptions(jobs: 2, shard: SweepShard(shard))
            #expect(try folder.run(TrialScript(), options: options) == .completed)
        }
        try run(shard: "1/3")
        try run(shard: "2/3")
        let parts = try SweepParts(in: [folder.path]).joined(into: folder.path)
        #expect(parts.missing == ["3/3"])
        #expect(parts.index.trials.map(\.name) == ["seed=1", "seed=2", "seed=4"])
        try run(shard: "3/3")
        let joined = try SweepParts(in: [folder.path]).joined(into: folder.path)
        #expect(joined.missing == [])
        #expect(try joined.write(to: folder.path) == folder.path + "/sweep.json")
        #expect(try folder.index() == SweepFolder.undisturbed(more: Self.seeds))
    }

    /// The best third of the first rung, by the validation part, trains on.
    @Test func halvingGoesByTheValidationPart() throws {
        let folder = try SweepFolder(
            split: "{train: 200, validation: 40, test: 60}",
            more: """
                sweep:
                  grid: {train.optimizer.learning_rate: [3, 0.5, 0.001]}
                  objective: {metric: loss, on: validation}
                  halving: {epochs: [1, 3], factor: 3}
                """)
        let events = Events()
        #expect(try folder.run(TrialScript(), jobs: 3, events.note) == .completed)
        let trials = try folder.index().trials
        #expect(events.launched.count == 4)
        #expect(trials.compactMap(\.rungEpochs).sorted() == [1, 1, 1, 3])
        let first = trials.filter { $0.rungEpochs == 1 }
        let best = first.min {
            $0.metrics["validation"]?["loss"] ?? .infinity
                < $1.metrics["validation"]?["loss"] ?? .infinity
        }
        #expect(trials.first { $0.isFinal }?.configuration == best?.configuration)
    }

    /// The data change while the sweep runs.
    @Test func trialsThatReadOtherData() throws {
        let data = try TemporaryFolder()
        let rows = (0..<300).map { "\($0 % 24),\($0 * 7 % 30),\($0)\n" }
        let header = "user_id,item_id,timestamp\n"
        try data.write("rows.csv", header + rows.joined())
        let folder = try SweepFolder(
            data: """
                {source: csv, interactions: {path: \(data.path)/rows.csv}, \
                split: {train: 240, test: 60}}
                """,
            more: Self.seeds)
        var script = TrialScript()
        script.before["seed=3"] = {
            try data.write("rows.csv", header + rows.reversed().joined())
        }
        #expect(try folder.run(script) == .failed)
        let trials = try folder.index().trials
        #expect(trials.map(\.status) == [.completed, .completed, .failed, .failed])
        #expect(
            trials[2].reason == "the data changed while the sweep ran: it read others than the "
                + "trials before it; run the sweep again")
        let events = Events()
        #expect(try folder.run(TrialScript(), events.note) == .completed)
        #expect(events.launched == folder.file.trials.map(\.trial.name))
    }

    @Test func figuresOfSingleQueriesStandBesideTheirTrial() throws {
        let folder = try SweepFolder(
            more: "evaluate: {per_query: figures.per_query}\n" + Self.seeds)
        var run = SweepRun.inThisProcess(
            folder.file, folder: folder.path, catalog: .builtIn,
            runOptions: RunOptions(environment: isolated()))
        #expect(try run.run() == .completed)
        #expect(folder.trials.filter { $0.hasSuffix(".per_query") }.count == 4)
    }
}
