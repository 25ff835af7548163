import Foundation
import ResultsFormat
import Testing

/// Specs of strangers, held to their folders and to what they may spend.
@Suite struct UntrustedTests {
    private static func spec(_ path: String) -> String {
        let towers = Specs.small().split(separator: "\n").filter {
            $0.contains("towers") || $0.contains("string_lookup")
        }.joined(separator: "\n")
        return """
            name: stranger
            data:
              source: csv
              interactions: {path: "\(path)", columns: [{name: rating, type: float}]}
              split: {train: 2, test: 2}
            \(towers)
            train: {batch_size: 2}

            """
    }

    private static let rows = "user_id,item_id,rating\na,b,1\nc,d,2\na,d,3\nc,b,4\n"

    private func withTool(_ body: (Tool) throws -> Void) throws {
        try Tool.run { tool in
            for folder in ["pull", "data", "private"] {
                try FileManager.default.createDirectory(
                    atPath: tool.work + "/" + folder, withIntermediateDirectories: true)
            }
            try tool.write(Self.rows, to: "pull/own.csv")
            try tool.write(Self.rows, to: "data/shared.csv")
            try tool.write(Self.rows, to: "private/x.csv")
            try tool.write(Self.rows.replacing("4", with: "hunter2"), to: "data/bad.csv")
            try FileManager.default.createSymbolicLink(
                atPath: tool.work + "/pull/link.csv", withDestinationPath: "../private/x.csv")
            try FileManager.default.createSymbolicLink(
                atPath: tool.work + "/pull/folder", withDestinationPath: "../private")
            try body(tool)
        }
    }

