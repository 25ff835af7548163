import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// Spec files with a sweep: what has no effect, values that several places share, names, and what
/// trials are ranked by.
struct SweepFileTests {
    static func file(_ text: String, settings: [String] = []) throws -> ExperimentFile {
        try withTemporaryFolder { folder in
            let path = folder + "/spec.yaml"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try SpecReader(catalog: .builtIn, settings: settings).readFile(path: path)
        }
    }

    static func errors(_ text: String, settings: [String] = []) -> [String] {
        do {
            _ = try file(text, settings: settings)
            return []
        } catch let error as SpecError {
            return error.diagnostics.map { "\($0.source.name == "--set") \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    // MARK: Without effect

    @Test(arguments: [
        ("grid: {train.epochs: [1, 2]}", "train.epochs=5"),
        ("list: [{train.epochs: 1}, {train.epochs: 2}]", "train.epochs=5"),
        ("seeds: [1, 2]", "seed=5"),
        ("random: {trials: 2, axes: {train.epochs: {int: [1, 9]}}}", "train.epochs=5"),
        (
            "grid: {train.optimizer: [{type: adam, learning_rate: 0.1}]}",
            "train.optimizer.learning_rate=5"
        ),
    ])
    func settingsThatTheSweepSets(sweep: String, setting: String) {
        let found = Self.errors(
            Sample.small(more: "sweep: {\(sweep)}"), settings: [setting])
        #expect(found.count == 1 && found[0].hasPrefix("true no trial has this value"), "\(found)")
    }

    @Test(arguments: [
        ("grid: {train.epochs: {values: [1, 2], when: {train.batch_size: 9}}}", "train.epochs=5"),
        ("list: [{train.epochs: 1}, {train.batch_size: 2}]", "train.epochs=5"),
        ("grid: {train.optimizer.learning_rate: [1, 2]}", "train.optimizer=adam"),
        ("grid: {train.epochs: [1, 2]}", "train.batch_size=16"),
    ])
    func settingsThatSomeTrialsKeep(sweep: String, setting: String) throws {
        _ = try Self.file(Sample.small(more: "sweep: {\(sweep)}"), settings: [setting])
    }

    /// An axis over a key of the user's own that nothing refers to, an anchor included.
    @Test func ownKeysThatNothingRefersTo() {
        let anchored =
            "x-rate: &rate 0.1\n"
            + Sample.small(
                train: "{optimizer: {type: adagrad, learning_rate: *rate}}",
                more: "sweep: {grid: {x-rate: [0.1, 0.2]}}")
        let found = Self.errors(anchored)
        #expect(found.count == 1 && found[0].contains("'x-rate' varies nothing"), "\(found)")
        let set = Self.errors("x-rate: 1\n" + Sample.small(), settings: ["x-rate=2"])
        #expect(set.count == 1 && set[0].hasPrefix("true 'x-rate' changes nothing"), "\(set)")
    }

    /// A mistake of a sweep hides none of its other parts, whichever of them it is in.
    @Test func mistakesOfASweepHideNoOthers() {
        let tpe = "{trian.x: {choice: [1]}, train.epochs: {int: [3, 1]}}"
        let found = Self.errors(
            Sample.small(
                more: """
                    sweep:
                      tpe: {trials: 0, axes: \(tpe)}
                      grid: {train.batch_size: [0]}
                      list: [{name: a b, task.temprature: 1}]
                    """))
        for words in [
            "'trials' requires an integer", "has no 'trian'; did you mean 'train'?",
            "'int' requires its lower number first", "'tpe' goes with seeds and folds, not with",
            "'batch_size' requires an integer, at least 1", "'name' of an overlay requires",
            "task has no 'temprature'",
        ] {
            #expect(found.contains { $0.contains(words) }, "\(words): \(found)")
        }
        let halving = Self.errors(
            Sample.small(
                more: """
                    sweep:
                      halving: {epochs: [3, 2]}
                      random: {trials: 2, axes: {trian.x: {choice: [1]}}}
                    """))
        #expect(halving.count == 2, "\(halving)")
    }

    // MARK: Values that several places share

    static let tied = """
        x-dim: 4
        name: tied
        data: {source: synthetic, users: 24, items: 30, interactions: 300, \
        split: {train: 240, test: 60}}
        towers:
          query: {features: [{type: string_lookup, column: user_id, \
        embedding: {output_dim: "${x-dim}"}}]}
          candidate: {features: [{type: string_lookup, column: item_id, \
        embedding: {output_dim: "${x-dim}"}}]}

        """

    @Test func oneValueForSeveralPlaces() throws {
        func dims(_ spec: ExperimentSpec) -> [FieldValue?] {
            [spec.towers.query, spec.towers.candidate].map {
                guard case .object(let embedding)? = $0.features[0].values["embedding"] else {
                    return nil
                }
                return embedding["output_dim"]
            }
        }
        #expect(try dims(Self.file(Self.tied).base) == [.integer(4), .integer(4)])
        #expect(
            try dims(Self.file(Self.tied, settings: ["x-dim=6"]).base)
                == [.integer(6), .integer(6)])
        let sweep = try Self.file(Self.tied + "sweep: {grid: {x-dim: [8, 16]}}\n")
        #expect(sweep.trials.map(\.trial.name) == ["x-dim=16", "x-dim=8"])
        #expect(
            sweep.trials.map { dims($0.spec) } == [
                [.integer(16), .integer(16)], [.integer(8), .integer(8)],
            ])
        // A trial is the spec with the value written out.
        let written = Self.tied.replacing("\"${x-dim}\"", with: "8").replacing(
            "x-dim: 4\n", with: "")
        #expect(try Self.file(written).base.resolved == sweep.trials[1].spec.resolved)
    }

    @Test func referencesThatLeadNowhere() {
        let misspelt = Self.tied.replacing("${x-dim}", with: "${x-dims}")
        #expect(
            Self.errors(misspelt).allSatisfy {
                $0 == "false the spec has no 'x-dims' to refer to; did you mean 'x-dim'?"
            })
        #expect(Self.errors(misspelt).count == 2)
        // Neither it nor a wrong setting hides what else is wrong.
        let more = Self.errors(
            misspelt + "evaluate: {evry: 1}\n", settings: ["x-none=1", "train.epochs"])
        for words in [
            "true 'x-none' changes nothing", "true a setting requires KEY=VALUE", "'x-dims'",
            "evaluate has no 'evry'; did you mean 'every'?",
        ] {
            #expect(more.contains { $0.contains(words) }, "\(words): \(more)")
        }
        let circular = Self.tied.replacing("x-dim: 4", with: "x-dim: \"${x-dim}\"")
        #expect(Self.errors(circular).first?.contains("leads no further") == true)
        // What is wrong with the value is told where it stands.
        let wrong = Self.errors(Self.tied.replacing("x-dim: 4", with: "x-dim: none"))
        #expect(wrong.allSatisfy { $0.contains("'output_dim' requires an integer") }, "\(wrong)")
    }

