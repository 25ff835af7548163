import ResultsFormat
import YAMLTree

/// Reads `sweep:`. Its values are specs' values, of any shape, which only the merged spec can
/// judge; here the frame is checked.
struct SweepDecoder {
    private(set) var diagnostics: [Diagnostic] = []

    /// The sweep, or nil where ``diagnostics`` says what is wrong.
    mutating func decode(_ entry: YAMLMapping.Entry) -> SweepSpec? {
        var sweep = SweepSpec(key: entry.key)
        guard let mapping = fields(entry.value, of: "sweep", SweepSpec.keys) else { return nil }
        if let node = mapping["list"] { sweep.list = list(node) }
        if let node = mapping["grid"] {
            sweep.grid = axes(node, "grid").compactMap { gridAxis($0) }
        }
        if let node = mapping["random"] { sweep.random = random(node) }
        if let node = mapping["seeds"] { sweep.seeds = integers(node, "seeds", atLeast: 0) }
        if let node = mapping["folds"] { sweep.folds = integers(node, "folds", atLeast: 0) }
        if let node = mapping["exclude"] {
            sweep.exclude = items(node, "exclude").compactMap {
                condition($0, key: entry.key, name: "exclude")
            }
        }
        if let node = mapping["max_runs"] {
            sweep.maxRuns = integer(node, "max_runs", 1...1_000_000) ?? 1
        }
        if let node = mapping["objective"] { sweep.objective = objective(node) }
        if let node = mapping["halving"] { sweep.halving = halving(node) }
        let parts = ["list", "grid", "random", "seeds", "folds"]
        if diagnostics.isEmpty, !parts.contains(where: { mapping[$0] != nil }) {
            report(entry.key, "a sweep requires one of list, grid, random, seeds, folds")
        }
        return diagnostics.isEmpty ? sweep : nil
    }

    // MARK: Parts

    private mutating func list(_ node: YAMLNode) -> [SweepSpec.ListEntry] {
        items(node, "list").map { item in
            guard let mapping = item.mapping, !mapping.entries.isEmpty else {
                report(item, "an entry of 'list' requires a mapping from paths to values")
                return SweepSpec.ListEntry(settings: [])
            }
            return SweepSpec.ListEntry(
                settings: mapping.entries.compactMap { entry in
                    path(entry.key).map {
                        SpecSetting(path: $0, key: entry.key, value: entry.value)
                    }
                })
        }
    }

    private mutating func gridAxis(_ entry: YAMLMapping.Entry) -> SweepSpec.GridAxis? {
        guard let path = path(entry.key) else { return nil }
        var values = entry.value
        var condition: SweepCondition?
        if entry.value.mapping != nil {
            guard let mapping = fields(entry.value, of: "a grid axis", ["values", "when"]) else {
                return nil
            }
            guard let node = mapping["values"] else {
                report(entry.value, "a grid axis requires 'values': a list of values")
                return nil
            }
            values = node
            condition = mapping["when"].flatMap {
                self.condition($0, key: entry.key, name: "when")
            }
        }
        let nodes = items(values, entry.key.text)
        return SweepSpec.GridAxis(
            path: path, key: entry.key, values: nodes, condition: condition)
    }

    private mutating func random(_ node: YAMLNode) -> SweepSpec.RandomSearch? {
        guard let mapping = fields(node, of: "random", ["trials", "seed", "axes"]) else {
            return nil
        }
        guard let trials = mapping["trials"], let axesNode = mapping["axes"] else {
            report(node, "random requires 'trials', how many to draw, and 'axes'")
            return nil
        }
        var search = SweepSpec.RandomSearch(
            trials: integer(trials, "trials", 1...1_000_000) ?? 1,
            seed: mapping["seed"].flatMap { integer($0, "seed", 0...Int.max) })
        search.axes = axes(axesNode, "axes").compactMap { randomAxis($0) }
        return search
    }

