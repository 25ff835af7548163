import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// `extends`, `--set`, and variables of the environment in paths.
@Suite struct SpecReuseTests {
    static func read(
        _ text: String, settings: [String] = [], environment: [String: String] = [:]
    ) throws(SpecError) -> ExperimentSpec {
        try SpecReader(catalog: .builtIn, settings: settings, environment: environment)
            .read(text: text, name: "spec.yaml")
    }

    /// The errors of a reading, a line each.
    static func errors(_ read: () throws(SpecError) -> ExperimentSpec) -> [String] {
        do throws(SpecError) {
            _ = try read()
            return []
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    // MARK: --set

    @Test func settingsAreTypedByTheSpec() throws {
        let spec = try Self.read(
            Sample.minimal,
            settings: [
                "train.epochs=10", "train.optimizer.learning_rate=0.5",
                "metrics.factorized[0].ks=[3, 7]", "loss=hinge", "loss.reduction=none",
                "task={temperature: 0.5}", "name=other", "train.batch_size=64",
                "towers.query.features[0].embedding.output_dim=8",
                "towers.candidate.features[0].embedding.output_dim=8", "data.split.train=0.5",
            ])
        #expect(spec.name == "other")
        #expect(spec.train.epochs == 10)
        #expect(spec.train.batchSize == 64)
        #expect(spec.train.optimizer.name == "adagrad")
        #expect(spec.train.optimizer.values["learning_rate"] == .number(0.5))
        #expect(spec.metrics.factorized[0].values["ks"] == .list([.integer(3), .integer(7)]))
        #expect(spec.loss.name == "hinge")
        #expect(spec.loss.values["reduction"] == .string("none"))
        #expect(spec.task.temperature == 0.5)
        #expect(spec.data.split.values["train"] == .number(0.5))
    }

    @Test(arguments: [
        ("train.epochs=ten", "1:14: error: 'epochs' requires an integer, at least 1; found 'ten'"),
        ("train.epohcs=1", "1:7: error: train has no 'epohcs'; did you mean 'epochs'?"),
        ("trian.epochs=1", "1:1: error: experiment has no 'trian'; did you mean 'train'?"),
        (
            "train.optimizer.lr=1",
            "1:17: error: adagrad has no 'lr'; did you mean 'learning_rate'?"
        ),
        ("train.epochs", "1:1: error: a setting requires KEY=VALUE, such as train.epochs=10"),
        ("seed=", "1:6: error: a setting requires a value; null is written 'null'"),
        ("seed=[1", "1:8: error: did not find expected"),
        (
            "=1",
            "1:1: error: a key requires names and positions, such as metrics.factorized[0].ks"
        ),
        (
            "metrics.factorized[x]=1",
            "1:9: error: a key requires names and positions, such as metrics.factorized[0].ks"
        ),
        (
            "metrics.factorized[1].ks=1",
            "1:9: error: there is no [1]: the list has 1 item"
        ),
        ("seed[0]=1", "1:1: error: there is no list here to take [0] of"),
        ("seed.x=1", "1:6: error: no key 'x' can be set here: there is a single value"),
        (
            "metrics.factorized.ks=1",
            "1:20: error: no key 'ks' can be set here: this is a list; give a position, [0]"
        ),
    ])
    func whatCannotBeSet(setting: String, expected: String) {
        let errors = Self.errors { () throws(SpecError) in
            try Self.read(Sample.minimal, settings: [setting])
        }
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("--set:" + expected) == true, "\(errors)")
    }

    // MARK: ${NAME}

    @Test(arguments: [
        ("${DATA}/ml", "/mnt/ml"), ("${NONE:-data}/ml", "data/ml"), ("${EMPTY:-data}", "data"),
        ("a${DATA}b${DATA}", "a/mntb/mnt"), ("$DATA", "$DATA"), ("${NONE:-}x", "x"),
    ])
    func variablesInPaths(path: String, expected: String) throws {
        let text = Sample.minimal.replacing(
            "data: {source: synthetic}", with: "data: {source: movielens, path: \"\(path)\"}")
        let spec = try Self.read(text, environment: ["DATA": "/mnt", "EMPTY": ""])
        #expect(spec.data.source.values["path"] == .string(expected))
    }

    @Test(arguments: [
        (
            "${NONE}",
            "'path' names the variable NONE, which is not set; ${NONE:-folder} gives it a default"
        ),
        ("${DATA", "'path' requires variables as ${NAME} or ${NAME:-default}"),
        ("${}", "'path' requires variables as ${NAME} or ${NAME:-default}"),
        ("${1:-a}", "'path' requires variables as ${NAME} or ${NAME:-default}"),
    ])
    func variablesThatThereAreNot(path: String, expected: String) {
        let text = Sample.minimal.replacing(
            "data: {source: synthetic}", with: "data: {source: movielens, path: \"\(path)\"}")
        let errors = Self.errors { () throws(SpecError) in try Self.read(text) }
        #expect(errors == ["spec.yaml:2:33: error: \(expected)"])
    }

    @Test func noVariablesElsewhere() throws {
        let text = Sample.minimal.replacing("name: sample", with: "name: \"${HOME}\"")
        #expect(try Self.read(text, environment: ["HOME": "/root"]).name == "${HOME}")
    }

    // MARK: extends

    /// Writes files into a folder and reads the first.
    static func read(
        files: [(name: String, text: String)], environment: [String: String] = [:]
    ) throws -> Result<ExperimentSpec, SpecError> {
        let folder = try TemporaryFolder()
        for file in files { try folder.write(file.name, file.text) }
        let reader = SpecReader(catalog: .builtIn, environment: environment)
        do throws(SpecError) {
            return .success(try reader.read(path: folder.path + "/" + files[0].name))
        } catch {
            let diagnostics = error.diagnostics.map { diagnostic in
                var copy = diagnostic
                copy.message = copy.message.replacing(folder.path + "/", with: "")
                copy.source = SourceFile(
                    name: diagnostic.source.name.replacing(folder.path + "/", with: ""), text: "")
                return copy
            }
            return .failure(SpecError(diagnostics))
        }
    }

    static func errors(files: [(name: String, text: String)]) throws -> [String] {
        guard case .failure(let error) = try read(files: files) else { return [] }
        return error.diagnostics.map(\.description)
    }

    static let base = (
        name: "base.yaml",
        text: Sample.minimal + """
            loss: {type: hinge, reduction: none}
            train: {epochs: 7, optimizer: {type: adagrad, learning_rate: 0.5}}
            metrics: {batch: [auc]}

            """
    )

    @Test func aSpecIsLaidOverItsBase() throws {
        let spec = try Self.read(files: [
            (
                "spec.yaml",
                """
                extends: base.yaml
                name: child
                data: {users: 30}
                train: {batch_size: 64, optimizer: {epsilon: 0.25}}
                metrics: {batch: [precision]}
                """
            ), Self.base,
        ]).get()
        #expect(spec.name == "child")
        #expect(spec.data.source.name == "synthetic")
        #expect(spec.data.source.values["users"] == .integer(30))
        #expect(spec.train.epochs == 7)
        #expect(spec.train.batchSize == 64)
        #expect(spec.train.optimizer.values["learning_rate"] == .number(0.5))
        #expect(spec.train.optimizer.values["epsilon"] == .number(0.25))
        #expect(spec.loss.values["reduction"] == .string("none"))
        #expect(spec.metrics.batch.map(\.name) == ["precision"])
        // What the results record is the whole spec, not where it came from.
        #expect(spec.resolved["extends"] == nil)
    }

    @Test func anotherComponentDoesNotInheritFields() throws {
        let spec = try Self.read(files: [
            ("spec.yaml", "{extends: base.yaml, loss: categorical_crossentropy}"), Self.base,
        ]).get()
        #expect(spec.loss.name == "categorical_crossentropy")
        #expect(spec.loss.values["reduction"] == .string("sum"))
    }

    @Test func anotherSourceKeepsWhatIsNotItsOwn() throws {
        let base = Self.base.text.replacing(
            "data: {source: synthetic}", with: "data: {source: synthetic, users: 9, query: item_id}"
        )
        let spec = try Self.read(files: [
            ("spec.yaml", "{extends: base.yaml, data: {source: movielens}}"), ("base.yaml", base),
        ]).get()
        #expect(spec.data.source.name == "movielens")
        #expect(spec.data.query == "item_id")
    }

    @Test func listsMayBeAppended() throws {
        let spec = try Self.read(files: [
            (
                "spec.yaml",
                "{extends: {path: base.yaml, lists: append}, metrics: {batch: [precision]}}"
            ), Self.base,
        ]).get()
        #expect(spec.metrics.batch.map(\.name) == ["auc", "precision"])
    }

    @Test func basesHaveBasesBesideThemselves() throws {
        let spec = try Self.read(files: [
            ("spec.yaml", "{extends: lower/middle.yaml, name: top}"),
            ("lower/middle.yaml", "{extends: ../base.yaml, seed: 5, name: middle}"), Self.base,
        ]).get()
        #expect(spec.name == "top")
        #expect(spec.seed == 5)
        #expect(spec.train.epochs == 7)
    }

    @Test func errorsPointIntoTheFileThatTheValueCameFrom() throws {
        let errors = try Self.errors(files: [
            ("spec.yaml", "extends: base.yaml\nseed: x\n"),
            ("base.yaml", Self.base.text.replacing("epochs: 7", with: "epochs: seven")),
        ])
        #expect(
            errors == [
                "spec.yaml:2:7: error: 'seed' requires an integer, at least 0; found 'x'",
                "base.yaml:7:17: error: 'epochs' requires an integer, at least 1; found 'seven'",
            ])
    }

