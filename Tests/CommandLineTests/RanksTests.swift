import Foundation
import ResultsFormat
import TestSupport
import Testing

/// The tool as one of the processes that MPI has started.
struct RanksTests {
    #if !MPI
        /// Built without MPI it must not take itself for the only one: the first says so.
        @Test func withoutMPINothingIsRun() throws {
            try Tool.run { tool in
                try tool.write(Specs.small(), to: "spec.yaml")
                for rank in 0..<2 {
                    let outcome = try tool(
                        "spec.yaml",
                        environment: [
                            "OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "\(rank)",
                        ])
                    #expect(outcome.code == 2)
                    #expect(outcome.errors.contains("--traits MPI") == (rank == 0))
                    #expect(outcome.output.isEmpty)
                }
                #expect(tool.names() == ["spec.yaml"])
            }
        }
    #endif

    @Test func oneOfOneIsAnOrdinaryProcess() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool(
                "spec.yaml", "--quiet", environment: ["OMPI_COMM_WORLD_SIZE": "1"])
            #expect(outcome.code == 0)
        }
    }
}

private let toolWithMPI: String? = {
    #if MPI
        Tool.path(of: "tfrs-run")
    #else
        ProcessInfo.processInfo.environment["TFRS_MPI_TOOL"]
    #endif
}()

/// Runs by `mpirun`: of this tool where it is built with MPI, or else of the one that
/// `TFRS_MPI_TOOL` names, whose digests are compared with this one's.
@Suite(.serialized, .enabled(if: toolWithMPI != nil, "no tool that is built with MPI"))
struct MPITests {
    /// Runs a command line on some ranks, more than there are processors if need be.
    private static func start(
        _ tool: Tool, _ ranks: [(count: Int, arguments: [String])]
    ) throws -> RunningCommand {
        var launcher = tool
        launcher.executable = "/usr/bin/mpirun"
        let executable = try #require(toolWithMPI)
        let parts = ranks.map { ranks in
            ["-n", "\(ranks.count)", executable] + ranks.arguments
        }
        return try launcher.start(
            ["--oversubscribe"] + parts.joined(separator: [":"]),
            environment: [
                "PATH": "/usr/bin:/bin", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
                // In containers a process may not read another one's memory.
                "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
            ])
    }

    private static func run(
        _ tool: Tool, ranks: Int, _ arguments: String...
    ) throws -> Tool.Outcome {
        try start(tool, [(ranks, arguments)]).wait()
    }