    private mutating func randomAxis(_ entry: YAMLMapping.Entry) -> SweepSpec.RandomAxis? {
        guard let path = path(entry.key),
            let mapping = fields(
                entry.value, of: "a random axis", SweepDistribution.names + ["when"])
        else { return nil }
        let given = mapping.entries.filter { SweepDistribution.names.contains($0.key.text) }
        guard given.count == 1, let choice = given.first else {
            report(
                entry.value,
                "a random axis requires one of \(SweepDistribution.names.joined(separator: ", "))")
            return nil
        }
        guard let distribution = distribution(choice) else { return nil }
        return SweepSpec.RandomAxis(
            path: path, key: entry.key, distribution: distribution,
            condition: mapping["when"].flatMap { condition($0, key: entry.key, name: "when") })
    }

    private mutating func distribution(_ entry: YAMLMapping.Entry) -> SweepDistribution? {
        let name = entry.key.text
        if name == "choice" {
            let values = items(entry.value, name)
            return values.isEmpty ? nil : .choice(values)
        }
        let bounds = entry.value.items ?? []
        let numbers = bounds.compactMap(\.plainValue.doubleValue)
        guard bounds.count == 2, numbers.count == 2, numbers[0] < numbers[1] else {
            report(entry.value, "'\(name)' requires two numbers, [lower, upper]")
            return nil
        }
        switch name {
        case "uniform":
            return .uniform(numbers[0], numbers[1], at: entry.value)
        case "log_uniform":
            guard numbers[0] > 0 else {
                report(
                    bounds[0],
                    "'log_uniform' requires bounds greater than 0; found \(bounds[0].foundWords)")
                return nil
            }
            return .logUniform(numbers[0], numbers[1], at: entry.value)
        default:
            guard let low = bounds[0].plainValue.integerValue,
                let high = bounds[1].plainValue.integerValue,
                !high.subtractingReportingOverflow(low).overflow, high - low < Int.max
            else {
                report(entry.value, "'int' requires two integers, [lower, upper]")
                return nil
            }
            return .int(low, high, at: entry.value)
        }
    }

    private mutating func condition(
        _ node: YAMLNode, key: YAMLKey, name: String
    ) -> SweepCondition? {
        guard let mapping = node.mapping, !mapping.entries.isEmpty else {
            report(node, "'\(name)' requires a mapping from paths to values or lists of values")
            return nil
        }
        let terms = mapping.entries.compactMap { entry -> SweepCondition.Term? in
            guard let path = path(entry.key) else { return nil }
            let values = entry.value.items ?? [entry.value]
            return SweepCondition.Term(path: path, values: values.map(\.plainValue))
        }
        return SweepCondition(terms: terms, key: key)
    }

    private mutating func objective(_ node: YAMLNode) -> SweepSpec.Objective? {
        guard let mapping = fields(node, of: "objective", ["metric", "direction", "on"]) else {
            return nil
        }
        guard let metric = mapping["metric"]?.scalar?.text, !metric.isEmpty else {
            report(node, "objective requires 'metric': the name of a metric in the results")
            return nil
        }
        let direction = mapping["direction"].map {
            choice($0, "direction", MetricDirection.allCases.map(\.rawValue))
        }
        let part = mapping["on"].map { choice($0, "on", ["test", "validation"]) }
        return SweepSpec.Objective(
            metric: metric, direction: direction.flatMap { $0 }.flatMap(MetricDirection.init),
            part: part.flatMap { $0 })
    }

