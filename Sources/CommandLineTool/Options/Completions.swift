import ArgumentParser
import Experiments

/// What a shell offers for an argument.
extension CompletionKind {
    /// The files that may be specs, and folders on the way to them.
    static var specs: CompletionKind { .file(extensions: ["yaml", "yml", "json"]) }

    /// Results files, indexes of sweeps, baselines, and folders of them.
    static var results: CompletionKind { .file(extensions: ["json"]) }

    /// What `list` takes.
    static var families: CompletionKind { .custom { _, _, _ in catalog.families } }

    /// What `explain` takes.
    static var paths: CompletionKind { .custom { _, _, _ in catalog.paths } }

    /// What `--set` takes: keys, and values that go by a name.
    static var settings: CompletionKind {
        .custom { _, _, word in
            // Some shells keep an option and its value in one word.
            let option = "--set="
            let begun = word.hasPrefix(option) ? String(word.dropFirst(option.count)) : word
            return catalog.settings(from: begun)
        }
    }

    /// The trials of the sweeps that stand on the command line.
    static var trials: CompletionKind {
        .custom { words, _, _ in
            let reader = SpecReader(catalog: TFRSRun.catalog)
            return words.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
                .flatMap { (try? reader.readFile(path: $0))?.trials.map(\.trial.name) ?? [] }
        }
    }

    private static var catalog: CatalogText { CatalogText(catalog: TFRSRun.catalog) }
}
