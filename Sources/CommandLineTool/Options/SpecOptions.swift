import ArgumentParser
import Experiments

/// What every command that reads specs lays over them: `--set` and `--seed`.
struct SpecOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a value of the specs: train.epochs=10.",
            discussion: """
                Repeatable. The key is a dotted path, list positions in brackets \
                (metrics.factorized[0].ks=[10]); the value is YAML, checked as in a file.
                """, valueName: "key=value"), completion: .settings)
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Replace the spec's seed.", discussion: "The results record it.",
            valueName: "number"))
    var seed: Int?

    mutating func validate() throws {
        if let seed, seed < 0 {
            throw ValidationError("--seed requires at least 0; found \(seed)")
        }
    }

    /// Why `--seed` cannot be laid over a file; nil where it can.
    func objection(to file: ExperimentFile) -> String? {
        guard seed != nil, file.trials.contains(where: { $0.trial.seed != nil }) else { return nil }
        return "--seed would replace the seeds of the sweep in \(file.path)"
    }

    func seeded(_ spec: ExperimentSpec) -> ExperimentSpec {
        seed.map(spec.settingSeed) ?? spec
    }

    /// What a trial's process has to be told too.
    var arguments: [String] {
        settings.flatMap { ["--set", $0] } + (seed.map { ["--seed", "\($0)"] } ?? [])
    }
}
