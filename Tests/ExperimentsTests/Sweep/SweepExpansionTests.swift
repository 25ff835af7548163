import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// Which trials a sweep has, and what they are called.
struct SweepExpansionTests {
    /// The file that a spec with this sweep makes.
    static func file(_ sweep: String, more: String = "") throws -> ExperimentFile {
        try withTemporaryFolder { folder in
            let path = folder + "/spec.yaml"
            try (Sample.small(more: more) + "\nsweep:\n" + sweep)
                .write(toFile: path, atomically: true, encoding: .utf8)
            return try SpecReader(catalog: .builtIn).readFile(path: path)
        }
    }

    static func names(_ sweep: String) throws -> [String] {
        try file(sweep).trials.map(\.trial.name)
    }

    /// `LINE:COLUMN: MESSAGE` of what is wrong.
    static func errors(_ sweep: String) throws -> [String] {
        do {
            _ = try file(sweep)
            return []
        } catch let error as SpecError {
            return error.diagnostics.map { "\($0.range.start): \($0.message)" }
        }
    }

    @Test func gridTimesSeeds() throws {
        let names = try Self.names(
            """
              grid:
                train.optimizer.learning_rate: [0.1, 1]
                train.batch_size: [32]
              seeds: [1, 2]
            """)
        #expect(
            names == [
                "batch_size=32,learning_rate=0.1,seed=1", "batch_size=32,learning_rate=0.1,seed=2",
                "batch_size=32,learning_rate=1,seed=1", "batch_size=32,learning_rate=1,seed=2",
            ])
        let trials = try Self.file("  grid: {train.batch_size: [32]}\n  seeds: [5]\n").trials
        #expect(trials[0].spec.seed == 5)
        #expect(trials[0].spec.train.batchSize == 32)
        #expect(trials[0].trial.configuration == "batch_size=32")
    }

    /// Same set, same names, whatever the order in which the parts stand.
    @Test func orderDoesNotMatter() throws {
        let random = "{trials: 5, axes: {%@}}"
        let axes = [
            "train.optimizer.learning_rate: {log_uniform: [0.01, 1]}",
            "\"towers.query.features[0].embedding.output_dim\": {choice: [4]}",
            "train.epochs: {int: [1, 9]}", "task.temperature: {uniform: [0.1, 2]}",
        ]
        var stream = RandomStream(seed: 3, stream: "test")
        var seen: Set<[String]> = []
        for _ in 0..<10 {
            var shuffled = axes
            stream.shuffle(&shuffled)
            var seeds = ["1", "2", "3"]
            stream.shuffle(&seeds)
            var parts = [
                "random: "
                    + random.replacingOccurrences(
                        of: "%@", with: shuffled.joined(separator: ", ")),
                "seeds: [\(seeds.joined(separator: ", "))]",
                "grid: {train.batch_size: [\(seeds.map { "3" + $0 }.joined(separator: ", "))]}",
            ]
            stream.shuffle(&parts)
            seen.insert(try Self.names(parts.map { "  \($0)\n" }.joined()))
        }
        #expect(seen.count == 1)
        #expect(seen.first?.count == 5 * 3 * 3)
        #expect(Set(seen.first ?? []).count == 45)
    }

    /// Another axis does not shift what the first one draws.
    @Test func drawsAreIndependent() throws {
        func rates(_ axes: String) throws -> [Double] {
            try Self.file("  random: {trials: 8, seed: 1, axes: {\(axes)}}\n").trials.compactMap {
                $0.trial.settings["train.optimizer.learning_rate"]?.doubleValue
            }.sorted()
        }
        let rate = "train.optimizer.learning_rate: {log_uniform: [0.001, 1]}"
        let alone = try rates(rate)
        #expect(alone.count == 8)
        #expect(alone.allSatisfy { $0 >= 0.001 && $0 <= 1 })
        #expect(try rates("train.epochs: {int: [1, 3]}, \(rate)") == alone)
    }

    @Test func conditionsBetweenAxes() throws {
        let names = try Self.names(
            """
              grid:
                loss.type: [categorical_crossentropy, hinge]
                loss.reduction: {values: [sum, mean], when: {loss.type: hinge}}
              exclude:
                - {loss.type: hinge, loss.reduction: mean}
            """)
        #expect(
            names == ["reduction=sum,type=hinge", "type=categorical_crossentropy"])
    }

    @Test func overlaysAndNames() throws {
        let names = try Self.names(
            """
              list:
                - {train.epochs: 3, train.batch_size: 32}
                - {train.optimizer: {type: adagrad, learning_rate: 0.5}}
                - {"towers.query.features[0].embedding.output_dim": 4, train.epochs: 1}
            """)
        #expect(names.count == 3)
        #expect(names[0] == "batch_size=32,epochs=3")
        #expect(names.contains("output_dim=4,epochs=1") || names.contains("epochs=1,output_dim=4"))
        #expect(names.contains { $0.hasPrefix("optimizer=adagrad-0.5~") })
    }

    /// Of values with an inside the name shows what differs, and not its hash alone.
    @Test func namesOfValuesWithAnInside() throws {
        let names = try Self.names(
            """
              grid:
                towers.query.layers:
                  - []
                  - [{type: dense, units: 4, activation: relu}]
                  - [{type: dense, units: 4, activation: tanh}, {type: mlp, units: [16, 4]}]
            """)
        #expect(
            names.map { String($0.prefix { $0 != "~" }) }.sorted() == [
                "layers=dense-4-relu", "layers=dense-4-tanh+mlp-16-4", "layers=empty",
            ])
        #expect(names.allSatisfy { $0.contains("~") })
    }

    /// The shards are disjoint and together everything.
    @Test(arguments: 1...7) func shards(count: Int) throws {
        let trials = try Self.file("  grid: {train.epochs: [1, 2, 3, 4]}\n  seeds: [1, 2]\n")
            .trials.map(\.trial)
        let parts = try (1...count).map { number in
            try #require(SweepShard("\(number)/\(count)")).select(trials).map(\.name)
        }
        #expect(parts.flatMap { $0 }.sorted() == trials.map(\.name).sorted())
        #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
    }

    @Test(arguments: ["0/2", "3/2", "1", "1/2/3", "a/b", "-1/2", "1/0", ""])
    func shardsThatAreNone(text: String) {
        #expect(SweepShard(text) == nil)
    }

    /// What is wrong in a trial is reported at the axis's value, once.
    @Test(arguments: [
        (
            "  grid: {train.epochs: [1, three]}\n  seeds: [1, 2]\n",
            ["14:28: 'epochs' requires an integer, at least 1; found 'three'"]
        ),
        ("  grid: {train.epoch: [1]}\n", ["14:10: train has no 'epoch'; did you mean 'epochs'?"]),
        ("  gird: {train.epochs: [1]}\n", ["14:3: sweep has no 'gird'; did you mean 'grid'?"]),
        (
            "  grid: {train.epochs: [1]}\n  list: [{train.epochs: 2}]\n",
            [
                "15:11: 'train.epochs' is set twice by the sweep, first as 'train.epochs' on line 14"
            ]
        ),
        (
            "  grid: {seed: [1]}\n  seeds: [1, 2]\n",
            ["14:10: 'seed' is what the sweep's 'seeds' sets"]
        ),
        (
            "  seeds: [1, 2, 3]\n  max_runs: 2\n",
            ["13:1: the sweep has 3 trials, and 'max_runs' allows 2"]
        ),
        ("  seeds: [1, 1]\n", ["14:14: 'seeds' has 1 twice"]),
        (
            "  random: {trials: 2, axes: {train.epochs: {log_uniform: [0, 1]}}}\n",
            ["14:59: 'log_uniform[0]' requires a number, greater than 0; found 0"]
        ),
        (
            "  seeds: [1]\n  halving: {epochs: [1, 2]}\n",
            [
                "15:12: halving requires a validation part and, where the split does not tell, an "
                    + "objective with 'on: validation': what picks the configurations cannot "
                    + "judge them too"
            ]
        ),
        (
            "  grid: {train.epochs: {values: [1], when: {train.batch_size: 1}}, train.batch_size: "
                + "{values: [1], when: {train.epochs: 1}}}\n",
            ["14:68: the conditions of 'train.batch_size' and 'train.epochs' wait for each other"]
        ),
        (
            "  grid: {\"towers.query.features[3].column\": [user_id]}\n",
            [
                "14:10: there is no [3]: the list has 1 item"
            ]
        ),
        (
            "  grid: {train.optimizer.learning_rte: [1]}\n",
            ["14:10: adagrad has no 'learning_rte'; did you mean 'learning_rate'?"]
        ),
        (
            "  grid: {train.epochs.x: [1]}\n",
            ["14:10: no key 'x' can be set here: there is a single value"]
        ),
    ])
    func mistakes(sweep: String, expected: [String]) throws {
        #expect(Set(try Self.errors(sweep)) == Set(expected))
    }

    /// A name becomes the name of a file: no key leads out of the sweep's folder.
    @Test func keysThatAreNoNames() throws {
        let names = try Self.file(
            """
              grid:
                '["x-/../../../ESCAPED"]': [1, 2]
                '["x-a|b c"]': [3]
            """,
            more: """
                "x-/../../../ESCAPED": 1
                "x-a|b c": 3
                seed: "${x-/../../../ESCAPED}"
                evaluate: {bootstrap_samples: "${x-a|b c}"}
                """
        ).trials.map(\.trial.name)
        #expect(names.count == 2)
        for name in names {
            #expect(!name.contains("/") && !name.contains("|") && !name.contains("\""))
            #expect(!name.hasPrefix("."))
        }
    }

    /// Ten thousand entries that set the same paths, which are looked for among each other.
    @Test func manyEntries() throws {
        let entries = (1...10_000).map { "    - {train.epochs: \($0), train.batch_size: \($0)}\n" }
        #expect(try Self.names("  max_runs: 20000\n  list:\n" + entries.joined()).count == 10_000)
    }

    /// Refused before one trial is laid out.
    @Test func moreThanCanBeKept() throws {
        let errors = try Self.errors(
            "  max_runs: 1000000\n  random: {trials: 1000000, axes: {train.epochs: "
                + "{uniform: [1, 9]}}}\n")
        #expect(errors.count == 1)
        #expect(errors[0].contains("are more than can be kept"))
    }
}
