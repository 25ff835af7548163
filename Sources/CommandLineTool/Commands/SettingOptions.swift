import ArgumentParser

/// `--set`, for every command that reads specs.
struct SettingOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a value of the specs: train.epochs=10.",
            discussion: """
                Repeatable. The key is a dotted path, list positions in brackets \
                (metrics.factorized[0].ks=[10]); the value is YAML, checked as in a file.
                """, valueName: "key=value"))
    var settings: [String] = []
}