    @Test(arguments: [
        ("extends: none.yaml", "1:10: error: 'extends' names 'none.yaml': there is no such file"),
        ("extends: spec.yaml", "1:10: error: 'extends' leads in a circle: spec.yaml, spec.yaml"),
        (
            "extends: 5",
            "1:10: error: 'extends' requires a path, or a mapping with path, lists; found 5"
        ),
        ("extends: {}", "1:10: error: extends requires 'path': a path"),
        ("extends: list.yaml", "1:10: error: 'extends' names 'list.yaml', which is no mapping"),
        ("extends: up.yaml", "1:10: error: 'extends' leads in a circle: spec.yaml, up.yaml, spec"),
    ])
    func whatCannotBeExtended(text: String, expected: String) throws {
        let errors = try Self.errors(files: [
            ("spec.yaml", text + "\n"), ("list.yaml", "[1]\n"),
            ("up.yaml", "extends: spec.yaml\n"),
        ])
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(
            error.hasPrefix("spec.yaml:" + expected)
                || error.hasPrefix("up.yaml:" + expected), "\(error)")
    }

    @Test func aBaseThatIsNotYAMLIsShown() throws {
        let errors = try Self.errors(files: [
            ("spec.yaml", "extends: base.yaml\n"), ("base.yaml", "a: [1\n"),
        ])
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("base.yaml:") == true)
    }

    @Test func aLongChainEnds() throws {
        let files = (0..<40).map { ("spec\($0).yaml", "extends: spec\($0 + 1).yaml\n") }
        let errors = try Self.errors(files: files)
        #expect(errors == ["spec15.yaml:1:10: error: 'extends' leads through more than 16 files"])
    }
}
