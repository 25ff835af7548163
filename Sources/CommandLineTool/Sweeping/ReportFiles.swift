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
    /// The runs in folders and files, trials of sweeps among them. What a folder holds besides is
    /// passed over with a warning; what was named itself must be results.
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
                    StandardError.writeLine("tfrs-run: warning: passed over: \(error)")
                    continue
                }
                runs += try trials(of: inputs)
            }
        }
        return runs
    }

    /// Runs themselves, and those of sweeps' trials.
    static func trials(of inputs: [ReportInput]) throws(ExitStatus) -> [RunInput] {
        var runs: [RunInput] = []
        for input in inputs {
            switch input {
            case .run(let run): runs.append(run)
            case .sweep(let sweep):
                let folder = InputFiles.folder(of: sweep.path)
                for case .run(let run) in try read(
                    sweep.index.trials.compactMap { $0.results.map { folder + "/" + $0 } })
                { runs.append(run) }
            case .gate, .queries: break
            }
        }
        return runs
    }
}
