import Foundation
import ResultsFormat
import Testing

/// Pages, lists and logs of what was run, as the commands make them.
struct ReportTests {
    private static let evaluated = """
        evaluate: {every: 1, on: test, per_query: one.per_query}
        metrics: {factorized: [{type: recall}, {type: mrr}]}

        """

    private static func spec(name: String = "small") -> String {
        Specs.small(name: name, epochs: 3, evaluated)
    }

    @Test func aRunHasAPage() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(name: "<b>'small'&"), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "one.json").code == 0)
            let report = try tool("report", "one.json")
            #expect(report.code == 0, "\(report.errors)")
            #expect(report.output == "report.html\n")
            let html = try tool.contents(of: "report.html")
            #expect(html.hasPrefix("<!doctype html>\n") && html.hasSuffix("</html>\n"))
            #expect(html.contains("&lt;b&gt;&#39;small&#39;&amp;"))
            #expect(!html.contains("<b>'small'"))
            // The exact figures.
            let document = try tool.document("one.json")
            let metrics = try #require(document.evaluation["test"]?.metrics)
            for metric in metrics { #expect(html.contains("value=\"\(metric.value)\"")) }
            // What somebody chose is marked, what stands as by default is not.
            #expect(html.contains("<mark>  epochs: 3</mark>"))
            #expect(html.contains("\n  reshuffle: true\n"))
            #expect(html.contains("tfrs-run run one.json"))
            #expect(document.environment.started?.hasSuffix("Z") == true)
            #expect(document.profile?.evaluation["test"]?.examples.isEmpty == false)
        }
    }

    /// Where a run keeps its page by itself; neither results nor digests know of it.
    @Test func specsAskForPages() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(), to: "plain.yaml")
            try tool.write(Self.spec() + "output: {report: page.html}\n", to: "spec.yaml")
            #expect(try tool("plain.yaml", "-q", "--output", "plain.json").code == 0)
            #expect(try tool("spec.yaml", "-q", "--output", "one.json").code == 0)
            #expect(try tool.contents(of: "page.html").contains("How to reproduce it"))
            let digests = try ["plain.json", "one.json"].map { try tool.document($0).digest }
            #expect(digests[0] == digests[1] && digests[0] != nil)
            #expect(try tool.json("one.json")["experiment"]?["spec"]?["output"] == nil)

            let clash = try tool("spec.yaml", "-q", "--set", "output.report=spec.yaml")
            #expect(clash.code == 2)
            #expect(clash.errors.contains("output.report would overwrite 'spec.yaml'"))
        }
    }

    @Test func aSweepAndAGateHavePages() throws {
        try Tool.run { tool in
            let sweep = """
                sweep: {grid: {train.optimizer.learning_rate: [0.05, 0.2]}, seeds: [1, 2]}
                output: {report: sweep.html}

                """
            try tool.write(Specs.small(epochs: 1, sweep), to: "sweep.yaml")
            #expect(try tool("sweep.yaml", "-q", "--output", "sweep").code == 0)
            let html = try tool.contents(of: "sweep.html")
            #expect(html.contains("4 of 4 COMPLETED") && html.contains("Which settings matter"))
            #expect(try tool("report", "sweep", "--output", "again.html").code == 0)
            #expect(try tool.contents(of: "again.html") == html)

            try tool.write(Self.spec(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "one.json").code == 0)
            #expect(try tool("accept", "one.json", "--baseline", "base.json", "-q").code == 0)
            #expect(
                try tool(
                    "spec.yaml", "-q", "--output", "two.json", "--set",
                    "train.optimizer.learning_rate=0.0001"
                ).code == 0)
            let check = try tool(
                "check", "two.json", "--baseline", "base.json", "--report", "gate.html", "--json",
                "gate.json")
            let gate = try tool.contents(of: "gate.html")
            #expect(gate.contains("Differences and what is allowed"), "\(check.errors)")
            #expect(try tool("report", "gate.json", "--output", "gate2.html").code == 0)
            let moved = try tool.json("gate.json")["cases"]?[0]?["moved"]?.arrayValue
            #expect(moved?.isEmpty == false)
        }
    }

    /// Never half a page: an error that says what is wrong, and the page of before.
    @Test func whatIsNoResultsIsRefused() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "one.json").code == 0)
            #expect(try tool("accept", "one.json", "--baseline", "base.json", "-q").code == 0)
            let text = try tool.contents(of: "one.json")
            try tool.write(String(text.prefix(text.count / 2)), to: "half.json")
            try tool.write("{\"a\": 1}", to: "foreign.json")
            try tool.write(
                text.replacing("\"schema_version\": 1", with: "\"schema_version\": 99"),
                to: "future.json")
            try tool.write(
                text.replacing("\"seed\": 42", with: "\"seed\": \"x\""), to: "typed.json")
            try tool.write("{\"kind\": \"check\", \"schema_version\": 1}", to: "check.json")
            try tool.write("TFRSPQ1\n\u{1}", to: "short.per_query")
            try tool.write("before", to: "report.html")
            for (file, words) in [
                ("half.json", "half.json:"), ("foreign.json", "schema_version is missing"),
                ("future.json", "only versions 1 to"), ("typed.json", "seed must be"),
                ("check.json", "outcome is missing"), ("short.per_query", "cut off"),
                ("base.json", "is a baseline"), ("absent.json", "cannot read 'absent.json'"),
                ("spec.yaml", "'spec.yaml': it is a spec, so it seems"),
            ] {
                let outcome = try tool("report", "one.json", file)
                #expect(outcome.code == 2, "\(file): \(outcome.errors)")
                #expect(outcome.errors.contains(words), "\(file): \(outcome.errors)")
                #expect(outcome.output == "")
                #expect(try tool.contents(of: "report.html") == "before")
            }
            // Changed results are shown, with what to think of them.
            try tool.write(text.replacing("\"seed\": 42", with: "\"seed\": 43"), to: "changed.json")
            #expect(try tool("report", "changed.json").code == 0)
            #expect(try tool.contents(of: "report.html").contains("Do not trust this file"))
            #expect(try tool("report", "one.json", "--picture", "one.png").code == 2)
            let clash = try tool("report", "one.json", "--output", "one.json")
            #expect(clash.code == 2 && clash.errors.contains("would overwrite"))
        }
    }

    @Test func runsAreListed() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(), to: "spec.yaml")
            for rate in ["0.1", "0.2"] {
                let run = try tool(
                    "spec.yaml", "-q", "--output", "results/\(rate).json", "--set",
                    "train.optimizer.learning_rate=\(rate)")
                #expect(run.code == 0)
            }
            try tool.write("{\"schema_version\": 1}", to: "results/other.json")
            try tool.write("{\"$schema\": \"a\"}", to: "results/schema.json")
            try tool.write("{\"schema_version\": 1, \"kind\": \"baseline\"}", to: "results/b.json")
            try tool.write("{}", to: "results/experiment.schema.json")
            try tool.write("{\"a\": ]", to: "results/broken.json")
            try tool.write("{\"schema_version\": 1}", to: "results/.build/other.json")
            try tool.write("{}", to: "results/a.model/model.json")
            try tool.write("", to: "results/a.model/parameters.safetensors")
            try tool.write(
                Specs.small() + "\nsweep: {seeds: [1, 2]}\n", to: "sweep.yaml")
            #expect(try tool("sweep.yaml", "-q", "--output", "sweep").code == 0)
            try FileManager.default.removeItem(atPath: tool.work + "/sweep/trials/seed=1.json")
            let damaged = try tool("runs", "sweep", "--format", "csv")
            #expect(damaged.code == 0 && damaged.errors.contains("passed over: cannot read"))
            #expect(damaged.output.split(separator: "\n").count == 2)
            #expect(try tool("runs", "sweep/sweep.json").code == 2)

            let list = try tool("runs", "results", "--format", "json", "--sort", "file")
            #expect(list.code == 0)
            #expect(list.errors.contains("passed over: results/other.json"))
            // What is known to be no results is not worth a word.
            #expect(list.errors.split(separator: "\n").count == 1, "\(list.errors)")
            let rows = try #require(try JSONValue(parsing: list.output).arrayValue)
            #expect(rows.map { $0["file"] } == ["results/0.1.json", "results/0.2.json"])
            #expect(rows.map { $0["differs"] } == ["learning_rate=0.1", "learning_rate=0.2"])
            let chosen = try tool(
                "runs", "results", "--filter", "train.optimizer.learning_rate>0.15", "--format",
                "csv")
            #expect(chosen.output.split(separator: "\n").count == 2)
            let descending = try tool(
                "runs", "results", "--sort", "-train.optimizer.learning_rate", "--format", "csv")
            #expect(descending.output.split(separator: "\n")[1].hasSuffix("results/0.2.json"))
            let unknown = try tool("runs", "results", "--sort", "nothing")
            #expect(unknown.code == 2 && unknown.errors.contains("no run has 'nothing'"))
            #expect(try tool("runs", "results", "--filter", "what").code == 2)
            #expect(
                rows.allSatisfy { row in
                    (row.objectValue?.keys ?? []).contains { $0.hasPrefix("test.") }
                })
            let misspelt = try tool("runs", "results", "--metric", "recal@10")
            #expect(misspelt.code == 2)
            #expect(misspelt.errors.contains("no run has the figure 'recal@10'; "))
            try FileManager.default.createDirectory(
                atPath: tool.work + "/none", withIntermediateDirectories: true)
            let none = try tool("runs", "none")
            #expect(none.code == 0 && none.errors == "tfrs-run: no results in none\n")

            let files = ["results/0.1.json", "results/0.2.json"]
            let table = try tool("diff", files[0], files[1], "--format", "csv")
            #expect(table.output.contains("spec,train.optimizer.learning_rate,0.1,0.2,0.1\n"))
            #expect(try tool("diff", files[0], files[1]).output.contains("0.1 -> 0.2"))
            let three = try tool("diff", files[0], files[1], files[0], "--format", "md")
            #expect(three.code == 0 && three.output.hasPrefix("| kind | what | "))
        }
    }

    @Test func runsAreLoggedForTensorBoard() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(), to: "spec.yaml")
            for _ in 1...2 {
                let run = try tool(
                    "spec.yaml", "-q", "--output", "one.json", "--tensorboard", "logs")
                #expect(run.code == 0, "\(run.errors)")
            }
            // The same results again are the same log.
            #expect(tool.names(in: "logs/small").count == 1)
            #expect(tool.names(in: "logs/small")[0].hasPrefix("events.out.tfevents."))
        }
    }

    @Test func aServerThatIsDownCostsAWarning() throws {
        try Tool.run { tool in
            try tool.write(Self.spec(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "one.json").code == 0)
            let missing = try tool("publish", "one.json")
            #expect(missing.code == 2 && missing.errors.contains("MLFLOW_TRACKING_URI"))
            for url in ["nowhere", "http://user:secret@127.0.0.1:1", "file:///etc/passwd"] {
                let wrong = try tool("publish", "one.json", "--mlflow", url)
                #expect(wrong.code == 1)
                #expect(wrong.errors.contains("not published"), "\(wrong.errors)")
            }
        }
    }
}
