import ArgumentParser
import Experiments
import Platform
import ResultsFormat
import Retrieval

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented spec to begin with.",
        discussion: """
            Without --from it is the TFRS tutorial on MovieLens 100K. With it, a spec for your own \
            file of interactions (delimited text, JSON Lines, Parquet, RecBole's .inter): format, \
            header, types, and the columns of users, items and times are guessed from its first \
            rows, and told with what speaks for them. --query, --candidate and --time say which \
            they are; --items joins a second file. What is written validates and runs.

            Beside the spec goes its JSON Schema, experiment.schema.json, which the spec's first \
            line names to editors with a YAML language server; --no-schema writes neither.

            EXAMPLES
              tfrs-run init
              tfrs-run init --from ratings.csv --output ratings.yaml
              tfrs-run init --from 'logs/*.tsv.gz'
              tfrs-run init --from log.csv --query session --items products.csv

            Exit codes: 0 written; 1 it cannot be written; 2 there is such a file already; 5 the \
            data cannot be read.
            """)

    @Option(
        help: ArgumentHelp(
            "A file of interactions, one a row; its format is recognised.",
            valueName: "file"), completion: .file())
    var from: String?

    @Option(help: ArgumentHelp("The column of --from that asks.", valueName: "column"))
    var query: String?

    @Option(help: ArgumentHelp("The column of --from that is retrieved.", valueName: "column"))
    var candidate: String?

    @Option(help: ArgumentHelp("The column of --from with the times.", valueName: "column"))
    var time: String?

    @Option(
        help: ArgumentHelp(
            "A file of delimited text, one item a row, to be joined to --from.",
            valueName: "file"), completion: .file())
    var items: String?

    @Option(
        help: ArgumentHelp("Where to write the spec.", valueName: "file"), completion: .specs)
    var output = "experiment.yaml"

    @Flag(inversion: .prefixedNo, help: "Write the schema for editors beside the spec.")
    var schema = true

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @Flag(name: .shortAndLong, help: "Do not tell what was guessed.")
    var quiet = false

    func validate() throws {
        guard from == nil, query ?? candidate ?? time ?? items != nil else { return }
        throw ValidationError("--query, --candidate, --time and --items require --from.")
    }

    func run() throws {
        guard force || !FileManager.default.fileExists(atPath: output) else {
            StandardError.write(
                "tfrs-run: '\(output)' is there already; --force replaces it\n")
            throw ExitStatus.usage
        }
        var check = OutputCheck(inputs: from.map { [$0] } ?? [])
        try check.add(output, as: "--output")
        let room = try OutputCheck.reserve(output)
        let file = URL(filePath: output)
        let modeline =
            schema ? "# yaml-language-server: $schema=\(SpecSchema.fileName)\n" : ""
        let text =
            try modeline
            + text(name: file.deletingPathExtension().lastPathComponent)
        do {
            try room.write(text: text)
            if schema { try writeSchema(beside: file) }
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
        try StandardOutput.writeLine(output)
        if !quiet {
            StandardError.writeLine("tfrs-run: look at it by: tfrs-run plan \(output)")
        }
    }

    /// The schema of this version of the tool, unless it is there already.
    private func writeSchema(beside spec: URL) throws {
        let path = spec.deletingLastPathComponent().appending(path: SpecSchema.fileName).path
        let text = try SpecSchema.document(for: TFRSRun.catalog).jsonText(.compact) + "\n"
        guard (try? String(contentsOfFile: path, encoding: .utf8)) != text else { return }
        try ResultsFile.write(text: text, to: path)
    }

    private func text(name: String) throws -> String {
        guard let from else { return StarterSpec.text(name: name) }
        let guess: DelimitedGuess
        var table: ItemsGuess?
        do {
            guess = try DelimitedGuess(
                path: from,
                chosen: ChosenColumns(query: query, candidate: candidate, time: time),
                in: .process)
            table = try items.map { path throws(DataError) in
                try ItemsGuess(path: path, joining: guess, in: .process)
            }
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.dataUnavailable
        }
        if !quiet {
            StandardError.write(
                "\(from), as far as it tells:\n"
                    + guess.findings.map { "  \($0)\n" }.joined()
                    + (table.map { "  items: \($0.path), by \($0.key)\n" } ?? ""))
        }
        return StarterSpec.text(name: name, guess, items: table)
    }
}
