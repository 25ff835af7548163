import ResultsFormat
import Retrieval
import YAMLTree

/// Lays out the trials of a sweep. A pure function of base and sweep: the order in which axes,
/// values, seeds and list entries are written does not change the set of trials or their names.
struct SweepExpansion {
    let sweep: SweepSpec
    /// The spec without the sweep.
    let base: YAMLNode
    let scope: SpecScope
    /// The values of the axes of `tpe` in each trial, as far as they are known.
    let proposals: [[Double]]
    private(set) var diagnostics: [Diagnostic] = []

    init(
        _ sweep: SweepSpec, base: YAMLNode, scope: SpecScope, proposals: [[Double]] = []
    ) {
        self.proposals = proposals
        self.sweep = sweep
        self.base = base
        self.scope = scope
    }

    /// The trials in the order of their names; nil where ``diagnostics`` says what is wrong.
    mutating func trials() -> [SweepTrial]? {
        guard checkPaths(), checkCount(), checkSize() else { return nil }
        var configurations: [Configuration] = []
        for entry in sweep.list.isEmpty ? [nil] : sweep.list.map(Optional.some) {
            let listed = entry?.settings.map { Setting($0, condition: nil) } ?? []
            for point in gridPoints() {
                for draw in sweep.tpe.map(proposed) ?? randomDraws() {
                    // What is wrong with the others is told as well.
                    guard var configuration = configure(listed + point + draw) else { continue }
                    configuration.overlay = entry
                    configurations.append(configuration)
                }
            }
        }
        guard diagnostics.isEmpty else { return nil }
        configurations.removeAll { configuration in
            sweep.exclude.contains { $0.holds(in: configuration.tree) }
        }
        let naming = TrialNaming(allPaths)
        var byName: [String: SweepTrial] = [:]
        for configuration in configurations {
            for trial in repeated(configuration, naming) {
                guard let trial else { return nil }
                // Equal settings are one trial, such as those that differ in an axis whose
                // condition does not hold.
                byName[trial.name] = trial
            }
        }
        guard !byName.isEmpty else {
            report(sweep.key, "the sweep has no trials: 'exclude' leaves none")
            return nil
        }
        return byName.values.sorted { $0.name < $1.name }
    }

    // MARK: Parts

    /// A setting that applies where its condition holds.
    private struct Setting {
        var setting: SpecSetting
        var condition: SweepCondition?

        init(_ setting: SpecSetting, condition: SweepCondition?) {
            self.setting = setting
            self.condition = condition
        }
    }

    private struct Configuration {
        /// In the order of the paths.
        var settings: [SpecSetting]
        var tree: YAMLNode
        var overlay: SweepSpec.ListEntry?

        /// The settings that a name tells: those of a named overlay are told by its own.
        func isNamed(_ setting: SpecSetting) -> Bool {
            guard let overlay, overlay.name != nil else { return true }
            return !overlay.settings.contains { $0.path == setting.path }
        }
    }

    private func gridPoints() -> [[Setting]] {
        sweep.grid.reduce([[]]) { points, axis in
            points.flatMap { point in
                axis.values.map { value in
                    point + [
                        Setting(
                            SpecSetting(path: axis.path, key: axis.key, value: value),
                            condition: axis.condition)
                    ]
                }
            }
        }
    }

    private func randomDraws() -> [[Setting]] {
        guard let random = sweep.random else { return [[]] }
        let seed = random.seed ?? base.integer(at: "seed") ?? 42
        return (0..<random.trials).map { number in
            random.axes.map { axis in
                // A stream of its own for every axis: another axis does not shift its values.
                var stream = RandomStream(
                    seed: UInt64(seed), stream: StreamNames.sweepAxis(axis.path.text), index: number
                )
                return Setting(
                    SpecSetting(
                        path: axis.path, key: axis.key,
                        value: axis.distribution.draw(from: &stream)),
                    condition: axis.condition)
            }
        }
    }

    private func proposed(_ search: SweepSpec.ModelSearch) -> [[Setting]] {
        proposals.map { values in
            zip(search.axes, values).map { axis, value in
                Setting(
                    SpecSetting(
                        path: axis.path, key: axis.key, value: axis.distribution.value(at: value)),
                    condition: axis.condition)
            }
        }
    }

    /// Applies settings, each after those that its condition asks about; nil where one of them
    /// cannot be applied.
    private mutating func configure(_ settings: [Setting]) -> Configuration? {
        var isWhole = true
        var waiting = settings.sorted { $0.setting.path.text < $1.setting.path.text }
        var applied: [SpecSetting] = []
        var tree = base
        while !waiting.isEmpty {
            let ready = waiting.firstIndex { candidate in
                candidate.condition?.terms.allSatisfy { term in
                    !waiting.contains { $0.setting.path.overlaps(term.path) }
                } ?? true
            }
            guard let ready else {
                let keys = waiting.map { "'\($0.setting.key.text)'" }
                report(
                    waiting[0].setting.key,
                    "the conditions of \(keys.joined(separator: " and ")) wait for each other")
                return nil
            }
            let next = waiting.remove(at: ready)
            guard next.condition?.holds(in: tree) ?? true else { continue }
            guard let changed = apply(next.setting, to: tree) else {
                isWhole = false
                continue
            }
            tree = changed
            applied.append(next.setting)
        }
        guard isWhole else { return nil }
        applied.sort { $0.path.text < $1.path.text }
        return Configuration(settings: applied, tree: tree)
    }

    private mutating func apply(_ setting: SpecSetting, to tree: YAMLNode) -> YAMLNode? {
        do throws(Diagnostic) {
            return try SpecOverride(setting).applied(to: tree, scope)
        } catch {
            tell(error)
            return nil
        }
    }

