import Foundation
import TestSupport
import Testing

/// The commands of the README's gate, run as they stand there.
struct ReadmeCommandTests {
    /// What follows `tfrs-run` in lines of the README that call it on the experiments of CI.
    private static func commands() throws -> [[String]] {
        try Repository.text(of: "README.md").split(separator: "\n")
            .compactMap { line in
                guard line.contains("experiments/ci/"),
                    let call = line.firstRange(of: #/(^|: )tfrs-run /#)
                else { return nil }
                let command = line[call.upperBound...].prefix { $0 != "#" }
                return command.split(separator: " ").map(String.init)
            }
    }

    @Test func theGateOfTheReadme() throws {
        let commands = try Self.commands()
        // Shell: run, accept, check. GitHub and GitLab: check.
        #expect(commands.count == 5)
        try Tool.run { tool in
            try FileManager.default.createDirectory(
                atPath: tool.work + "/experiments/ci", withIntermediateDirectories: true)
            let spec = GateTests.sweep(seeds: "[1, 2]")
                .replacing("name: small", with: "name: ci-two-tower")
            try tool.write(spec, to: "experiments/ci/spec.yaml")
            for command in commands {
                // The shell's part.
                let words = command.map { $0.replacing("*.yaml", with: "spec.yaml") }
                let outcome = try tool.start(words).wait()
                #expect(outcome.code == 0, "\(words): \(outcome.errors)")
            }
            #expect(try tool.contents(of: "gate.xml").contains("<testcase "))
        }
    }
}