    @Test(arguments: [1, 2, 4]) func theDigestIsThatOfOneProcess(ranks: Int) throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small(epochs: 3, "task: {remove_accidental_hits: true}"),
                to: "spec.yaml")
            #expect(try tool("spec.yaml", "--output", "one.json").code == 0)
            let outcome = try Self.run(
                tool, ranks: ranks, "spec.yaml", "--threads", "2", "--output", "all.json",
                "--save-model", "model")
            #expect(outcome.code == 0, "\(outcome.errors)")
            // The first rank alone prints.
            #expect(outcome.output == "all.json\n")
            #expect(outcome.errors.components(separatedBy: "epoch 3/3").count == 2)
            #expect(try tool.document("all.json").digest == tool.document("one.json").digest)
            #expect(try tool("inspect", "model").code == 0)
        }
    }

    /// Every refusal names the place or the remedy, is said once, and leaves nothing.
    @Test(arguments: [
        (3, ["spec.yaml"], "1, 2, 4 or 8 ranks", "mpirun -n 2"),
        (16, ["spec.yaml"], "1, 2, 4 or 8 ranks", "mpirun -n 8"),
        (2, ["sweep.yaml"], "sweep.yaml is a sweep", "--shard"),
        (2, ["describe", "spec.yaml"], "describe is for one process", "run and plan"),
        (2, ["warm.yaml"], "warm.yaml:14:", "'reset' can"),
        (2, ["plan", "warm.yaml", "--no-estimate"], "warm.yaml:14:", "'reset' can"),
        (2, ["sampled.yaml"], "sampled.yaml:14:", "'brute_force' can"),
    ])
    func whatIsRefused(
        ranks: Int, arguments: [String], what: String, remedy: String
    ) throws {
        try Tool.run { tool in
            let texts = [
                "spec": "", "sweep": "sweep: {grid: {train.epochs: [1, 2]}}",
                "warm": "warm_start:\n  model: model\n  optimizer: keep",
                "sampled":
                    "evaluate:\n  sampled_negatives: {count: 9}\n  candidates: streaming",
            ]
            for (name, text) in texts {
                try tool.write(Specs.small(text), to: name + ".yaml")
            }
            let saved = try tool("spec.yaml", "--save-model", "model", "--output", "one.json")
            #expect(saved.code == 0)
            let names = tool.names()
            let outcome = try Self.start(tool, [(ranks, arguments)]).wait()
            #expect(outcome.code == 2)
            let errors = outcome.errors.components(separatedBy: "\n").filter {
                $0.contains("error:") || $0.hasPrefix("tfrs-run:")
            }
            #expect(errors.count == 1, "\(outcome.errors)")
            #expect(errors.first?.contains(what) == true, "\(errors)")
            #expect(errors.first?.contains(remedy) == true, "\(errors)")
            #expect(outcome.output.isEmpty)
            #expect(tool.names() == names)
        }
    }

    /// Help and version are the first rank's to give.
    @Test(arguments: ["--help", "--version", "help"]) func helpIsGivenOnce(word: String) throws {
        try Tool.run { tool in
            let outcome = try Self.run(tool, ranks: 2, word)
            #expect(outcome.code == 0)
            #expect(outcome.output == (try tool(word).output))
        }
    }

    /// What each rank holds and sends, and how much there is of it at all.
    @Test func thePlanTellsOfTheRanks() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try Self.run(
                tool, ranks: 2, "plan", "spec.yaml", "--no-estimate", "--format", "json",
                "--output", "plan.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let ranks = try #require(try tool.json("plan.json")["x-plan"]?["ranks"])
            #expect(ranks["size"]?.integerValue == 2)
            for table in try #require(ranks["tables"]?.arrayValue) {
                let parts = try #require(table["rows_of_ranks"]?.arrayValue)
                #expect(
                    parts.compactMap(\.integerValue).reduce(0, +) == table["rows"]?.integerValue)
            }
            let step = try #require(ranks["first_step"])
            let queries = try #require(step["queries"]?.integerValue)
            let candidates = try #require(step["candidates"]?.integerValue)
            // Each rank sends the other half of the rows and of their gradients, and little more.
            for sent in try #require(step["sent_bytes"]?.arrayValue).compactMap(\.integerValue) {
                #expect(sent > 4 * (queries + candidates))
                #expect(sent < 4 * 4 * (2 * queries + 3 * candidates) + 2000)
            }
            let alone = try tool("plan", "spec.yaml", "--format", "json", "--output", "one.json")
            #expect(alone.code == 0)
            #expect(try tool.json("one.json")["x-plan"]?["ranks"] == nil)
        }
    }

    /// One rank alone cannot read its spec: the job ends with what that one has to say.
    @Test func aRankThatFailsEndsTheJob() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try Self.start(
                tool, [(1, ["spec.yaml"]), (1, ["missing.yaml"])]
            ).wait()
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("rank 1: "))
            #expect(outcome.errors.contains("missing.yaml"))
        }
    }

    @Test func ranksThatDifferAreTold() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            try tool.write(Specs.small(epochs: 3), to: "other.yaml")
            let outcome = try Self.start(
                tool, [(1, ["spec.yaml"]), (1, ["other.yaml"])]
            ).wait()
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("rank 0 and rank 1 have different specs;"))
        }
    }

    /// A rank that is killed takes the job with it, which goes on elsewhere to the same digest.
    @Test func aKilledRankEndsTheJobWhichGoesOn() throws {
        try Tool.run { tool in
            let epochs = 4000
            try tool.write(
                Specs.small(
                    epochs: epochs, "checkpoint: {every: 20 epochs, directory: saved}"),
                to: "spec.yaml")
            let command = try Self.start(tool, [(2, ["spec.yaml", "--output", "all.json"])])
            try command.waitForErrors("epoch 60/")
            let children = try String(
                contentsOfFile:
                    "/proc/\(command.identifier)/task/\(command.identifier)/children",
                encoding: .utf8
            ).split(separator: " ").compactMap { Int32($0) }
            kill(try #require(children.last), SIGKILL)
            let clock = ContinuousClock.now
            let outcome = try command.wait()
            #expect(outcome.code != 0)
            #expect(ContinuousClock.now - clock < .seconds(20))
            let resumed = try tool("spec.yaml", "--resume", "--output", "all.json")
            #expect(resumed.code == 0, "\(resumed.errors)")
            #expect(resumed.errors.contains("going on from a checkpoint"))
            try tool.write(Specs.small(epochs: epochs), to: "whole.yaml")
            #expect(try tool("whole.yaml", "--quiet", "--output", "one.json").code == 0)
            #expect(try tool.document("all.json").digest == tool.document("one.json").digest)
        }
    }
}
