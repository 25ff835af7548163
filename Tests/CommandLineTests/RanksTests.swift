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

#if MPI
    /// Runs by `mpirun`.
    struct MPITests {
        /// Runs a command line on some ranks, more than there are processors if need be.
        private static func start(
            _ tool: Tool, _ ranks: [(count: Int, arguments: [String])]
        ) throws -> RunningCommand {
            var launcher = tool
            launcher.executable = "/usr/bin/mpirun"
            let parts = ranks.map { ranks in
                ["-n", "\(ranks.count)", Tool.path(of: "tfrs-run")] + ranks.arguments
            }
            return try launcher.start(
                ["--oversubscribe"] + parts.joined(separator: [":"]),
                environment: [
                    "PATH": "/usr/bin:/bin", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
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

        @Test func whatIsRefused() throws {
            try Tool.run { tool in
                try tool.write(Specs.small(), to: "spec.yaml")
                try tool.write(
                    Specs.small("sweep: {grid: {train.epochs: [1, 2]}}"), to: "sweep.yaml")
                for (ranks, arguments, words) in [
                    (3, ["spec.yaml"], "1, 2, 4 or 8 ranks"),
                    (2, ["sweep.yaml"], "--shard"),
                    (2, ["describe", "spec.yaml"], "run and plan"),
                ] {
                    let outcome = try Self.start(tool, [(ranks, arguments)]).wait()
                    #expect(outcome.code == 2)
                    #expect(outcome.errors.components(separatedBy: words).count == 2)
                    #expect(outcome.output.isEmpty)
                }
                #expect(tool.names() == ["spec.yaml", "sweep.yaml"])
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
                #expect(outcome.errors.contains("different specs"))
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
#endif