    @Test(arguments: [
        ("pull/own.csv", true), ("data/shared.csv", true), ("private/x.csv", false),
        ("pull/link.csv", false), ("pull/folder/x.csv", false), ("pull/*k.csv", false),
        ("private/*", false), ("pull/fold*/*", false), ("pull/../priv*/*.csv", false),
        ("/*/*/*/*/*/*.csv", false), ("data/sh*.csv", true),

        ("pull/../private/x.csv", false), ("data/../pull/own.csv", true), ("pull/o*.csv", true),
    ])
    func files(path: String, isRead: Bool) throws {
        try withTool { tool in
            try tool.write(Self.spec(path), to: "pull/spec.yaml")
            for command in ["run", "plan", "describe"] {
                let outcome = try tool(
                    command, "pull/spec.yaml", "--untrusted", "--allow-data", "data")
                #expect(outcome.code == (isRead ? 0 : 5), "\(outcome.errors)")
                #expect(isRead || outcome.errors.contains("--untrusted"), "\(outcome.errors)")
                // A pattern tells no names.
                #expect(isRead || !path.contains("*") || !outcome.errors.contains("x.csv"))
            }
            // Whoever trusts the spec reads them all.
            if !path.hasPrefix("/") { #expect(try tool("pull/spec.yaml").code == 0) }
        }
    }

    /// Whatever reads a file keeps to the folders: each place of a spec that names one.
    @Test(arguments: [
        ("source: csv", "source: jsonl", "private/x.jsonl"),
        ("interactions: {path: \"FILE\"", "interactions: {path: pull/own.csv", ""),
        (
            "interactions: {path: \"FILE\"",
            "users: {path: FILE}\n  interactions: {path: pull/own.csv", "private/x.csv"
        ),
        (
            "interactions: {path: \"FILE\"",
            "items: {path: FILE}\n  interactions: {path: pull/own.csv", "private/x.csv"
        ),
        (
            "interactions: {path: \"FILE\"", "interactions: {test_path: FILE, path: pull/own.csv",
            "private/x.csv"
        ),
        ("source: csv", "source: parquet", "private/x.parquet"),
        (
            "source: csv\n  interactions: {", "source: sqlite\n  interactions: {table: t, ",
            "private/x.sqlite"
        ),
        (
            "output_dim: 4", "output_dim: 2, weights: {path: FILE, tokens: pull/tokens.txt}",
            "private/x.npy"
        ),
        (
            "output_dim: 4", "output_dim: 2, weights: {path: pull/x.npy, tokens: FILE}",
            "private/tokens.txt"
        ),
        ("output_dim: 4", "output_dim: 2, weights: {path: FILE}", "private/x.safetensors"),
        ("output_dim: 4", "output_dim: 2, weights: {path: FILE}", "private/x.txt"),
        (
            "split: {train: 2, test: 2}",
            "split: {strategy: index_files, train_rows: FILE, test_rows: FILE}", "private/rows.txt"
        ),
    ])
    func everyReaderKeepsToTheFolders(old: String, new: String, file: String) throws {
        try withTool { tool in
            for name in [
                "x.jsonl", "x.parquet", "x.sqlite", "x.npy", "tokens.txt", "x.safetensors",
                "x.txt", "rows.txt",
            ] {
                for folder in ["pull", "private"] {
                    try tool.write("whatever hunter2 is", to: folder + "/" + name)
                }
            }
            // Files of parts are read for the split that takes them alone.
            let split = new.contains("test_path") ? "split: {train: 2, test: 2}" : "no such text"
            let text = Self.spec("FILE").replacing(old, with: new).replacing(
                "FILE", with: file.isEmpty ? "pull/own.csv" : file
            ).replacing(split, with: "split: files")
            try tool.write(text, to: "pull/spec.yaml")
            let outcome = try tool("plan", "pull/spec.yaml", "--untrusted")
            #expect(outcome.code != 0 || file.isEmpty, "\(outcome.errors)")
            let isKept = ["--untrusted", "--traits SQLite"].contains { outcome.errors.contains($0) }
            #expect(isKept || file.isEmpty, "\(outcome.errors)")
            #expect(!outcome.errors.contains("hunter2"), "\(outcome.errors)")
        }
    }

    /// Sweeps run, go on and are checked as others are: what trials wrote is read.
    @Test func sweepsAreRunAndChecked() throws {
        try withTool { tool in
            try tool.write(
                Specs.small(epochs: 1) + "sweep: {seeds: [1, 2]}\n", to: "pull/sweep.yaml")
            for _ in 0..<2 {
                let run = try tool("pull/sweep.yaml", "-q", "--untrusted", "--output", "out")
                #expect(run.code == 0, "\(run.errors)")
            }
            #expect(try tool("accept", "out", "--baseline", "base.json").code == 0)
            let check = try tool(
                "check", "pull/sweep.yaml", "-q", "--untrusted", "--baseline", "base.json")
            #expect(check.code == 0, "\(check.output)\(check.errors)")
            #expect(check.output.contains("PASS: "), "\(check.output)")
        }
    }

    /// Links that came with a spec lead no output to another place.
    @Test func linksLeadNoOutputAway() throws {
        try withTool { tool in
            let files = FileManager.default
            func link(_ path: String, to target: String) throws {
                let whole = tool.work + "/" + path
                try? files.removeItem(atPath: whole)
                try files.createDirectory(
                    atPath: (whole as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
                try files.createSymbolicLink(atPath: whole, withDestinationPath: target)
            }
            let sweep = Specs.small(epochs: 1) + "sweep: {seeds: [1]}\n"
            try tool.write(Specs.small(epochs: 1), to: "pull/spec.yaml")
            try tool.write(sweep, to: "pull/sweep.yaml")
            let before = try files.contentsOfDirectory(atPath: tool.work + "/private")
            for (path, target, spec) in [
                ("results", "private", "spec"), ("results", "private", "sweep"),
                ("results/small", "../private", "sweep"),
                ("results/small/trials", "../../private", "sweep"),
            ] {
                try? files.removeItem(atPath: tool.work + "/results")
                try link(path, to: target)
                let outcome = try tool("pull/\(spec).yaml", "-q", "--untrusted")
                #expect(outcome.code == 2, "\(path): \(outcome.errors)")
                #expect(outcome.errors.contains("'\(path)' is a link"), "\(outcome.errors)")
                #expect(
                    try files.contentsOfDirectory(atPath: tool.work + "/private") == before,
                    "\(path)")
                try files.removeItem(atPath: tool.work + "/results")
            }
            // A link in the place of a file is replaced.
            try tool.write("mine", to: "private/file")
            for name in ["sweep.json", "sweep.csv", "trials/seed=1.log", "trials/seed=1.json"] {
                try link("out/" + name, to: tool.work + "/private/file")
            }
            let outcome = try tool("pull/sweep.yaml", "-q", "--untrusted", "--output", "out")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try tool.contents(of: "private/file") == "mine")
        }
    }

    @Test func extendsAndEnvironment() throws {
        try withTool { tool in
            try tool.write(Self.spec("${DATA:-pull}/own.csv"), to: "private/base.yaml")
            try tool.write("extends: ../private/base.yaml\n", to: "pull/spec.yaml")
            let outcome = try tool("validate", "pull/spec.yaml", "--untrusted")
            #expect(outcome.code == 2 && outcome.errors.contains("--untrusted"))
            #expect(try tool("validate", "pull/spec.yaml").code == 0)

            try tool.write(Self.spec("${SECRET}"), to: "pull/spec.yaml")
            let secret = try tool(
                "validate", "pull/spec.yaml", "--untrusted", environment: ["SECRET": "hunter2"])
            #expect(secret.code == 2 && !secret.errors.contains("hunter2"))
        }
    }

    /// What a variable holds is for the run, and not for who reads its results.
    @Test func resultsNameVariablesAndNotTheirValues() throws {
        try withTool { tool in
            try tool.write(Self.spec("${FOLDER}/own.csv"), to: "pull/spec.yaml")
            let folder = tool.work + "/pull"
            let outcome = try tool(
                "pull/spec.yaml", "--output", "a.json", environment: ["FOLDER": folder])
            #expect(outcome.code == 0, "\(outcome.errors)")
            let text = try tool.contents(of: "a.json")
            #expect(text.contains("${FOLDER}/own.csv") && !text.contains(folder))
        }
    }

    @Test func dataIsNotQuoted() throws {
        try withTool { tool in
            try tool.write(Self.spec("data/bad.csv"), to: "pull/spec.yaml")
            let shown = try tool("pull/spec.yaml")
            #expect(shown.code == 5 && shown.errors.contains("hunter2"))
            let hidden = try tool("pull/spec.yaml", "--untrusted", "--allow-data", "data")
            #expect(hidden.code == 5 && !hidden.errors.contains("hunter2"))
            #expect(hidden.errors.contains("data/bad.csv:5:"))
        }
    }

    @Test func figuresStandBesideTheResults() throws {
        try withTool { tool in
            try tool.write(
                Self.spec("pull/own.csv") + "evaluate: {per_query: /tmp/tfrs-not-here/x}\n",
                to: "pull/spec.yaml")
            let outcome = try tool("pull/spec.yaml", "--untrusted", "--output", "out/a.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(tool.names(in: "out") == ["a.json", "a.per_query"])
        }
    }

    @Test func aCheckOfAPullRequest() throws {
        try withTool { tool in
            try tool.write(Self.spec("data/shared.csv"), to: "pull/spec.yaml")
            #expect(try tool("pull/spec.yaml", "--output", "a.json").code == 0)
            #expect(try tool("accept", "a.json", "--baseline", "ci/baseline.json").code == 0)
            let outcome = try tool(
                "check", "pull/spec.yaml", "--baseline", "ci/baseline.json", "--untrusted",
                "--allow-data", "data", "--memory-limit", "4GB", "--time-limit", "20m")
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
    }

    // MARK: What is spent

    @Test func sweepsOfManyTrials() throws {
        try withTool { tool in
            let seeds = (0..<65).map(String.init).joined(separator: ", ")
            try tool.write(Specs.small("sweep: {seeds: [\(seeds)]}"), to: "pull/spec.yaml")
            let outcome = try tool("pull/spec.yaml", "--untrusted")
            #expect(outcome.code == 2 && outcome.errors.contains("--max-trials allows 64"))
            let two = try tool("pull/spec.yaml", "--max-trials", "2")
            #expect(two.code == 2 && two.errors.contains("--max-trials allows 2"))
        }
    }

    @Test func aRunThatWouldTakeTooLong() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(epochs: 1_000_000_000), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--time-limit", "30s", "--output", "a.json")
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("--time-limit allows 30 s"), "\(outcome.errors)")
            #expect(outcome.errors.contains("spec.yaml:"))
        }
    }

