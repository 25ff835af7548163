import Foundation
import TestSupport
import Testing

/// The floors of every module, and of some of its rooms, from the ground up: the order in which to
/// read them.
///
/// A folder knows those below it, and nothing else; a new folder is entered here. Where a use goes
/// up, the thing used stands too high, or the user too low: move one of them, or have what is
/// above handed down, as components hand a layer its initializer.
@Suite struct FloorsTests {
    static let floors: [String: [[String]]] = [
        "Retrieval": [
            ["Declarations", "Numerics"],
            ["Distribution"],
            ["Data", "Indexes", "Losses"],
            ["Metrics", "Model", "Preprocessing"],
            ["Embeddings", "Initializers", "Optimizers", "Sampling"],
            ["Baselines", "Features", "Layers", "Scoring"],
            ["Evaluation", "Sequences", "Task"],
            ["Catalog", "Export", "Training"],
        ],
        "Retrieval/Data": [
            ["."],
            ["Cells"],
            ["Tables"],
            ["Files"],
            ["Splits", "Synthetic"],
            ["Filters", "Reading"],
            ["MovieLens", "Parquet", "SQLite"],
            ["Samples"],
        ],
        "Retrieval/Layers": [["Activations"], ["."]],
        "Retrieval/Metrics": [["."], ["Batch", "Factorized", "Loss"]],
        "Experiments": [
            ["Host", "ModelFiles", "Statistics", "Text"],
            ["Spec"],
            ["Plan", "Sweep"],
            ["Run"],
            ["Report"],
            ["SavedModel"],
            ["."],
            ["Preview", "Trials"],
            ["Describe", "Export", "Gate", "Reference"],
        ],
        "Experiments/Gate": [["."], ["Reports"]],
        "Parquet": [
            ["Bytes"],
            ["Encodings", "Thrift"],
            ["Format"],
            ["Compression"],
            ["Reading", "Writing"],
            ["."],
        ],
        "ResultsFormat": [
            ["JSON"],
            ["Document"],
            ["Files", "Schema", "Sweeps"],
            ["Baselines", "Models", "PerQuery"],
        ],
        "Reporting": [
            ["Markup"],
            ["Plots"],
            ["Page"],
            ["Gate", "MLflow", "Runs", "Sweeps", "TensorBoard"],
            ["Listing"],
            ["Input"],
        ],
        "CommandLineTool": [
            ["Terminal"],
            ["Options"],
            ["Sweeping"],
            ["Gate", "Reports"],
            ["Commands"],
            ["Models"],
            ["."],
        ],
    ]

    @Test(arguments: floors.keys.sorted())
    func nothingUsesWhatStandsHigher(module: String) throws {
        var foreign: Set = ["filter", "main", "prefix"]
        for other in try Self.modules() {
            for (path, text) in try Self.sources(of: other)
            where !"\(other)/\(path)".hasPrefix(module + "/") {
                foreign.formUnion(SourceFile(text).allNames)
            }
        }
        let building = Building(
            floors: Self.floors[module] ?? [], sources: try Self.sources(of: module),
            foreign: foreign)
        #expect(building.misplaced == [], "enter new folders into FloorsTests.floors")
        let uses = building.upwardUses()
        #expect(uses == [], "\(uses.joined(separator: "\n"))")
    }

    /// Modules without folders have one floor; another module must be entered above. A folder of a
    /// module whose own folders have an order is entered by its path.
    @Test func everyModuleWithFoldersHasFloors() throws {
        for module in try Self.modules() where Self.floors[module] == nil {
            let paths = try Self.sources(of: module).map(\.path)
            #expect(paths.filter { $0.contains("/") } == [], "\(module) has folders")
        }
    }

