import Experiments
import Platform
import Reporting
import ResultsFormat
import Safeguards

/// The files that reports are made of, and those that they become.
enum ReportFiles {
    /// Reads results, or says what is wrong with them and where.
    static func read(_ paths: [String]) throws(ExitStatus) -> [ReportInput] {
        do throws(ReportInputError) {
            return try reader.read(paths)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            NearbyFile.tell(of: paths)
            throw .usage
        }
    }

    /// How what stands beside results is found.
    private static var reader: ReportReader {
        ReportReader(
            queryFile: { document, path in
                switch PerQueryFiles.values(of: document, beside: path) {
                case .none: .none
                case .values(let figures): .figures(figures)
                case .problem(let problem): .problem(problem)
                }
            },
            nonDefaults: { ChosenSettings.paths(in: $0, catalog: TFRSRun.catalog) },
            filesInFolder: ResultsFolder.files)
    }

    /// Puts a page in place atomically, unless it would replace what it is made of.
    ///
    /// - Parameter name: the option or the field that names the path.
    static func write(
        _ html: String, to path: String, as name: String, reading inputs: [String]
    ) throws(ExitStatus) {
        var check = OutputCheck(inputs: inputs)
        try check.add(path, as: name)
        let file = try OutputCheck.reserve(path)
        defer { file.discard() }
        do {
            try file.write(text: html)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw .runFailed
        }
    }

    /// The page that a run or a sweep was asked to write; what cannot be read for it is told.
    static func writePage(of results: String, to path: String) throws(ExitStatus) {
        // A stranger's spec does not say where its results are.
        Confinement.allow(InputFiles.folder(of: results))
        try write(
            Report.page(of: try read([results])).html, to: path, as: "output.report",
            reading: [results])
    }
}

extension ReportFiles {
    /// The runs in folders and files, trials of sweeps among them. Of what a folder holds besides,
    /// other documents are passed over, and results that cannot be read with a warning; what was
    /// named itself must be results.
    static func runs(in paths: [String]) throws(ExitStatus) -> [RunInput] {
        var runs: [RunInput] = []
        for path in paths {
            guard let files = ResultsFolder.files(in: path) else {
                runs += try trials(of: read([path]))
                continue
            }
            for file in files {
                let inputs: [ReportInput]
                do throws(ReportInputError) {
                    inputs = try reader.read([file])
                } catch {
                    if !isOfOtherKind(error) { passOver(error) }
                    continue
                }
                runs += try trials(of: inputs, passingOver: true)
            }
        }
        return runs
    }

    /// Whether what cannot be read was never meant for results: a baseline, or what states no
    /// version of a format, be it JSON, such as a schema, or damaged.
    private static func isOfOtherKind(_ error: ReportInputError) -> Bool {
        switch error {
        case .baseline: true
        case .results(.malformed(let path, _)): !ResultsFile.statesVersion(path)
        case .results(.invalid(let path, _)):
            (try? ResultsFile.readJSON(from: path))?["schema_version"] == nil
        default: false
        }
    }

    private static func passOver(_ error: ReportInputError) {
        StandardError.writeLine("tfrs-run: warning: passed over: \(error)")
    }

    /// Runs themselves, and those of sweeps' trials.
    ///
    /// - Parameter passingOver: whether trials that cannot be read are passed over with a warning,
    ///   as in a folder that holds them among others.
    static func trials(
        of inputs: [ReportInput], passingOver: Bool = false
    ) throws(ExitStatus) -> [RunInput] {
        var runs: [RunInput] = []
        for input in inputs {
            switch input {
            case .run(let run): runs.append(run)
            case .sweep(let sweep):
                let folder = InputFiles.folder(of: sweep.path)
                for path in sweep.index.trials.compactMap({ $0.results }) {
                    do throws(ReportInputError) {
                        for case .run(let run) in try reader.read([folder + "/" + path]) {
                            runs.append(run)
                        }
                    } catch {
                        guard passingOver else {
                            StandardError.writeLine("tfrs-run: \(error)")
                            throw .usage
                        }
                        passOver(error)
                    }
                }
            case .gate, .queries: break
            }
        }
        return runs
    }
}
