import Platform
import ResultsFormat

/// The indexes that the shards of one sweep left, to be joined into one over all trials.
public struct SweepParts {
    /// Why indexes are not to be joined.
    public struct Mismatch: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// An index over all trials.
    public struct Joined {
        public let index: SweepIndex
        /// Shards whose trials are not in it: `2/4`.
        public let missing: [String]

        /// The results that an index may not name from where they are.
        let copies: [Copy]

        /// Writes the index and its tables, and beside them results that lie outside of the
        /// folder.
        ///
        /// - Returns: the index's path.
        /// - Throws: `ResultsFileError` or `PerQueryFileError`.
        public func write(to folder: String) throws -> String {
            for copy in copies { try copy.make() }
            let file = SweepIndexFile(folder: folder, shard: nil)
            try file.write(index)
            return file.path
        }
    }

    /// Results to be copied into the folder of an index.
    struct Copy {
        let source: String
        let target: String

        func make() throws {
            try ResultsFile.write(
                json: try ResultsFile.readJSON(from: source), to: target, createDirectories: true)
            let figures = ExperimentResults.perQueryPath(besideResults: source)
            guard FileManager.default.fileExists(atPath: figures) else { return }
            try PerQueryFile.write(
                try PerQueryFile.read(from: figures),
                to: ExperimentResults.perQueryPath(besideResults: target))
        }
    }

    private let parts: [(folder: String, index: SweepIndex)]

    /// Reads the indexes in folders.
    ///
    /// - Throws: ``Mismatch`` where a folder has none, `ResultsFileError` where one cannot be read.
    public init(in folders: [String]) throws {
        parts = try folders.flatMap { folder in
            try Self.indexes(in: folder).map { name in
                let index = try ResultsFile.read(from: folder + "/" + name) {
                    json throws(ResultsDecodingError) in try SweepIndex(json: json)
                }
                return (folder, index)
            }
        }
    }

    private static func indexes(in folder: String) throws(Mismatch) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let all = names.filter { $0.hasPrefix("sweep") && $0.hasSuffix(".json") }
        let shards = all.filter { $0 != SweepIndex.fileName }
        // Beside the parts, a joined index is an earlier one.
        let indexes = shards.isEmpty ? all : shards
        guard !indexes.isEmpty else {
            throw Mismatch(description: "'\(folder)' holds no sweep's index")
        }
        return indexes
    }

    /// One index over the trials of all parts.
    ///
    /// - Parameter output: the folder that it is for: results are named from there, and those that
    ///   lie outside of it are to be copied into it.
    /// - Throws: ``Mismatch`` where the parts are not of one sweep on the same data, or a trial's
    ///   results are not those that its index tells of; `ResultsFileError` where they cannot be
    ///   read.
    public func joined(into output: String) throws -> Joined {
        let missing = try missingShards()
        try checkContents()
        var trials: [String: TrialEntry] = [:]
        var copies: [String: Copy] = [:]
        var figures: OrderedMap<FigureRecord> = [:]
        for (folder, index) in parts {
            for figure in index.figures where figures[figure.key] == nil {
                figures[figure.key] = figure.value
            }
            for var trial in index.trials {
                try Self.check(trial, in: folder)
                let copy = Self.place(&trial, of: folder, in: output)
                let known = trials[trial.name]
                if let known { try Self.check(known, against: trial) }
                guard known?.status != .completed else { continue }
                trials[trial.name] = trial
                copies[trial.name] = copy
            }
        }
        guard let first = parts.first?.index else {
            throw Mismatch(description: "there are no parts to be joined")
        }
        let programs = Set(parts.map(\.index.programSHA256))
        let index = SweepSummary.index(
            name: first.name, specPath: first.specPath, shard: nil,
            programSHA256: programs.count == 1 ? first.programSHA256 : nil,
            objective: first.objective, trials: Array(trials.values), figures: figures)
        return Joined(
            index: index, missing: missing,
            copies: copies.keys.sorted().compactMap { copies[$0] })
    }

    /// The shards that are not there, of the number that the others name.
    private func missingShards() throws(Mismatch) -> [String] {
        let names = parts.map(\.index.name)
        if let other = names.first(where: { $0 != names[0] }) {
            throw Mismatch(
                description: "the parts are of two sweeps, '\(names[0])' and '\(other)'")
        }
        let shards = parts.compactMap { $0.index.shard.flatMap { SweepShard($0) } }
        let counts = Set(shards.map(\.count))
        guard counts.count <= 1 else {
            throw Mismatch(description: "the parts are of sweeps divided by different numbers")
        }
        let seen = Set(shards.map(\.description))
        return (counts.first.map { count in (1...count).map { "\($0)/\(count)" } } ?? [])
            .filter { !seen.contains($0) }
    }

    /// Trials that say the same of their data have read the same.
    private func checkContents() throws(Mismatch) {
        var contents: [JSONValue: String] = [:]
        for (folder, index) in parts {
            for trial in index.trials where trial.status == .completed {
                guard let content = trial.contentSHA256,
                    let known = contents.updateValue(content, forKey: trial.dataSettings),
                    known != content
                else { continue }
                throw Mismatch(
                    description:
                        "the parts read different data: '\(trial.name)' in '\(folder)' read "
                        + "others than trials before it; run the parts on the same data")
            }
        }
    }

    /// Refuses two different entries of one trial.
    private static func check(_ known: TrialEntry, against trial: TrialEntry) throws(Mismatch) {
        guard known.specSHA256 == trial.specSHA256,
            known.digest == nil || trial.digest == nil || known.digest == trial.digest
        else {
            throw Mismatch(description: "'\(trial.name)' is in two parts with different results")
        }
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

    /// Has a trial name its results from the output folder, in which they must lie for that: the
    /// copy that this takes, if any.
    private static func place(
        _ trial: inout TrialEntry, of folder: String, in output: String
    ) -> Copy? {
        guard let results = trial.results else { return nil }
        let source = folder + "/" + results
        let path = relative(source, to: output)
        guard path.hasPrefix("../") else {
            trial.results = path
            return nil
        }
        let name = "trials/\(trial.name).json"
        trial.results = name
        return FileManager.default.fileExists(atPath: source)
            ? Copy(source: source, target: output + "/" + name) : nil
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
