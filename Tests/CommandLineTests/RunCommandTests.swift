import Foundation
import ResultsFormat
import Testing

struct RunCommandTests {
    // MARK: Output

    /// Standard output is for scripts: the path of the results and nothing else.
    @Test func aRunSaysWhereItsResultsAre() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool("spec.yaml")
            #expect(outcome.code == 0)
            let path = String(outcome.output.dropLast())
            #expect(outcome.output == path + "\n")
            #expect(path.hasPrefix("results/small-") && path.hasSuffix(".json"))
            #expect(tool.names() == ["results", "spec.yaml"])
            #expect("results/" + tool.names(in: "results").joined(separator: ",") == path)
            #expect(outcome.errors.contains("epoch 2/2: loss "))
            #expect(outcome.errors.contains("small: completed\n"))
            // Not a terminal: plain lines.
            #expect(!outcome.errors.contains("\u{1B}"))
            #expect(!outcome.errors.contains("\r"))
        }
    }

    /// What the model has to beat stands beside it.
    @Test func theSummaryHoldsTheModelAgainstPopularity() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let errors = try tool("spec.yaml").errors
            #expect(errors.contains("top_100_categorical_accuracy ↑  "))
            #expect(errors.contains("  most_popular 0."))
            let off = try tool("spec.yaml", "--set", "evaluate.baselines=off").errors
            #expect(!off.contains("most_popular"))
        }
    }

    /// A model without a living unit is a failure, and is said to be beaten.
    @Test func aCollapseIsSaid() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let errors = try tool(
                "spec.yaml", "--set",
                "towers.query.layers=[{type: dense, units: 4, activation: relu, "
                    + "bias_initializer: {type: constant, value: -9}}]"
            ).errors
            #expect(
                errors.contains(
                    "  warning: the model has collapsed on the test part: every query's embedding "
                        + "is zero"))
            #expect(errors.contains("beaten by most_popular"))
        }
    }

    @Test func quietIsQuiet() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            for flag in ["--quiet", "-q"] {
                let outcome = try tool("run", "spec.yaml", flag)
                #expect(outcome.code == 0)
                #expect(outcome.errors == "")
                #expect(outcome.output.hasPrefix("results/small-"))
            }
        }
    }

    @Test func warningsAreHeardEvenWhenQuiet() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small("metrics: {factorized: [{type: factorized_top_k, ks: [121]}]}"),
                to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "out.json")
            #expect(outcome.code == 0)
            #expect(
                outcome.errors
                    == """
                    spec.yaml:12:54: warning: top-121 accuracy of 120 candidates is 1 whatever the \
                    model does
                       12 | metrics: {factorized: [{type: factorized_top_k, ks: [121]}]}
                          |                                                      ^~~

                    """)
            #expect(try tool.document("out.json").warnings.count == 1)
        }
    }

    @Test func outputNamesTheFile() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "-q", "--output", "deep/er/out.json")
            #expect(outcome.code == 0)
            #expect(outcome.output == "deep/er/out.json\n")
            #expect(tool.names() == ["deep", "spec.yaml"])
            #expect(tool.names(in: "deep/er") == ["out.json"])
        }
    }

    @Test func severalSpecs() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(name: "one"), to: "1.yaml")
            try tool.write(Specs.small(name: "two"), to: "2.yaml")
            let outcome = try tool("1.yaml", "2.yaml", "-q")
            #expect(outcome.code == 0)
            let paths = outcome.output.split(separator: "\n").map(String.init)
            #expect(paths.count == 2)
            #expect(try paths.map { try tool.document($0).experiment.name } == ["one", "two"])
        }
    }

    /// Nothing runs where one of the specs is wrong, and every mistake of all is told.
    @Test func oneWrongSpecOfSeveral() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "right.yaml")
            try tool.write(Specs.small("lr: 1"), to: "wrong.yaml")
            let outcome = try tool("right.yaml", "wrong.yaml", "absent.yaml")
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(tool.names() == ["right.yaml", "wrong.yaml"])
            #expect(
                outcome.errors == """
                    wrong.yaml:12:1: error: experiment has no 'lr'; \
                    did you mean 'train.optimizer.learning_rate'?
                       12 | lr: 1
                          | ^~
                    absent.yaml: error: there is no such file

                    """)
        }
    }

    /// A run that fails does not keep the others from running.
    @Test func oneFailingRunOfSeveral() throws {
        try Tool.run { tool in
            try tool.write(Specs.diverging, to: "1.yaml")
            try tool.write(Specs.small(), to: "2.yaml")
            let outcome = try tool("1.yaml", "2.yaml", "-q")
            #expect(outcome.code == 1)
            let paths = outcome.output.split(separator: "\n").map(String.init)
            #expect(try paths.map { try tool.document($0).status } == [.failed, .completed])
        }
    }

    // MARK: Results

    @Test func resultsHoldEverything() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--output", "out.json", "--threads", "1").code == 0)
            let json = try tool.json("out.json")
            #expect(json["schema_version"]?.integerValue == 1)
            #expect(json["status"]?.stringValue == "completed")
            #expect(json[path: ["experiment", "name"]]?.stringValue == "small")
            #expect(json[path: ["experiment", "spec", "train", "epochs"]]?.integerValue == 2)
            #expect(
                json[path: ["experiment", "spec", "evaluate", "batch_size"]]?.integerValue == 4096)
            #expect(json[path: ["experiment", "spec_sha256"]]?.stringValue?.count == 64)
            #expect(json["seed"]?.integerValue == 42)
            #expect(json[path: ["data", "source"]]?.stringValue == "synthetic")
            #expect(json[path: ["data", "fingerprint"]]?.stringValue?.count == 64)
            for (name, count) in [
                ("interactions", 300), ("queries", 24), ("candidates", 120), ("train", 240),
                ("test", 60),
            ] {
                #expect(
                    json[path: ["data", "counts", .key(name)]]?.integerValue == count, "\(name)")
            }
            let epochs = try #require(json[path: ["training", "epochs"]]?.arrayValue)
            #expect(epochs.map { $0["epoch"]?.integerValue } == [1, 2])
            for epoch in epochs {
                for name in ["loss", "batch_loss_mean", "examples_per_second"] {
                    #expect(try #require(epoch[name]?.doubleValue) > 0, "\(name)")
                }
                #expect(epoch["metrics"]?.objectValue != nil)
            }
            #expect(json[path: ["evaluation", "test", "examples"]]?.integerValue == 60)
            let metric: JSONPath = [
                "evaluation", "test", "metrics", "factorized_top_k/top_100_categorical_accuracy",
            ]
            #expect((0...1).contains(try #require(json[path: metric]?.doubleValue)))
            #expect(json[path: ["environment", "threads"]]?.integerValue == 1)
            for name in ["tool_version", "os", "cpu", "instruction_set"] {
                #expect(
                    json[path: ["environment", .key(name)]]?.stringValue?.isEmpty == false,
                    "\(name)")
            }
            for stage in ["plan", "train", "evaluate"] {
                #expect(
                    json[path: ["timing", "seconds", .key(stage)]]?.doubleValue != nil, "\(stage)")
            }
            #expect(try #require(json[path: ["timing", "total_seconds"]]?.doubleValue) > 0)
            #expect(try #require(json["peak_memory_bytes"]?.integerValue) > 1 << 20)
            #expect(json["digest"]?.stringValue == (try ResultsDocument.digest(of: json)))
        }
    }

    @Test func theSeed() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            #expect(try tool("spec.yaml", "-q", "--seed", "7", "--output", "7.json").code == 0)
            #expect(try tool("spec.yaml", "-q", "--output", "42.json").code == 0)
            let (seven, plain) = (try tool.document("7.json"), try tool.document("42.json"))
            #expect(seven.seed == 7)
            #expect(seven.experiment.spec["seed"]?.integerValue == 7)
            #expect(seven.digest != plain.digest)
            #expect(seven.experiment.specSHA256 != plain.experiment.specSHA256)

            try tool.write(Specs.small("seed: 7"), to: "seven.yaml")
            #expect(try tool("seven.yaml", "-q", "--output", "said.json").code == 0)
            #expect(try tool.document("said.json").digest == seven.digest)
        }
    }

    /// Threads and instruction sets that fuse multiply and add do not show in the digest.
    @Test(arguments: [
        "",
        // Every option that keeps copies of a candidate apart, on scored-once candidates.
        """
        task: {temperature: 0.5, num_hard_negatives: 9, remove_accidental_hits: true,
          score_mask: seen_items, candidate_sampling_probability: from_training_frequency}
        """,
        "loss: {type: info_nce, learnable_temperature: true}",
        """
        loss: {type: pairwise_logistic}
        metrics: {batch: [auc, mean_reciprocal_rank]}
        """,
    ])
    func theDigestIsTheSameEverywhere(options: String) throws {
        try expectOneDigest(of: Specs.small(epochs: 2, options))
    }

    @Test func theDigestOfDeepTowersIsTheSameEverywhere() throws {
        let layers = """
            layers: [{type: cross}, {type: dense, units: 12, activation: gelu}, {type: dropout, rate: 0.2},
              layer_normalization, {type: dense, units: 8, activation: tanh}]
            """
        let query = """
            {features: [
              {type: string_lookup, column: user_id, embedding: {output_dim: 4}},
              {type: normalization, column: timestamp}], \(layers)}
            """
        let candidate = """
            {features: [
              {type: string_lookup, column: item_id, embedding: {output_dim: 4}},
              {type: text_vectorization, column: title, embedding: {output_dim: 4}}], \(layers)}
            """
        try expectOneDigest(
            of: Specs.small(epochs: 2)
                .replacing(
                    "{features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}",
                    with: query.replacing("\n", with: " ")
                )
                .replacing(
                    "{features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}",
                    with: candidate.replacing("\n", with: " ")))
    }

    @Test(arguments: [
        "average", "{type: decayed_average, decay: 0.7}", "{type: gru, units: 8}",
        "{type: lstm, units: 8}", "{type: self_attention, heads: 2, dropout: 0.2}",
    ])
    func theDigestOfHistoriesIsTheSameEverywhere(encoder: String) throws {
        let query = """
            {features: [{type: history, column: item_id, max_length: 6, encoder: \(encoder), \
            embedding: {output_dim: 8}}], layers: [{type: dense, units: 4}]}
            """
        try expectOneDigest(
            of: Specs.small(epochs: 2).replacing(
                "{features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}",
                with: query))
    }

    private func expectOneDigest(of spec: String) throws {
        try Tool.run { tool in
            try tool.write(spec, to: "spec.yaml")
            func digest(_ threads: String, _ isa: String?) throws -> String? {
                let outcome = try tool(
                    "spec.yaml", "-q", "--threads", threads, "--output", "out.json",
                    environment: isa.map { ["TFRS_ISA": $0] } ?? [:])
                if outcome.errors.contains("which this machine does not have") {
                    #expect(outcome.code == 2)
                    return nil
                }
                #expect(outcome.code == 0)
                let document = try tool.document("out.json")
                if let isa { #expect(document.environment.instructionSet == isa) }
                return document.digest
            }
            let plain = try #require(try digest("1", nil))
            #expect(try digest("2", nil) == plain)
            #expect(try digest("3", nil) == plain)
            let fused = try ["avx2", "avx512", "avx512vnni"].compactMap { try digest("2", $0) }
            #expect(Set(fused).count <= 1)
            #expect(try digest("1", "plain") != nil)
        }
    }

    // MARK: Failures

    @Test func aRunThatDiverges() throws {
        try Tool.run { tool in
            try tool.write(Specs.diverging, to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--output", "out.json")
            #expect(outcome.code == 1)
            #expect(outcome.output == "out.json\n")
            #expect(outcome.errors.contains("small: FAILED in epoch 1, step "))
            let document = try tool.document("out.json")
            #expect(document.status == .failed)
            let failure = try #require(document.failure)
            #expect(failure.reason.hasPrefix("the training loss is "))
            #expect(failure.epoch == 1)
            #expect(failure.step != nil)
        }
    }

    @Test func resultsThatCannotBeWritten() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            try tool.write("x", to: "file")
            for path in ["file/out.json", "/dev/null/out.json", "."] {
                let outcome = try tool("spec.yaml", "-q", "--output", path)
                #expect(outcome.code == 1, "\(path)")
                #expect(outcome.output == "", "\(path)")
                #expect(outcome.errors.hasPrefix("tfrs-run: "), "\(path)")
                #expect(tool.names() == ["file", "spec.yaml"], "\(path)")
            }
            #expect(try tool.contents(of: "file") == "x")
        }
    }

    @Test func dataAndSpecThatDoNotFit() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small().replacing("train: 240", with: "train: 241"), to: "spec.yaml")
            let outcome = try tool("spec.yaml")
            #expect(outcome.code == 2)
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("spec.yaml:7:10: error: the split asks for 301 rows"))
            #expect(tool.names() == ["spec.yaml"])
        }
    }
}
