import ArgumentParser
import Experiments
import ResultsFormat

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Join the parts of a sweep that --shard divided.",
        discussion: """
            Reads the indexes in the folders and writes one over all trials, with its CSV, into \
            the output folder. Results files that lie elsewhere are copied into its trials/, so \
            that the folder can be moved.

            Exit codes: 0 the sweep is complete; 1 a trial failed, or the index cannot be written; \
            2 a folder holds no index, or the parts are not of one sweep; 4 a part is missing.
            """)

    @Argument(help: "Folders with the parts of one sweep.", completion: .directory)
    var folders: [String]

    @Option(
        help: ArgumentHelp(
            "Where to write the index; without it, the first folder.", valueName: "folder"),
        completion: .directory)
    var output: String?

    func run() throws {
        let output = output ?? folders[0]
        do {
            let joined = try SweepParts(in: folders).joined(into: output)
            try StandardOutput.writeLine(try joined.write(to: output))
            let terminal = LiveTerminal()
            StandardError.write(
                SweepReporter.ranking(
                    joined.index, width: terminal.isLive ? terminal.width : nil))
            for part in joined.missing {
                StandardError.writeLine(
                    "tfrs-run: part \(part) is missing, and its trials are not among these; "
                        + "'tfrs-run \(joined.index.specPath ?? "SPEC") --shard \(part) --output FOLDER' "
                        + "runs it")
            }
            let isFailed = joined.index.trials.contains { [.failed, .killed].contains($0.status) }
            if isFailed { throw ExitStatus.runFailed }
            let isWhole = joined.index.trials.allSatisfy { $0.status == .completed }
            if !joined.missing.isEmpty || !isWhole { throw ExitStatus.notComparable }
        } catch let status as ExitStatus {
            throw status
        } catch let error as SweepParts.Mismatch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.usage
        } catch let error as PerQueryFileError {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        } catch let error as ResultsFileError {
            StandardError.writeLine("tfrs-run: \(error)")
            if case .unwritable = error { throw ExitStatus.runFailed }
            throw ExitStatus.usage
        }
    }
}
