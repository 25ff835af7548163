import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// Every experiment that comes with the tool is right and runs, shortened to an epoch, on generated
/// data in the place of data that would have to be downloaded.
struct ExperimentFilesTests {
    private static let files: [String] = {
        let folder = Repository.file("experiments").path(percentEncoded: false)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func thereAreExperiments() {
        #expect(Self.files.contains("movielens.yaml"))
        #expect(Self.files.contains("quickstart.yaml"))
    }

    /// An editor finds the schema by the first line.
    @Test(arguments: files)
    func beginsWithItsSchema(file: String) throws {
        let text = try Repository.text(of: "experiments/\(file)")
        let up = String(repeating: "../", count: file.split(separator: "/").count)
        #expect(
            text.hasPrefix(
                "# yaml-language-server: $schema=\(up)Schemas/experiment.schema.json\n"))
    }

    /// With the same digest, whether one process runs it or several ranks do.
    @Test(arguments: files)
    func runs(file: String) throws {
        let path = Repository.file("experiments/\(file)").path(percentEncoded: false)
        try withTemporaryFolder { folder in
            let log = folder + "/log.txt"
            try Self.log.write(toFile: log, atomically: true, encoding: .utf8)
            try runs(file, at: path, environment: ["AMAZON_VIDEO": log])
        }
    }

    /// Stands in for a file of a user that lists an item a line.
    private static let log: String = {
        var random = RandomStream(seed: 1, stream: "log")
        return (0..<60).map { user in
            (0..<random.below(12) + 1).map { _ in "\(user) \(random.below(200))\n" }.joined()
        }.joined()
    }()

    private func runs(_ file: String, at path: String, environment: [String: String]) throws {
        let catalog = standingIn()
        var spec = try SpecReader(catalog: catalog, environment: environment).read(path: path)
        // As few as may be, but so many that what is watched is seen.
        spec.train.epochs = spec.evaluate.every ?? 1
        let chosen = spec
        @Sendable func run(_ ranks: any Communicator) throws -> ExperimentResults {
            var options = RunOptions(
                threads: ranks.isAlone ? 1 : 2,
                environment: isolated(Repository.root.path(percentEncoded: false)))
            options.ranks = ranks
            return try Experiment(catalog: catalog, options: options).run(chosen)
        }
        let results = try run(SingleProcess())
        #expect(results.record.status == .completed)
        let spread = try InProcessRanks.run(4) { try run($0).digest }
        #expect(Set(spread) == [results.digest])
        #expect(results.record.epochs.count == spec.train.epochs)
        // Ranks among a hundred negatives are not those over the corpus.
        let warnings = results.plan.warnings.map(\.message)
        #expect(warnings.count == (file == "amazon-video-sasrec.yaml" ? 1 : 0), "\(warnings)")
        #expect(try #require(results.record.test).examples == results.plan.counts.test)
    }

    /// What is shown as good is better than no training, by the same protocol.
    @Test(arguments: ["quickstart.yaml", "own-data/own-data.yaml"])
    func beatsPopularity(file: String) throws {
        let path = Repository.file("experiments/\(file)").path(percentEncoded: false)
        let results = try Experiment(
            catalog: .builtIn,
            options: RunOptions(
                threads: 1,
                environment: isolated(Repository.root.path(percentEncoded: false)))
        ).run(try SpecReader(catalog: .builtIn).read(path: path))
        let record = try #require(results.record.test)
        let popular = try #require(record.baselines["most_popular"])
        let name = "factorized_top_k/top_10_categorical_accuracy"
        #expect(try #require(record.metrics[name]) > 1.5 * #require(popular[name]))
    }

    /// MovieLens always has a stand-in here.
    private func standingIn() -> Catalog {
        var catalog = Catalog.builtIn
        let entry = MovieLensChoice.entry
        catalog.dataSources.register(
            ComponentEntry(
                entry.description.name, summary: entry.description.summary,
                source: entry.description.source, fields: entry.description.fields
            ) { values in
                var source = try entry.make(values)
                if var choice = source as? MovieLensChoice {
                    choice.offline = .synthetic
                    source = choice
                }
                return source
            })
        return catalog
    }
}