    /// One folder knows the C kernels; benchmarks time them as they are.
    @Test func oneDoorLeadsToTheKernels() throws {
        var found = 0
        for module in try Self.modules() where module != "Benchmarks" {
            for (path, text) in try Self.sources(of: module) where text.contains("import CKernels")
            {
                found += 1
                #expect(
                    module == "Retrieval" && path.hasPrefix("Numerics/Kernels/"),
                    "\(module)/\(path) imports CKernels: Numerics/Kernels is the door to them")
            }
        }
        #expect(found > 0)
    }

    /// They are format, and stand in one list.
    @Test func randomStreamsAreNamedInOnePlace() throws {
        for module in ["Retrieval", "Experiments", "CommandLineTool"] {
            for (path, text) in try Self.sources(of: module) where text.contains("stream: \"") {
                Issue.record("\(module)/\(path) names a stream: StreamNames has the names")
            }
        }
    }

    /// What opens files otherwise than `RegularFile`, each for a reason: it writes, it looks at the
    /// system, at the program itself, or at what `RegularFile` has looked at just before.
    private static let openers: Set = [
        "Safeguards/RegularFile.swift",
        // Limits of the machine and the process group, which are no files of a disk.
        "Safeguards/MachineLimits.swift", "Experiments/Host/HostEnvironment.swift",
        // What killed runs left; links are not followed.
        "Safeguards/Unfinished.swift",
        // The folder of a download, and new files in it.
        "Retrieval/Data/Files/Workshop.swift", "Retrieval/Data/Files/NewFile.swift",
        "Retrieval/Data/Files/FileSystem.swift",
        // SQLite opens its files itself.
        "Retrieval/Data/SQLite/SQLiteDatabase.swift",
        "CommandLineTool/Reports/MLflowClient.swift", "ResultsFormat/Files/AtomicFolder.swift",
        "ResultsFormat/Files/FolderFile.swift",
        "ResultsFormat/Files/AtomicFile.swift", "ResultsFormat/Files/TemporaryFile.swift",
        // The program's own executable; the log of a trial; a schema beside a new spec.
        "Hashing/SHA256+Files.swift", "CommandLineTool/Sweeping/TrialProcess.swift",
        "CommandLineTool/Commands/InitCommand.swift", "Parquet/ParquetFile.swift",
        // The summary of a job, which is added to.
        "CommandLineTool/Gate/GateFiles.swift",
    ]

    /// Files that somebody names are opened by one type, which takes regular files alone and keeps
    /// to the folders of untrusted runs.
    @Test func oneDoorLeadsToFiles() throws {
        let opening =
            #/
            (?: ^ | [^A-Za-z_.] ) (?: (?: Glibc | Musl | Darwin ) \. )?
            (?: open | openat | fopen | opendir | gzopen | mmap | sqlite3_open_v2 ) \( ["\w.]
            | contentsOfFile: | Data\(contentsOf | FileHandle\(
            /#
        var found: Set<String> = []
        for module in try Self.modules() where module != "Benchmarks" {
            for (path, text) in try Self.sources(of: module) {
                let code = text.split(separator: "\n").filter {
                    !$0.trimmingPrefix(while: { $0 == " " }).hasPrefix("//")
                        && !$0.contains("func open")
                }
                guard code.contains(where: { $0.contains(opening) }) else { continue }
                found.insert("\(module)/\(path)")
            }
        }
        // Opening a store of scores or a node of a tree is something else.
        found.subtract([
            "Retrieval/Scoring/ScoringPass.swift", "YAMLTree/TreeBuilder.swift",
            "YAMLTree/Subtree.swift", "Parquet/Compression/SystemCodec.swift",
        ])
        let others = found.subtracting(Self.openers).sorted()
        #expect(others == [], "files that somebody names are opened by Safeguards.RegularFile")
        #expect(found.contains("Safeguards/RegularFile.swift"))
    }

    @Test func upwardUsesAreFound() {
        let low = """
            import Above // Higher
            struct Low { func f(_ x: Lower) -> Int { x.count + "\\(x.named.length)".count } }
            /* Highest */ let words = "Higher \\(raised(1))"
            """
        let high = """
            public struct Higher { public var length = 0; struct Low {} }
            enum Highest { case one }
            extension Lower { var named: Higher { Higher() }; private var hidden: Int { 1 } }
            func raised(_ x: Int) -> Int { x }
            """
        let building = Building(
            floors: [["Ground"], ["Roof"], ["Attic"]],
            sources: [
                ("Ground/Low.swift", low), ("Ground/Lower.swift", "struct Lower { var count = 0 }"),
                ("Ground/User.swift", "func use(_ x: Higher) { x.hidden }"),
                ("Roof/High.swift", high), ("Roof/Low.swift", "let low = Low()"),
            ])
        #expect(building.misplaced == ["Attic"])
        #expect(
            building.upwardUses() == [
                "Ground/Low.swift uses 'named' of Roof, which is not below Ground",
                "Ground/Low.swift uses 'raised' of Roof, which is not below Ground",
                "Ground/User.swift uses 'Higher' of Roof, which is not below Ground",
            ])
    }

    static func modules() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: Repository.file("Sources").path
        ).sorted()
    }

    /// The Swift files of a module with their paths within it.
    static func sources(of module: String) throws -> [(path: String, text: String)] {
        let root = Repository.file("Sources/\(module)")
        let files = FileManager.default.enumerator(atPath: root.path)
        var sources: [(path: String, text: String)] = []
        while let path = files?.nextObject() as? String {
            guard path.hasSuffix(".swift") else { continue }
            sources.append(
                (path, try String(contentsOf: root.appending(path: path), encoding: .utf8)))
        }
        return sources.sorted { $0.path < $1.path }
    }
}
