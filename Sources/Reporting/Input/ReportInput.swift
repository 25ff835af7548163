import ResultsFormat

/// What a report is made of, in the order in which it was named.
package enum ReportInput: Sendable {
    case run(RunInput)
    case sweep(SweepInput)
    /// The report of a check, as `check --json` writes it.
    case gate(path: String, JSONValue)
    /// A file of single queries by itself.
    case queries(path: String, PerQueryFigures)
}

/// Reads what stands at paths: results, indexes of sweeps, reports of checks, files of single
/// queries, and folders of them.
package struct ReportReader {
    /// The figures of single queries that a run wrote: or why they cannot be had.
    package enum QueryFile {
        case none
        case figures(PerQueryFigures)
        case problem(String)
    }

    /// Finds them for results at a path.
    package var queryFile: (ResultsDocument, String) -> QueryFile
    /// The settings of a resolved spec that are not the defaults.
    package var nonDefaults: (JSONValue) -> Set<String>?
    /// The results in a folder, indexes of sweeps first.
    package var filesInFolder: (String) -> [String]?

    package init(
        queryFile: @escaping (ResultsDocument, String) -> QueryFile,
        nonDefaults: @escaping (JSONValue) -> Set<String>?,
        filesInFolder: @escaping (String) -> [String]?
    ) {
        self.queryFile = queryFile
        self.nonDefaults = nonDefaults
        self.filesInFolder = filesInFolder
    }

    /// - Throws: ``ReportInputError`` for the first that cannot be read.
    package func read(_ paths: [String]) throws(ReportInputError) -> [ReportInput] {
        var inputs: [ReportInput] = []
        for path in paths { try read(path, into: &inputs) }
        return inputs
    }

    private func read(
        _ path: String, into inputs: inout [ReportInput]
    ) throws(ReportInputError) {
        if let files = filesInFolder(path) {
            guard !files.isEmpty else { throw .emptyFolder(path: path) }
            for file in files { try read(file, into: &inputs) }
            return
        }
        if PerQueryFile.isOne(path) {
            do throws(PerQueryFileError) {
                inputs.append(.queries(path: path, try PerQueryFile.read(from: path)))
            } catch {
                throw .queries(error)
            }
            return
        }
        let json: JSONValue
        do throws(ResultsFileError) {
            json = try ResultsFile.readJSON(from: path)
        } catch {
            throw .results(error)
        }
        guard json["kind"] != "baseline" else { throw .baseline(path: path) }
        do throws(ResultsDecodingError) {
            inputs.append(try input(json, path))
        } catch {
            throw .results(.invalid(path: path, error))
        }
    }

    private func input(
        _ json: JSONValue, _ path: String
    ) throws(ResultsDecodingError) -> ReportInput {
        switch json["kind"]?.stringValue {
        case "sweep": return .sweep(try sweep(SweepIndex(json: json), path))
        case "check":
            return .gate(path: path, try GateSummary.checked(json))
        default: return .run(try run(json, path))
        }
    }

    /// A run with what stands beside it.
    package func run(_ json: JSONValue, _ path: String) throws(ResultsDecodingError) -> RunInput {
        let document = try ResultsDocument(json: json)
        var input = RunInput(
            path: path, document: document, objection: ResultsDocument.objection(to: json),
            nonDefaults: nonDefaults(document.experiment.spec))
        switch queryFile(document, path) {
        case .none: break
        case .figures(let figures): input.perQuery = figures
        case .problem(let problem): input.perQueryProblem = problem
        }
        return input
    }

    private func sweep(_ index: SweepIndex, _ path: String) -> SweepInput {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) + "/" } ?? ""
        var costs: [String: SweepInput.Cost] = [:]
        for trial in index.trials {
            guard let results = trial.results,
                let json = try? ResultsFile.readJSON(from: folder + results)
            else { continue }
            costs[trial.name] = SweepInput.Cost(
                seconds: json["timing"]?["total_seconds"]?.doubleValue,
                parameters: json["profile"]?["parameters"]?.integerValue)
        }
        return SweepInput(path: path, index: index, costs: costs)
    }
}

/// Why no report can be made.
package enum ReportInputError: Error, CustomStringConvertible {
    case results(ResultsFileError)
    case queries(PerQueryFileError)
    case emptyFolder(path: String)
    /// What was accepted holds no results to show.
    case baseline(path: String)

    package var description: String {
        switch self {
        case .results(let error): error.description
        case .queries(let error): error.description
        case .baseline(let path):
            "'\(path)' is a baseline: name the results that it was accepted from"
        case .emptyFolder(let path): "cannot read '\(path)': there are no results in this folder"
        }
    }
}
