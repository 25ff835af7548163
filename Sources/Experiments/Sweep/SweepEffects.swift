import ResultsFormat
import YAMLTree

/// What a sweep or the command line says that changes no trial.
struct SweepEffects {
    let sweep: SweepSpec
    /// The spec without the sweep.
    let base: YAMLNode
    let trials: [SweepTrial]

    /// - Parameter settings: those of `--set`, which the base holds already.
    func diagnostics(settings: [String]) -> [Diagnostic] {
        settings.compactMap(withoutEffect) + axesWithoutEffect
    }

    /// A setting of which no trial keeps anything, because the sweep sets the same.
    private func withoutEffect(_ setting: String) -> Diagnostic? {
        guard let override = try? SpecOverride(setting),
            let axis = paths.first(where: { $0.path.overlaps(override.path) })
        else { return nil }
        let isKept = trials.contains { trial in
            trial.tree.value(at: override.path)?.holds(anythingOf: override.source) ?? false
        }
        guard !isKept else { return nil }
        return Diagnostic(
            message: "no trial has this value: the sweep varies '\(axis.key.text)' on line "
                + "\(axis.key.range.start.line)",
            source: override.source, range: override.keyRange)
    }

    /// A key of the user's own changes what refers to it, and nothing else.
    private var axesWithoutEffect: [Diagnostic] {
        var referred = SpecReferences.names(in: base)
        for value in paths.compactMap(\.value) {
            referred.formUnion(SpecReferences.names(in: value, isTop: false))
        }
        return paths.compactMap { path, key, _ in
            guard case .key(let name)? = path.components.first,
                ExperimentSpec.isExtension(name), !referred.contains(name)
            else { return nil }
            return Diagnostic(
                message: "'\(name)' varies nothing: no value of the spec is ${\(name)}, and an "
                    + "alias has the value that its anchor had when the file was read",
                source: key.source, range: key.range)
        }
    }

    /// What the sweep sets: each path, where it is written and, of an overlay, its value.
    private var paths: [(path: JSONPath, key: YAMLKey, value: YAMLNode?)] {
        sweep.grid.map { ($0.path, $0.key, nil) }
            + sweep.drawnAxes.map { ($0.path, $0.key, nil) }
            + sweep.list.flatMap { $0.settings.map { ($0.path, $0.key, $0.value) } }
            + repeated
    }

    /// Seeds, folds and the epochs of halving are set path by path as well.
    private var repeated: [(path: JSONPath, key: YAMLKey, value: YAMLNode?)] {
        let parts: [(path: JSONPath, nodes: [YAMLNode])] = [
            (SweepSpec.seedPath, sweep.seeds), (SweepSpec.foldPath, sweep.folds),
            (SweepSpec.epochsPath, sweep.halving?.nodes ?? []),
        ]
        return parts.compactMap { part in
            guard let node = part.nodes.first else { return nil }
            let key = YAMLKey(text: part.path.text, range: node.range, source: node.source)
            return (part.path, key, nil)
        }
    }
}

extension YAMLNode {
    /// Whether anything of the tree was written in a text.
    fileprivate func holds(anythingOf text: SourceFile) -> Bool {
        if source == text { return true }
        return switch content {
        case .scalar: false
        case .sequence(let items): items.contains { $0.holds(anythingOf: text) }
        case .mapping(let mapping):
            mapping.entries.contains { $0.value.holds(anythingOf: text) }
        }
    }
}
