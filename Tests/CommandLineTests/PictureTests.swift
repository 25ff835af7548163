import TestSupport
import Testing

/// The README's picture is what the tool draws.
struct PictureTests {
    @Test func thePictureIsFresh() throws {
        try Tool.run { tool in
            try tool.write(
                try Repository.text(of: "experiments/quickstart.yaml"), to: "quickstart.yaml")
            let run = try tool(
                "run", "quickstart.yaml", "--quiet", "--output", "quickstart.json", "--set",
                "data.split.train=14000", "--set", "data.split.validation=2000", "--set",
                "train.epochs=10", "--set", "evaluate.every=1")
            #expect(run.code == 0, "\(run.errors)")
            let report = try tool("report", "quickstart.json", "--picture", "report.svg")
            #expect(report.code == 0, "\(report.errors)")
            let isFresh =
                try tool.contents(of: "report.svg") == Repository.text(of: "docs/report.svg")
            #expect(isFresh, "docs/report.svg is stale; renew it by scripts/generate")
        }
    }
}