    private mutating func halving(_ node: YAMLNode) -> SweepSpec.Halving? {
        guard let mapping = fields(node, of: "halving", ["epochs", "factor"]) else { return nil }
        guard let list = mapping["epochs"] else {
            report(node, "halving requires 'epochs': those of each rung, ascending")
            return nil
        }
        let nodes = integers(list, "epochs", atLeast: 1)
        let epochs = nodes.compactMap(\.plainValue.integerValue)
        if epochs.count < 2 || zip(epochs, epochs.dropFirst()).contains(where: { $0 >= $1 }) {
            report(list, "'epochs' of halving requires at least two numbers, ascending")
        }
        let factor = mapping["factor"].map { integer($0, "factor", 2...1000) ?? 2 } ?? 3
        return SweepSpec.Halving(nodes: nodes, factor: factor)
    }

    // MARK: Frames

    private mutating func axes(_ node: YAMLNode, _ name: String) -> [YAMLMapping.Entry] {
        guard let mapping = node.mapping, !mapping.entries.isEmpty else {
            report(node, "'\(name)' requires a mapping from paths into the spec to axes")
            return []
        }
        return mapping.entries
    }

    private mutating func fields(
        _ node: YAMLNode, of owner: String, _ known: [String]
    ) -> YAMLMapping? {
        guard let mapping = node.mapping else {
            report(node, "\(owner) requires a mapping with \(known.joined(separator: ", "))")
            return nil
        }
        for entry in mapping.entries where !known.contains(entry.key.text) {
            let meant = Suggestion.closest(to: entry.key.text, among: known)
            report(
                entry.key,
                "\(owner) has no '\(entry.key.text)'; "
                    + (meant.map { "did you mean '\($0)'?" }
                        ?? "it has \(known.joined(separator: ", "))"))
        }
        return mapping
    }

    private mutating func items(_ node: YAMLNode, _ name: String) -> [YAMLNode] {
        guard let items = node.items, !items.isEmpty else {
            report(
                node, "'\(name)' requires a list with at least one value; found \(node.foundWords)")
            return []
        }
        return items
    }

    private mutating func integers(
        _ node: YAMLNode, _ name: String, atLeast least: Int
    ) -> [YAMLNode] {
        let nodes = items(node, name)
        var seen: Set<Int> = []
        for item in nodes {
            guard let value = item.plainValue.integerValue, value >= least else {
                report(item, "'\(name)' requires integers, at least \(least)")
                continue
            }
            if !seen.insert(value).inserted { report(item, "'\(name)' has \(value) twice") }
        }
        return nodes
    }

    private mutating func integer(
        _ node: YAMLNode, _ name: String, _ bounds: ClosedRange<Int>
    ) -> Int? {
        guard let value = node.plainValue.integerValue, bounds.contains(value) else {
            let upper = bounds.upperBound == .max ? "" : " and at most \(bounds.upperBound)"
            report(node, "'\(name)' requires an integer, at least \(bounds.lowerBound)\(upper)")
            return nil
        }
        return value
    }

    private mutating func choice(_ node: YAMLNode, _ name: String, _ known: [String]) -> String? {
        guard let text = node.scalar?.text, known.contains(text) else {
            report(node, "'\(name)' requires one of \(known.joined(separator: ", "))")
            return nil
        }
        return text
    }

    private mutating func path(_ key: YAMLKey) -> JSONPath? {
        guard let path = JSONPath(parsing: key.text), !path.components.isEmpty else {
            report(
                key, "'\(key.text)' is no path into a spec, such as train.optimizer.learning_rate")
            return nil
        }
        if case .key(let first)? = path.components.first, ["sweep", "gate", "name"].contains(first)
        {
            report(key, "a sweep cannot vary '\(first)'")
            return nil
        }
        return path
    }

    private mutating func report(_ node: YAMLNode, _ message: String) {
        diagnostics.append(Diagnostic(message: message, source: node.source, range: node.range))
    }

    private mutating func report(_ key: YAMLKey, _ message: String) {
        diagnostics.append(Diagnostic(message: message, source: key.source, range: key.range))
    }
}

extension SweepSpec {
    static let keys = [
        "list", "grid", "random", "seeds", "folds", "exclude", "max_runs", "objective", "halving",
    ]
}
