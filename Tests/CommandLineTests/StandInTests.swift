import Foundation
import ResultsFormat
import Testing

/// Runs without the data they ask for: openly on something else, or not at all.
struct StandInTests {
    @Test func aStandInIsAnnounced() throws {
        try Tool.run { tool in
            try tool.write(Specs.movielens(offline: "synthetic"), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "out.json")
            #expect(outcome.code == 0)
            #expect(outcome.output == "out.json\n")
            #expect(
                outcome.errors == """
                    tfrs-run: WARNING: movielens/100k cannot be had; running on GENERATED data in \
                    its place. The figures say nothing about movielens/100k.

                    """)
            let data = try #require(try tool.document("out.json").data)
            #expect(data.source == "synthetic")
            #expect(data.standInFor == "movielens/100k")
        }
    }

    @Test(arguments: [("synthetic", ["--require-data"]), ("error", [])])
    func noStandIn(offline: String, flags: [String]) throws {
        try Tool.run { tool in
            try tool.write(Specs.movielens(offline: offline), to: "spec.yaml")
            let outcome = try tool.start(["spec.yaml", "-q"] + flags).wait()
            #expect(outcome.code == 5)
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("tfrs-run: MovieLens 100K is neither on this machine"))
            #expect(outcome.errors.contains("TFRS_DATA_HOME: not set"))
            #expect(tool.names() == ["spec.yaml"])
        }
    }

    /// A folder that was named is meant: no stand-in for what it does not hold.
    @Test func aFolderWithoutTheData() throws {
        try Tool.run { tool in
            try tool.write(Specs.movielens(offline: "synthetic"), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--data-dir", "nowhere")
            #expect(outcome.code == 5)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("is not at the path given"))
        }
    }
}