    /// Each trial is short and all of them are long: the sweep ends, and goes on without the limit.
    @Test func aSweepThatTakesTooLong() throws {
        try Tool.run { tool in
            let seeds = (0..<200).map(String.init).joined(separator: ", ")
            try tool.write(
                Specs.small(epochs: 1, "sweep: {seeds: [\(seeds)], max_runs: 200}"),
                to: "spec.yaml")
            let outcome = try tool(
                "spec.yaml", "--time-limit", "5s", "--output", "sweep", "--jobs", "1")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("--time-limit allows 5.0 s"), "\(outcome.errors)")
            let trials = try SweepIndex(json: tool.json("sweep/sweep.json")).trials
            #expect(trials.contains { $0.status == .pending || $0.status == .interrupted })
        }
    }

    @Test func aModelThatIsTooLarge() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small().replacing("output_dim: 4", with: "output_dim: 65536")
                    .replacing("items: 120", with: "items: 2000"), to: "spec.yaml")
            for command in ["run", "plan"] {
                let outcome = try tool(command, "spec.yaml", "--memory-limit", "200MB")
                #expect(outcome.code == 2, "\(outcome.errors)")
                #expect(outcome.errors.contains("190 MiB"), "\(outcome.errors)")
                #expect(outcome.errors.contains("spec.yaml:"))
            }
        }
    }

    /// Under the system's own limit of three gigabytes there is an error and no abort.
    @Test(arguments: [
        "layers: [{type: dense, units: 65536}, {type: dense, units: 65536}]",
        "layers: [{type: multi_head, heads: 64, units: 16384}, {type: dense, units: 4}]",
    ])
    func layersThatAreTooLarge(layers: String) throws {
        try Tool.run { tool in
            let spec = Specs.small().replacing(
                "query: {features:", with: "query: {\(layers), features:")
            try tool.write(spec, to: "spec.yaml")
            var shell = tool
            shell.executable = "/bin/sh"
            let outcome = try shell(
                "-c", "ulimit -v 3000000; exec '\(Tool.path(of: "tfrs-run"))' spec.yaml")
            #expect(outcome.code == 2 || outcome.code == 0, "\(outcome.errors)")
        }
    }
}