    // MARK: Names

    /// Where trials differ, their names do, however long these are.
    @Test func longNamesDiffer() throws {
        let text = Sample.small(
            more: """
                sweep:
                  grid:
                    train.optimizer.initial_accumulator_value: [0.1, 0.2]
                    train.optimizer.learning_rate: [0.123456789, 0.223456789]
                    "towers.query.features[0].embedding.output_dim": [4]
                    "towers.candidate.features[0].embedding.output_dim": [4]
                    train.batch_size: [16, 32]
                    task.temperature: [0.05, 0.1]
                """)
        let names = try Self.file(text).trials.map(\.trial.name)
        #expect(Set(names).count == 16)
        #expect(names.allSatisfy { $0.utf8.count <= 120 })
        // Without their hashes too: a reader sees which trial it is.
        let seen = names.map { $0.split(separator: "~")[0] }
        #expect(Set(seen).count == 16, "\(seen)")
        #expect(
            seen.contains(
                "t=0.05,c.f.0.e.o_d=4,q.f.0.e.o_d=4,b_s=16,i_a_v=0.1,l_r=0.123456789"), "\(seen)")
    }

    /// Lists of components are called by these, and nobody reads their YAML in a name.
    @Test func listsOfComponentsAreNamed() throws {
        let layers = "[{type: dense, units: 4}], [{type: dense, units: 4}, unit_normalization]"
        let text = Sample.small(more: "sweep: {grid: {towers.query.layers: [\(layers)]}}")
        let names = try Self.file(text).trials.map(\.trial.name)
        #expect(
            names.map { $0.split(separator: "~")[0] } == [
                "layers=dense-4+unit_normalization", "layers=dense-4",
            ], "\(names)")
    }

    @Test func overlaysHaveNames() throws {
        let text = Sample.small(
            more: """
                sweep:
                  list:
                    - {name: small, train.batch_size: 16, train.epochs: 1}
                    - {name: large, train.batch_size: 128}
                  grid: {task.temperature: [0.5, 1]}
                  seeds: [1]
                """)
        let file = try Self.file(text)
        #expect(
            file.trials.map(\.trial.name) == [
                "large,temperature=0.5,seed=1", "large,temperature=1,seed=1",
                "small,temperature=0.5,seed=1", "small,temperature=1,seed=1",
            ])
        #expect(file.trials[2].spec.train.batchSize == 16)
        #expect(file.trials[2].trial.settings["train.batch_size"] == 16)
        let twice = Self.errors(text.replacing("name: large", with: "name: small"))
        #expect(twice == ["false two overlays are called 'small'"])
        let wrong = Self.errors(text.replacing("name: large", with: "name: ../up"))
        #expect(wrong.count == 1 && wrong[0].contains("letters, digits"), "\(wrong)")
    }

    // MARK: All at once

    @Test func mistakesOfTheSweepHideNoOthers() {
        let found = Self.errors(
            Sample.small(train: "{epoch: 1}", more: "sweep: {gird: {train.epochs: [1]}}"))
        #expect(found.contains { $0.contains("train has no 'epoch'") }, "\(found)")
        #expect(found.contains { $0.contains("sweep has no 'gird'") }, "\(found)")
    }

    // MARK: Ranking

    private static func entry(_ name: String, _ seed: Int, _ test: Double, _ validation: Double?)
        -> TrialEntry
    {
        var metrics: OrderedMap<OrderedMap<Double>> = ["test": ["recall@10": test, "loss": 1]]
        if let validation { metrics["validation"] = ["recall@10": validation, "loss": 1] }
        return TrialEntry(
            name: "\(name),seed=\(seed)", configuration: name, seed: seed, status: .completed,
            specSHA256: "", metrics: metrics)
    }

    /// By validation where there is such a part, and by test only where that is asked for.
    @Test func theValidationPartRanks() throws {
        let metrics = "metrics: {factorized: [{type: recall}]}\n"
        func objective(_ split: String, _ more: String = "") throws -> SweepObjective? {
            try Self.file(
                Sample.small(more: metrics + "sweep: {seeds: [1, 2]\(more)}").replacing(
                    "{train: 240, test: 60}", with: split)
            ).objective(of: [Self.entry("a", 1, 0.1, 0.2)])
        }
        let validation = "{train: 200, validation: 40, test: 60}"
        #expect(try objective(validation)?.part == "validation")
        #expect(try objective(validation)?.metric == "recall@10")
        #expect(try objective(validation)?.direction == .maximize)
        #expect(try objective("{train: 240, test: 60}")?.part == "test")
        #expect(try objective(validation, ", objective: {on: test}")?.part == "test")
        #expect(try objective(validation, ", objective: {metric: loss}")?.direction == .minimize)
        let asked = try Self.file(
            Sample.small(more: metrics + "sweep: {seeds: [1], objective: {on: test}}").replacing(
                "{train: 240, test: 60}", with: validation))
        #expect(asked.warnings.contains { $0.message.hasPrefix("the test part chooses") })
        // What is gated ranks.
        let gated = try Self.file(
            Sample.small(
                more: "metrics: {factorized: [recall, {type: mean_rank, name: recall_rank}]}\n"
                    + "gate: {metrics: [{name: recall_rank}]}\nsweep: {seeds: [1]}")
        ).objective(of: [])
        #expect(gated?.metric == "recall_rank" && gated?.direction == .minimize)
    }

    @Test func whatCannotBeToldFromTheBest() throws {
        let values: [(String, [Double])] = [
            ("a", [0.50, 0.52, 0.48, 0.51]), ("b", [0.49, 0.53, 0.47, 0.51]),
            ("c", [0.30, 0.31, 0.29, 0.30]), ("d", [0.10]),
        ]
        let trials = values.flatMap { name, values in
            values.enumerated().map { Self.entry(name, $0 + 1, $1, nil) }
        }
        let index = SweepSummary.index(
            name: "x", specPath: nil, shard: nil, programSHA256: nil,
            objective: SweepObjective(metric: "recall@10", direction: .maximize, part: "test"),
            trials: trials)
        let ranking = try #require(SweepRanking(index))
        #expect(ranking.rows.map(\.entry.name) == ["a", "b", "c", "d"])
        #expect(ranking.rows.map(\.isSurelyWorse) == [nil, false, true, nil])
        #expect(ranking.rows[0].summary?.interval?.contains(0.5025) == true)
        #expect(!ranking.lacksRepetitions)
    }
}
