import Experiments
import Platform
import ResultsFormat
import Safeguards

/// The files that a run is to write, with room kept for them before it begins.
struct RunOutputs {
    let results: ReservedFile
    let perQuery: ReservedFile?
    /// The page of the results.
    let report: ReservedFile?
    /// Whether the results get the name that follows from the spec and the data.
    let usesUsualName: Bool

    /// - Parameter output: where the user wants the results; nil: in `results/`.
    /// - Throws: `ExitStatus` after saying why something cannot be written.
    init(
        of spec: ExperimentSpec, file: ExperimentFile, output: String?
    ) throws(ExitStatus) {
        usesUsualName = output == nil
        let path = output ?? "results/\(spec.fileName).json"
        if output == nil { try OutputCheck.refuseLinks(["results"]) }
        var checked = OutputCheck(inputs: [file.path] + spec.inputPaths(catalog: TFRSRun.catalog))
        try checked.add(path, as: "--output")
        if let perQuery = spec.evaluate.perQuery {
            try checked.add(perQuery, as: "evaluate.per_query")
            guard PerQueryFile.mayReplace(perQuery) else {
                StandardError.writeLine(
                    "tfrs-run: evaluate.per_query names '\(perQuery)', which holds something else "
                        + "than figures per query: it is not replaced")
                throw .usage
            }
        }
        if let report = spec.output.report { try checked.add(report, as: "output.report") }
        if let model = spec.output.model { try checked.add(model, as: "output.model") }
        results = try OutputCheck.reserve(path)
        report = try spec.output.report.map { path throws(ExitStatus) in
            try OutputCheck.reserve(path)
        }
        perQuery = try spec.evaluate.perQuery.map { path throws(ExitStatus) in
            try OutputCheck.reserve(path)
        }
    }

    /// Keeps room for what is told of a spec.
    static func room(
        for path: String, _ name: String, beside spec: ExperimentSpec, _ file: ExperimentFile
    ) throws(ExitStatus) -> ReservedFile {
        var check = OutputCheck(inputs: [file.path] + spec.inputPaths(catalog: TFRSRun.catalog))
        try check.add(path, as: name)
        return try OutputCheck.reserve(path)
    }

    func discard() {
        results.discard()
        perQuery?.discard()
        report?.discard()
    }
}

/// Outputs that are neither an input nor each other.
struct OutputCheck {
    private var inputs: [FilePlace: String] = [:]
    private var folders: [FilePlace: String] = [:]
    private var outputs: [FilePlace: String] = [:]

    /// - Parameter inputs: files, folders and patterns of files that are read.
    init(inputs: [String]) {
        for path in inputs {
            for file in InputFiles.matching(path) {
                self.inputs[FilePlace(file)] = file
            }
            if InputFiles.isFolder(path) { folders[FilePlace(path)] = path }
        }
    }

    /// - Parameter name: the option or the field that names it.
    mutating func add(_ path: String, as name: String) throws(ExitStatus) {
        let place = FilePlace(path)
        if let input = inputs[place] {
            throw refused("\(name) would overwrite '\(input)', which is read")
        }
        if InputFiles.isFile(path), let folder = folders[FilePlace(InputFiles.folder(of: path))] {
            throw refused("\(name) would overwrite '\(path)' in '\(folder)', which is read")
        }
        if let other = outputs.updateValue(name, forKey: place) {
            throw refused("\(name) and \(other) name the same file, '\(path)'")
        }
    }

    private func refused(_ message: String) -> ExitStatus {
        StandardError.writeLine("tfrs-run: \(message)")
        return .usage
    }

    /// Refuses folders that are links where the spec is not trusted: they may have come with it,
    /// and lead anywhere.
    static func refuseLinks(_ folders: [String]) throws(ExitStatus) {
        guard Confinement.isOn else { return }
        for folder in folders {
            var status = stat()
            guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { continue }
            StandardError.writeLine(
                "tfrs-run: '\(folder)' is a link, by which an untrusted spec's results might go "
                    + "anywhere; name another place by --output")
            throw .usage
        }
    }

    /// Keeps room for an output, or says why it cannot be had.
    static func reserve(_ path: String) throws(ExitStatus) -> ReservedFile {
        do throws(AtomicFileError) {
            return try ReservedFile(path)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw .runFailed
        }
    }
}
