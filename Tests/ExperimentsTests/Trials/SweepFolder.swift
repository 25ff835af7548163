import Experiments
import ResultsFormat
import Retrieval
import TestSupport

/// A folder with the spec of a small sweep, where it is run.
struct SweepFolder {
    private let folder: TemporaryFolder
    let file: ExperimentFile

    /// - Parameters:
    ///   - data: in place of 300 synthetic interactions.
    ///   - more: further sections, among them the sweep.
    init(
        name: String = "sample", data: String? = nil,
        split: String = "{train: 240, test: 60}", more: String
    ) throws {
        folder = try TemporaryFolder()
        let synthetic =
            "{source: synthetic, users: 24, items: 30, interactions: 300, split: \(split)}"
        let path = try folder.write(
            "spec.yaml",
            """
            name: \(name)
            data: \(data ?? synthetic)
            \(SmallSpec.towers)
            train: {epochs: 2, batch_size: 64, optimizer: {type: adagrad, learning_rate: 0.1}}
            \(more)
            """)
        file = try SpecReader(catalog: .builtIn).readFile(path: path)
    }

    var path: String { folder.path }
    var names: [String] { folder.names }
    var trials: [String] { folder.names(in: "trials") }

    func index() throws -> SweepIndex {
        var index = try ResultsFile.read(from: path + "/sweep.json") {
            json throws(ResultsDecodingError) in try SweepIndex(json: json)
        }
        index.specPath = nil
        return index
    }

    /// The index of a sweep that nothing happens to.
    static func undisturbed(more: String) throws -> SweepIndex {
        let folder = try SweepFolder(more: more)
        _ = try folder.run(TrialScript())
        return try folder.index()
    }

    func run(
        _ script: TrialScript, jobs: Int = 1, options: SweepRunOptions? = nil,
        folder: String? = nil, program: String? = "program", memoryLimit: Int? = nil,
        stop: StopRequest = StopRequest(), _ observe: @escaping (SweepEvent) -> Void = { _ in }
    ) throws -> SweepOutcome {
        let runOptions = RunOptions(
            environment: isolated(), memoryLimit: memoryLimit,
            memoryLimitIsGiven: memoryLimit != nil)
        var run = SweepRun(
            file, folder: folder ?? path, catalog: .builtIn,
            options: options ?? SweepRunOptions(jobs: jobs), runOptions: runOptions,
            program: program, stop: stop, observe: observe
        ) { launch in
            try script.start(launch)
        }
        return try run.run()
    }

    /// Replaces a text in one of the files.
    func change(_ name: String, _ old: String, _ new: String) throws {
        let text = try TemporaryFolder.text(path + "/" + name)
        try folder.write(name, text.replacing(old, with: new, maxReplacements: 1))
    }
}
