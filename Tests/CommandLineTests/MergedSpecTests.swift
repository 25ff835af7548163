import Testing

/// A spec made of several files, anchors and settings: what is wrong points to where it was said.
struct MergedSpecTests {
    private static let base = """
        name: base
        x-fast: &fast {epochs: three, batch_size: 64}
        data: {source: synthetic, users: 24, items: 120, interactions: 300}
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}
        train:
          <<: *fast
          optimizer: {type: adagrad, learning_rate: -1}

        """

    @Test func errorsPointIntoTheFileThatTheValueCameFrom() throws {
        try Tool.run { tool in
            try tool.write(Self.base, to: "base.yaml")
            try tool.write("extends: base.yaml\ntask: {temperature: 0}\n", to: "child.yaml")
            let outcome = try tool(
                "validate", "child.yaml", "--set", "train.optimizer.learning_rat=0.1")
            #expect(outcome.code == 2)
            #expect(
                outcome.errors == """
                    child.yaml:2:21: error: 'temperature' requires a number, greater than 0; found 0
                        2 | task: {temperature: 0}
                          |                     ^
                    base.yaml:2:24: error: 'epochs' requires an integer, at least 1; found 'three'
                        2 | x-fast: &fast {epochs: three, batch_size: 64}
                          |                        ^~~~~
                    base.yaml:9:45: error: 'learning_rate' requires a number, at least 0; found -1
                        9 |   optimizer: {type: adagrad, learning_rate: -1}
                          |                                             ^~
                    --set:1:17: error: adagrad has no 'learning_rat'; did you mean 'learning_rate'?
                        1 | train.optimizer.learning_rat=0.1
                          |                 ^~~~~~~~~~~~
                    tfrs-run: 1 spec: wrong (4 errors)

                    """)
        }
    }

    /// What is right of the merged spec runs, and warns where it was said.
    @Test func warningsToo() throws {
        try Tool.run { tool in
            let right = Self.base.replacing("three", with: "1").replacing("-1}", with: "0.1}")
            try tool.write(right + "task: {num_hard_negatives: 64}\n", to: "base.yaml")
            try tool.write("extends: base.yaml\nname: child\n", to: "child.yaml")
            let outcome = try tool("validate", "child.yaml")
            #expect(outcome.code == 0)
            #expect(outcome.errors.hasPrefix("base.yaml:10:28: warning: "))
            #expect(try tool("child.yaml", "-q", "--output", "out.json").code == 0)
        }
    }

    @Test(arguments: [
        ("trian.epochs=1", "1:1: error: experiment has no 'trian'; did you mean 'train'?"),
        ("train.epoch=2", "1:7: error: train has no 'epoch'; did you mean 'epochs'?"),
        ("epochs=3", "1:1: error: experiment has no 'epochs'; did you mean 'train.epochs'?"),
        ("data.item=3", "1:6: error: synthetic has no 'item'; did you mean 'items'?"),
        (
            "metrics.factorized[0].k=[1]",
            "1:23: error: factorized_top_k has no 'k'; did you mean 'ks'?"
        ),
        ("metrics.factorized[7].ks=[1]", "1:9: error: there is no [7]: the list has 1 item"),
        (
            "towers.query.features[0].embeding.output_dim=4",
            "1:26: error: string_lookup has no 'embeding'; did you mean 'embedding'?"
        ),
        (
            "towers.query.features.embedding=1",
            "1:23: error: no key 'embedding' can be set here: this is a list; give a position, [0]"
        ),
        ("train.epochs.x=1", "1:14: error: no key 'x' can be set here: there is a single value"),
        (
            "train.optimizer=adamm",
            "1:17: error: no optimizer is called 'adamm'; did you mean 'adam'?"
        ),
    ])
    func wrongPathsOfSettings(setting: String, expected: String) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--set", setting)
            #expect(outcome.code == 2)
            #expect(outcome.errors.hasPrefix("--set:\(expected)\n"), "\(outcome.errors)")
        }
    }
}
