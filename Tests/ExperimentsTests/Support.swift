import Experiments
import Foundation
import Retrieval
import Testing
import YAMLTree

enum Sample {
    static let towers = """
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}
        """

    /// The least that a spec can say, five lines.
    static let minimal = "name: sample\ndata: {source: synthetic}\n" + towers + "\n"

    /// A spec on data so small that it runs in milliseconds, even without optimisation.
    static func small(
        train: String =
            "{epochs: 2, batch_size: 64, optimizer: {type: adagrad, learning_rate: 0.1}}",
        more: String = ""
    ) -> String {
        """
        name: sample
        data:
          source: synthetic
          users: 24
          items: 30
          interactions: 300
          split: {train: 240, test: 60}
        \(towers)
        train: \(train)
        \(more)
        """
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

/// A folder that is there for the time of a test.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "tfrs-experiments-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}
