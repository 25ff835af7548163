import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// The specs that most tests start from.
enum Sample {
    static let towers = SmallSpec.towers

    /// The least that a spec can say, five lines.
    static let minimal = "name: sample\ndata: {source: synthetic}\n" + towers + "\n"

    /// A spec that runs in milliseconds.
    static func small(train: String? = nil, more: String = "") -> String {
        guard let train else { return SmallSpec.text(more: more) }
        return SmallSpec.text(train: train, more: more)
    }
}

func decode(_ text: String, catalog: Catalog = .builtIn) throws -> ExperimentSpec {
    try SpecReader(catalog: catalog).read(text: text, name: "spec.yaml")
}

/// What is wrong with a spec: `LINE:COLUMN: MESSAGE` of each error, in the order of the report.
func errors(_ text: String, catalog: Catalog = .builtIn) -> [String] {
    do throws(SpecError) {
        _ = try SpecReader(catalog: catalog).read(text: text, name: "spec.yaml")
        return []
    } catch {
        return lines(error)
    }
}

func lines(_ error: SpecError) -> [String] {
    error.diagnostics.map { diagnostic in
        let text = diagnostic.description
        #expect(text.hasPrefix("spec.yaml:"))
        return String(text.dropFirst("spec.yaml:".count))
            .replacingOccurrences(of: ": error: ", with: ": ")
    }
}

/// What a plan fails with: the lines of a spec's errors, as ``errors(_:catalog:)`` has them, or
/// another error's text; empty where it does not fail.
func planErrors(_ body: () throws -> ExperimentPlan) -> [String] {
    do {
        _ = try body()
        return []
    } catch let error as SpecError {
        return lines(error)
    } catch {
        return ["\(error)"]
    }
}

/// An environment that finds no data and downloads none.
func isolated(_ folder: String = "/nonexistent") -> DataEnvironment {
    DataEnvironment(workingDirectory: folder, variables: [:], allowsDownloads: false)
}

func plan(
    _ text: String, catalog: Catalog = .builtIn, in environment: DataEnvironment = isolated()
) throws -> ExperimentPlan {
    try Planner(catalog: catalog, options: RunOptions(threads: 1, environment: environment))
        .plan(try decode(text, catalog: catalog))
}

/// Threads of a run that asks for no number: one, or `TFRS_TEST_THREADS`, with which the thread
/// sanitizer sees every experiment on several. No result depends on it.
private let defaultThreads =
    ProcessInfo.processInfo.environment["TFRS_TEST_THREADS"].flatMap(Int.init) ?? 1

func run(_ text: String, threads: Int? = nil, stop: StopRequest = StopRequest()) throws
    -> ExperimentResults
{
    try Experiment(
        catalog: .builtIn,
        options: RunOptions(
            threads: threads ?? defaultThreads, environment: isolated()),
        stop: stop
    ).run(try decode(text))
}
