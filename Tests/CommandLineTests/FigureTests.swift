import Foundation
import ResultsFormat
import Testing

/// Wherever figures are shown, it is said what they are.
struct FigureTests {
    private static let spec = Specs.small(
        """
        metrics:
          factorized: [mean_rank, {type: novelty, ks: [10]}, {type: recall, ks: [5]}]
          batch: [{type: recall, top_k: 3}]
        evaluate: {every: 1}
        """
    ).replacing("{train: 240, test: 60}", with: "{train: 220, validation: 20, test: 60}")

    /// The summary says which way a figure is better, what it counts and what it can be.
    @Test func summariesSayIt() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            let errors = try tool("spec.yaml", "--output", "r.json").errors
            let lines = errors.split(separator: "\n")
            func line(_ start: String) -> String {
                lines.first { $0.hasPrefix("  " + start) }.map(String.init) ?? ""
            }
            #expect(line("mean_rank ↓ ").hasSuffix("  (at least 1)"), "\(errors)")
            #expect(line("novelty@10 ").contains(" bits  ["), "\(errors)")
            #expect(line("recall@5 ↑ ").contains("  most_popular "), "\(errors)")
        }
    }

    /// Every figure of every epoch is described, outside the digest.
    @Test func epochsSayIt() throws {
        try Tool.run { tool in
            try tool.write(Self.spec, to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "r.json").code == 0)
            let training = try #require(try tool.document("r.json").training)
            let names = training.epochs.flatMap { $0.metrics.keys } + ["loss", "batch_loss_mean"]
            #expect(names.contains("val_recall@5") && names.contains("val_loss"))
            for name in names {
                let figure = try #require(training.figures[name], "\(name)")
                #expect(figure.better != nil && figure.definition != nil, "\(name)")
            }
            #expect(training.figures["val_mean_rank"]?.direction == .minimize)
            let json = try tool.json("r.json")
            let digest = try ResultsDocument.digest(of: json)
            #expect(json["digest"]?.stringValue == digest)
            #expect(
                try ResultsDocument.digest(of: json.removing(["training", "figures"])) == digest)
        }
    }

    /// The index of a sweep describes every figure of its trials, and so does the table beside its
    /// table; joined parts do too.
    @Test func sweepsSayIt() throws {
        try Tool.run { tool in
            try tool.write(Self.spec + "sweep: {seeds: [1, 2]}\n", to: "spec.yaml")
            for shard in ["1/2", "2/2"] {
                let part = try tool("spec.yaml", "-q", "--output", "out", "--shard", shard)
                #expect(part.code == 0, "\(part.errors)")
            }
            #expect(try tool("collect", "out").code == 0)
            for name in ["sweep", "sweep-1-of-2"] {
                let index = try SweepIndex(json: try tool.json("out/\(name).json"))
                let metrics = try #require(index.trials.first?.metrics["test"]?.keys)
                #expect(metrics.contains("novelty@10"))
                for metric in metrics {
                    #expect(index.figures[metric]?.better != nil, "\(metric)")
                }
                let columns = try tool.contents(of: "out/\(name).csv").split(separator: "\r\n")[0]
                    .split(separator: ",").filter { $0.hasPrefix("test.") }
                let rows = try tool.contents(of: "out/\(name)-figures.csv")
                    .split(separator: "\r\n").filter { $0.hasPrefix("test.") }
                #expect(columns == rows.map { $0.prefix { $0 != "," } }, "\(columns)")
                #expect(rows.contains { $0.hasPrefix("test.mean_rank,lower,1.0,,") }, "\(rows)")
                #expect(rows.contains { $0.hasPrefix("test.recall@5,higher,0.0,1.0,,5,recall,") })
                #expect(rows.contains { $0.hasPrefix("test.novelty@10,neither,0.0,,bits,10,") })
            }
        }
    }
}
