import ArgumentParser
import Experiments
import Foundation
import ResultsFormat
import Retrieval

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented spec to begin with.",
        discussion: """
            Without --from it is the TFRS tutorial on MovieLens 100K. With it, a spec for your own \
            file of interactions: delimiter, header, types, and the columns of users, items and \
            times are guessed from its first rows, and told. What is written validates and runs.

            EXAMPLES
              tfrs-run init
              tfrs-run init --from ratings.csv --output ratings.yaml
              tfrs-run init --from 'logs/*.tsv.gz'

            Exit codes: 0 written; 1 it cannot be written; 2 there is such a file already; 5 the \
            data cannot be read.
            """)

    @Option(
        help: ArgumentHelp(
            "A file of delimited text, one interaction a row; gzip is recognised.",
            valueName: "file"), completion: .file())
    var from: String?

    @Option(
        help: ArgumentHelp("Where to write the spec.", valueName: "file"), completion: .specs)
    var output = "experiment.yaml"

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @Flag(name: .shortAndLong, help: "Do not tell what was guessed.")
    var quiet = false

    func run() throws {
        guard force || !FileManager.default.fileExists(atPath: output) else {
            StandardError.write(
                "tfrs-run: '\(output)' is there already; --force replaces it\n")
            throw ExitStatus.usage
        }
        var check = OutputCheck(inputs: from.map { [$0] } ?? [])
        try check.add(output, as: "--output")
        let room = try OutputCheck.reserve(output)
        let text = try text(name: URL(filePath: output).deletingPathExtension().lastPathComponent)
        do {
            try room.write(text: text)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
        try StandardOutput.writeLine(output)
        if !quiet {
            StandardError.writeLine("tfrs-run: look at it by: tfrs-run plan \(output)")
        }
    }

    private func text(name: String) throws -> String {
        guard let from else { return StarterSpec.text(name: name) }
        let guess: DelimitedGuess
        do {
            guess = try DelimitedGuess(path: from, in: .process)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.dataUnavailable
        }
        if !quiet {
            StandardError.write(
                "\(from), as far as it tells:\n"
                    + guess.findings.map { "  \($0)\n" }.joined())
        }
        return StarterSpec.text(name: name, guess)
    }
}