    /// A configuration with every seed and fold, on every rung.
    private mutating func repeated(
        _ configuration: Configuration, _ naming: TrialNaming
    ) -> [SweepTrial?] {
        let settings = configuration.settings.map { (path: $0.path, value: $0.value.plainValue) }
        let name = naming.configuration(
            configuration.settings.filter(configuration.isNamed).map {
                (path: $0.path, value: $0.value.plainValue)
            }, overlay: configuration.overlay?.name)
        var combinations: [[Repetition]] = [[]]
        for (path, label, nodes) in [
            (SweepSpec.epochsPath, "epochs", sweep.halving?.nodes ?? []),
            (SweepSpec.seedPath, "seed", sweep.seeds), (SweepSpec.foldPath, "fold", sweep.folds),
        ] where !nodes.isEmpty {
            combinations = combinations.flatMap { combination in
                nodes.map { combination + [Repetition(path: path, label: label, node: $0)] }
            }
        }
        return combinations.map { repetitions in
            var tree = configuration.tree
            for repetition in repetitions {
                guard let changed = apply(repetition.setting, to: tree) else { return nil }
                tree = changed
            }
            let parts = (name.isEmpty ? [] : [name]) + repetitions.map(\.name)
            func value(_ label: String) -> Int? {
                repetitions.first { $0.label == label }?.node.plainValue.integerValue
            }
            return SweepTrial(
                name: parts.isEmpty ? "base" : parts.joined(separator: ","),
                configuration: name,
                settings: OrderedMap(settings.map { ($0.path.text, $0.value) }),
                seed: value("seed"), fold: value("fold"), rungEpochs: value("epochs"), tree: tree)
        }
    }

    private struct Repetition {
        var path: JSONPath
        var label: String
        var node: YAMLNode

        var name: String { "\(label)=\(node.scalar?.text ?? "")" }
        var setting: SpecSetting {
            let key = YAMLKey(text: path.text, range: node.range, source: node.source)
            return SpecSetting(path: path, key: key, value: node)
        }
    }

    // MARK: Checks

    private var allPaths: [JSONPath] {
        var paths = sweep.grid.map(\.path) + sweep.drawnAxes.map(\.path)
        for entry in sweep.list { paths += entry.settings.map(\.path) }
        return paths
    }

    /// No path may be set by two parts, or by one of them and within what another sets.
    private mutating func checkPaths() -> Bool {
        var known = SetPaths()
        let axes =
            sweep.grid.map { ($0.path, $0.key, Int?.none) }
            + sweep.drawnAxes.map { ($0.path, $0.key, nil) }
            + sweep.list.enumerated().flatMap { index, entry in
                entry.settings.map { ($0.path, $0.key, index) }
            }
        let before = diagnostics.count
        for (path, key, list) in axes {
            for (fixed, name, isUsed) in [
                (SweepSpec.seedPath, "seeds", !sweep.seeds.isEmpty),
                (SweepSpec.foldPath, "folds", !sweep.folds.isEmpty),
                (SweepSpec.epochsPath, "halving", sweep.halving != nil),
            ] where isUsed && fixed.overlaps(path) {
                report(key, "'\(key.text)' is what the sweep's '\(name)' sets")
            }
            if let clash = known.clash(with: path, list: list) {
                report(
                    key,
                    "'\(key.text)' is set twice by the sweep, first as '\(clash.text)' on line "
                        + "\(clash.range.start.line)")
            }
            known.note(path, key, list: list)
        }
        return diagnostics.count == before
    }

    private mutating func checkCount() -> Bool {
        let count = combinations
        guard count > sweep.maxRuns else { return true }
        report(
            sweep.key,
            "the sweep has \(count == .max ? "too many" : "\(count)") trials, and 'max_runs' "
                + "allows \(sweep.maxRuns)")
        return false
    }

    /// Values of all trials together, for the sake of memory and of time.
    private static let maximumValues = 1_000_000

    /// Before a single one is laid out.
    private mutating func checkSize() -> Bool {
        let axes = sweep.grid.map { $0.values.map(\.count).max() ?? 0 }
        let (count, values) = (combinations, base.count + axes.reduce(0, +))
        guard count > Self.maximumValues / values else { return true }
        report(
            sweep.key,
            "\(count) trials of \(values) values each are more than can be kept: together "
                + "\(Self.maximumValues) are allowed")
        return false
    }

    /// The trials before any is excluded.
    private var combinations: Int {
        var count = max(sweep.list.count, 1)
        let factors =
            sweep.grid.map(\.values.count)
            + [
                sweep.random?.trials ?? 1, sweep.tpe?.trials ?? 1, max(sweep.seeds.count, 1),
                max(sweep.folds.count, 1),
                max(sweep.halving?.epochs.count ?? 1, 1),
            ]
        for factor in factors {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            count = overflow ? .max : product
        }
        return count
    }

    private mutating func report(_ key: YAMLKey, _ message: String) {
        tell(Diagnostic(message: message, source: key.source, range: key.range))
    }

    /// Once, however many trials share it.
    private mutating func tell(_ diagnostic: Diagnostic) {
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }
}

extension SweepSpec {
    /// The axes whose values are drawn or proposed.
    var drawnAxes: [RandomAxis] { (random?.axes ?? []) + (tpe?.axes ?? []) }

    static let seedPath: JSONPath = ["seed"]
    static let foldPath: JSONPath = ["data", "split", "fold"]
    static let epochsPath: JSONPath = ["train", "epochs"]
}

extension YAMLNode {
    /// A number of the top that is 0 or more, as seeds are.
    func integer(at key: String) -> Int? {
        if case .integer(let value)? = mapping?[key]?.scalar?.value, value >= 0 {
            value
        } else {
            nil
        }
    }
}
