import ArgumentParser
import Experiments
import Platform
import ResultsFormat

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Join the parts of a sweep that --shard divided.",
        discussion: """
            Reads the indexes in the folders and writes one over all trials, with its CSV, into \
            the output folder; results files stay where they are and are named from there.

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
            let parts = try folders.flatMap { try SweepParts.read($0) }
            let joined = try SweepParts.join(parts, into: output)
            let path = output + "/" + SweepIndex.fileName
            try ResultsFile.write(json: joined.index.json, to: path, createDirectories: true)
            try ResultsFile.write(text: joined.index.csv(), to: output + "/sweep.csv")
            try StandardOutput.writeLine(path)
            StandardError.write(SweepReporter.ranking(joined.index))
            for part in joined.missing {
                StandardError.writeLine("tfrs-run: part \(part) is missing")
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
        } catch let error as ResultsFileError {
            StandardError.writeLine("tfrs-run: \(error)")
            if case .unwritable = error { throw ExitStatus.runFailed }
            throw ExitStatus.usage
        }
    }
}

/// The indexes that shards of a sweep left.
private enum SweepParts {
    struct Mismatch: Error, CustomStringConvertible {
        var description: String
    }

    typealias Part = (folder: String, index: SweepIndex)

    static func read(_ folder: String) throws -> [Part] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let all = names.filter { $0.hasPrefix("sweep") && $0.hasSuffix(".json") }
        let shards = all.filter { $0 != SweepIndex.fileName }
        // Beside the parts, a joined index is an earlier collect's.
        let indexes = shards.isEmpty ? all : shards
        guard !indexes.isEmpty else {
            throw Mismatch(description: "'\(folder)' holds no sweep's index")
        }
        return try indexes.map { name in
            let index = try ResultsFile.read(from: folder + "/" + name) {
                json throws(ResultsDecodingError) in try SweepIndex(json: json)
            }
            return (folder, index)
        }
    }

    static func join(
        _ parts: [Part], into output: String
    ) throws -> (index: SweepIndex, missing: [String]) {
        let first = parts[0].index
        var trials: [String: TrialEntry] = [:]
        var counts: Set<Int> = []
        var seen: Set<String> = []
        var contents: [JSONValue: String] = [:]
        for (folder, index) in parts {
            guard index.name == first.name else {
                throw Mismatch(
                    description: "the parts are of two sweeps, '\(first.name)' and '\(index.name)'")
            }
            if let shard = index.shard.flatMap({ SweepShard($0) }) {
                counts.insert(shard.count)
                seen.insert(shard.description)
            }
            for trial in index.trials {
                if let content = trial.contentSHA256, trial.status == .completed,
                    let known = contents.updateValue(content, forKey: trial.dataSettings),
                    known != content
                {
                    throw Mismatch(
                        description:
                            "the parts read different data: '\(trial.name)' in '\(folder)' read "
                            + "others than trials before it; run the parts on the same data")
                }
                var trial = trial
                try check(trial, in: folder)
                trial.results = trial.results.map { relative(folder + "/" + $0, to: output) }
                guard let known = trials[trial.name] else {
                    trials[trial.name] = trial
                    continue
                }
                guard known.specSHA256 == trial.specSHA256,
                    known.digest == nil || trial.digest == nil || known.digest == trial.digest
                else {
                    throw Mismatch(
                        description: "'\(trial.name)' is in two parts with different results")
                }
                if known.status != .completed { trials[trial.name] = trial }
            }
        }
        guard counts.count <= 1 else {
            throw Mismatch(description: "the parts are of sweeps divided by different numbers")
        }
        let all = counts.first.map { count in (1...count).map { "\($0)/\(count)" } } ?? []
        let programs = Set(parts.map(\.index.programSHA256))
        let index = SweepSummary.index(
            name: first.name, specPath: first.specPath, shard: nil,
            programSHA256: programs.count == 1 ? first.programSHA256 : nil,
            objective: first.objective, trials: Array(trials.values))
        return (index, all.filter { !seen.contains($0) })
    }

    /// Refuses a trial whose results are not those that the index tells of.
    private static func check(_ trial: TrialEntry, in folder: String) throws {
        guard trial.status == .completed, let results = trial.results else { return }
        let path = folder + "/" + results
        guard FileManager.default.fileExists(atPath: path) else { return }
        let json = try ResultsFile.readJSON(from: path)
        let isOther = json["digest"]?.stringValue != trial.digest
        if let objection = ResultsDocument.objection(to: json)
            ?? (isOther ? "the results are not those that the index tells of" : nil)
        {
            throw Mismatch(description: "\(path): \(objection)")
        }
    }

    /// A path as seen from a folder; both relative to the working directory or absolute.
    private static func relative(_ path: String, to folder: String) -> String {
        func parts(_ path: String) -> [String] {
            URL(filePath: path).standardizedFileURL.path.split(separator: "/").map(String.init)
        }
        let target = parts(path)
        let base = parts(folder)
        let common = zip(target, base).prefix { $0 == $1 }.count
        let up = [String](repeating: "..", count: base.count - common)
        return (up + target.dropFirst(common)).joined(separator: "/")
    }
}
