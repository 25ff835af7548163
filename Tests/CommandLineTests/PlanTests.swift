import ResultsFormat
import Testing

struct PlanTests {
    /// Towers with layers, a shared table's worth of features, an index and a split of three parts.
    private static let deep = """
        name: deep
        data:
          source: synthetic
          users: 24
          items: 120
          interactions: 300
          split: {strategy: leave_n_last_out, test: 1, validation: 1}
        towers:
          query:
            features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]
            layers:
              - {type: dense, units: 6, activation: relu}
              - {type: residual, layers: [{type: dense, units: 6}]}
              - {type: dense, units: 3}
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 3}}]
        train: {epochs: 2, batch_size: 64, optimizer: adam}
        evaluate: {every: 1}

        """

    private static func plan(_ tool: Tool, _ arguments: String...) throws -> JSONValue {
        let outcome = try tool.start(["plan"] + arguments + ["--format", "json"]).wait()
        #expect(outcome.code == 0)
        return try JSONValue(parsing: outcome.output)
    }

    /// Shapes and parameters by hand: 24 users and 120 items, each table with one row for what is
    /// out of vocabulary.
    @Test func towersLayerByLayer() throws {
        try Tool.run { tool in
            try tool.write(Self.deep, to: "spec.yaml")
            let model = try #require(
                try Self.plan(tool, "spec.yaml", "--no-estimate")["x-plan"]?["model"])
            let query = try #require(model["towers"]?.arrayValue?.first)
            let rows = try #require(query["parts"]?.arrayValue).map { part in
                [
                    part["path"]?.stringValue, part["component"]?.stringValue,
                    part["depth"]?.integerValue.map(String.init),
                    part["output_dim"]?.integerValue.map(String.init),
                    part["parameters"]?.integerValue.map(String.init),
                ].map { $0 ?? "" }.joined(separator: " ")
            }
            #expect(
                rows == [
                    "query/user_id string_lookup 0 4 100", "query/dense_0 dense 0 6 30",
                    "query/residual_1 residual 0 6 42",
                    "query/residual_1/dense_0 dense 1 6 42", "query/dense_2 dense 0 3 21",
                ])
            #expect(query["parameters"]?.integerValue == 193)
            #expect(model["trainable_parameters"]?.integerValue == 193 + 121 * 3)
            let kernel = try #require(
                model["parameters"]?.arrayValue?.first { $0["name"] == "query/dense_2/kernel" })
            #expect(kernel["shape"] == [.integer(6), .integer(3)])
            #expect(kernel["optimizer"] == "default")
        }
    }

    /// What the plan counts is what the run then does.
    @Test func countsAreThoseOfTheRun() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            // The same batches in every epoch.
            let setting = ["--set", "train.reshuffle=false"]
            let plan = try Self.plan(tool, "spec.yaml", "--no-estimate", setting[0], setting[1])
            #expect(
                try tool("spec.yaml", "-q", "--output", "out.json", setting[0], setting[1]).code
                    == 0)
            let run = try tool.json("out.json")
            let training = try #require(plan["x-plan"]?["training"])
            #expect(training["steps_per_epoch"] == .integer(4))
            #expect(training["last_batch_size"] == .integer(48))
            #expect(
                training["deduplication_factor"]
                    == run[path: ["training", "engine", "deduplication_factor"]])
            let data = try #require(plan["x-plan"]?["data"])
            #expect(data["fingerprint"] == run[path: ["data", "fingerprint"]])
            #expect(data["counts"]?["train"] == .integer(240))
        }
    }

    @Test(arguments: [Specs.small(), deep], ["yaml", "json"])
    func aPlanRunsToTheSameDigest(spec: String, format: String) throws {
        try Tool.run { tool in
            try tool.write(spec, to: "spec.yaml")
            let plan = try tool(
                "plan", "spec.yaml", "--set", "train.epochs=1", "--seed", "7", "--format", format,
                "--no-estimate", "--output", "plans/resolved.\(format)")
            #expect(plan.code == 0)
            #expect(plan.output == "")
            let resolved = "plans/resolved.\(format)"
            // Every default is written out, and warns of nothing that the spec did not say.
            #expect(try tool.contents(of: resolved).contains("gradient_accumulation_steps"))
            let validation = try tool("validate", resolved)
            #expect(validation.errors == "tfrs-run: 1 spec: right\n")
            #expect(
                try tool(
                    "spec.yaml", "-q", "--set", "train.epochs=1", "--seed", "7", "--output",
                    "1.json"
                ).code == 0)
            #expect(try tool(resolved, "-q", "--output", "2.json").code == 0)
            let digest = try #require(try tool.document("1.json").digest)
            #expect(try tool.document("2.json").digest == digest)
        }
    }

    /// The estimates are not far from what a run measures of itself.
    @Test(arguments: [Specs.small(epochs: 20), deep])
    func estimatesAreHonest(spec: String) throws {
        try Tool.run { tool in
            try tool.write(spec, to: "spec.yaml")
            let estimate = try #require(
                try Self.plan(tool, "spec.yaml", "--threads", "1")["x-plan"]?["estimate"])
            #expect(
                try tool("spec.yaml", "-q", "--output", "out.json", "--threads", "1").code == 0)
            let peak = try #require(try tool.json("out.json")["peak_memory_bytes"]?.doubleValue)
            let memory = try #require(estimate["peak_memory_bytes"]?.arrayValue)
                .compactMap(\.doubleValue)
            #expect(memory[0] <= 2 * peak && memory[1] >= peak / 2)
            #expect(memory[1] <= 2 * peak)
            let seconds = try #require(estimate["total_seconds"]?.arrayValue)
                .compactMap(\.doubleValue)
            #expect(seconds[0] > 0 && seconds[0] < seconds[1])
            #expect(estimate["trial_steps"] == .integer(4))
        }
    }

    @Test func textForPeople() throws {
        try Tool.run { tool in
            try tool.write(Self.deep, to: "spec.yaml")
            let outcome = try tool("plan", "spec.yaml", "--threads", "1")
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            for part in [
                "\n    learning_rate: 0.001\n",
                "\n  dense_0     dense               6          30\n",
                "\n    dense_0   dense               6          42\n",
                "\nparameters: 556\n", "\ntraining\n  epochs           2, ",
                "\nestimates, from a trial on this machine with 1 thread: the first ",
            ] {
                #expect(outcome.output.contains(part), "\(part)")
            }
            #expect(tool.names() == ["spec.yaml"])
        }
    }

    @Test func whatItSaysOfSweeps() throws {
        try Tool.run { tool in
            try tool.write(Specs.small("sweep: {seeds: [1, 2]}"), to: "sweep.yaml")
            let base = try tool("plan", "sweep.yaml", "--no-estimate")
            #expect(base.code == 0)
            #expect(
                base.errors == "tfrs-run: sweep.yaml is a sweep of 2 trials; this is its base\n")
            #expect(
                base.output.hasSuffix(
                    "\nsweep\n  2 trials of 1 configuration, ranked by test "
                        + "factorized_top_k/top_1_categorical_accuracy, maximize\n"
                        + "    seed=1\n    seed=2\n"))
            let refused = try tool("plan", "sweep.yaml", "--format", "yaml")
            #expect(refused.code == 2)
            #expect(refused.errors.contains("choose one by --trial, such as '"))
            let name = try #require(refused.errors.split(separator: "'").dropFirst().first)
            let trial = try Self.plan(
                tool, "sweep.yaml", "--trial", String(name), "--no-estimate")
            #expect(trial["seed"] == .integer(1))
            #expect(try tool("plan", "sweep.yaml", "--trial", "nonsense").code == 2)
        }
    }

    @Test func mistakes() throws {
        try Tool.run { tool in
            try tool.write(Specs.small("lr: 1"), to: "wrong.yaml")
            try tool.write(Specs.movielens(offline: "error"), to: "real.yaml")
            try tool.write(
                Specs.small().replacing("column: item_id", with: "column: nonsense"),
                to: "column.yaml")
            #expect(try tool("plan", "wrong.yaml").code == 2)
            #expect(try tool("plan", "real.yaml").code == 5)
            let column = try tool("plan", "column.yaml")
            #expect(column.code == 2)
            #expect(column.errors.hasPrefix("column.yaml:10:"))
        }
    }
}
