import Foundation
import ResultsFormat
import TestSupport
import Testing

/// What docs/cluster.md hands to schedulers, with the variables that they would set.
@Suite struct ClusterPageTests {
    private static let sweep = "experiments/sweeps/grid.yaml"

    private static func blocks(_ language: String) throws -> [String] {
        Repository.blocks(language, of: try Repository.text(of: "docs/cluster.md"))
    }

    @Test func anArrayOfSlurmsFindsWhatOneMachineFinds() throws {
        let blocks = try Self.blocks("bash")
        try #require(blocks.count == 2)
        let jobs = 4
        #expect(blocks[0].contains("#SBATCH --array=0-\(jobs - 1)\n"))
        try Tool.run { tool in
            try FileManager.default.copyItem(
                atPath: Repository.file("experiments").path,
                toPath: tool.work + "/experiments")
            #expect(try tool(Self.sweep, "-q", "--output", "whole").code == 0)
            var bash = tool
            bash.executable = "/bin/bash"
            let products = URL(filePath: Tool.path(of: "tfrs-run")).deletingLastPathComponent()
            let path = products.path(percentEncoded: false) + ":/usr/bin:/bin"
            func run(_ text: String, _ variables: [String: String] = [:]) throws -> Int32? {
                try tool.write(text, to: "script.sh")
                return try bash(
                    "script.sh", environment: variables.merging(["PATH": path]) { $1 }
                ).code
            }
            for job in 0..<jobs {
                let variables = [
                    "SLURM_ARRAY_TASK_ID": "\(job)", "SLURM_ARRAY_TASK_MIN": "0",
                    "SLURM_ARRAY_TASK_COUNT": "\(jobs)", "SLURM_ARRAY_TASK_STEP": "1",
                ]
                #expect(try run(blocks[0], variables) == 0)
            }
            #expect(try run(blocks[1]) == 0)
            #expect(
                try tool.json("results/grid/sweep.json")["digest"]
                    == tool.json("whole/sweep.json")["digest"])
        }
    }

    /// The manifest divides by as many parts as it has completions.
    @Test func theJobOfKubernetesNamesItsParts() throws {
        let manifest = try #require(try Self.blocks("YAML").first)
        #expect(manifest.contains("completionMode: Indexed\n"))
        #expect(manifest.contains("  completions: 4\n"))
        #expect(manifest.contains("- auto/4\n"))
        try Tool.run { tool in
            let plain = try tool(Self.sweep, "--shard", "auto")
            #expect(plain.code == 2)
            #expect(plain.errors.contains("'auto' requires an array of jobs"), "\(plain.errors)")
            let count = try tool(Self.sweep, "--shard", "auto/0")
            #expect(count.code == 2)
            #expect(count.errors.contains("requires a number of parts"), "\(count.errors)")
        }
    }
}
