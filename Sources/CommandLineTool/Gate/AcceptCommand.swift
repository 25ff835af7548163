import ArgumentParser
import Experiments
import Platform
import ResultsFormat

struct AcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Make results the baseline that tfrs-run check compares with.",
        discussion: """
            Experiments of the same name are replaced, the others of an existing baseline stay. \
            The file is small and meant to be committed: values, intervals, fingerprints, and the \
            gated metrics per query as far as the runs recorded them. Nothing else ever writes a \
            baseline.

            Results that do not agree with themselves (their digest, the file of single queries) \
            and those of a model that collapsed are refused.

            Exit codes: 0 written; 1 results are refused, a run did not complete, or the file \
            cannot be written; 2 a file is not what it should be. In these cases nothing is changed.
            """)

    @Argument(help: "Results files, sweep indexes, or folders of them.", completion: .results)
    var results: [String]

    @Option(
        help: ArgumentHelp("The baseline to write or to update.", valueName: "file"),
        completion: .results)
    var baseline: String

    @Option(
        help: ArgumentHelp(
            "Keep values per query of runs with at most this many test examples.",
            valueName: "count"))
    var maxPerQuery = 5000

    @Flag(name: .shortAndLong, help: "Do not tell what moved.")
    var quiet = false

    func run() throws {
        var check = OutputCheck(inputs: results)
        try check.add(baseline, as: "--baseline")
        let room = try OutputCheck.reserve(baseline)
        let found = try GateFiles.read(results)
        var existing: AcceptedResults?
        var before = RunSet()
        if FileManager.default.fileExists(atPath: baseline) {
            do {
                existing = try ResultsFile.read(from: baseline) {
                    json throws(ResultsDecodingError) in try AcceptedResults(json: json)
                }
                let json = try ResultsFile.readJSON(from: baseline)
                if AcceptedResults.predatesDigests(json) {
                    note(existing, apartFrom: found)
                } else if let objection = AcceptedResults.objection(to: json) {
                    StandardError.writeLine(
                        "tfrs-run: \(baseline): \(objection); it is left as it is")
                    throw ExitStatus.usage
                }
                before = try RunSet(reading: [baseline])
            } catch let status as ExitStatus {
                throw status
            } catch {
                StandardError.writeLine("tfrs-run: \(error); it is left as it is")
                throw ExitStatus.usage
            }
        }
        do {
            let updated = try BaselineUpdate.updating(
                existing, with: found, maximumPerQuery: maxPerQuery)
            try room.write(json: updated.json())
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.runFailed
        }
        if !quiet {
            StandardError.write(
                RunSetDifference(catalog: TFRSRun.catalog).moved(from: before, to: found))
        }
        try StandardOutput.writeLine(baseline)
    }

    /// Says what nothing but whoever accepts it vouches for.
    private func note(_ existing: AcceptedResults?, apartFrom found: RunSet) {
        let kept = (existing?.experiments ?? []).map(\.name)
            .filter { found.experiments[$0] == nil }
        guard !kept.isEmpty else { return }
        StandardError.writeLine(
            "tfrs-run: \(baseline) is of an older version and had no digest; taken over as they "
                + "stand: " + kept.joined(separator: ", "))
    }
}
