import ResultsFormat
import Retrieval
import YAMLTree

/// Reads `sweep:`. Its frame is checked by its description, as any section is; its values are
/// specs' values, of any shape, and are kept as they stand in the file.
struct SweepDecoder {
    let catalog: Catalog
    private(set) var diagnostics: [Diagnostic] = []

    init(catalog: Catalog) {
        self.catalog = catalog
    }

    /// The sweep; where ``diagnostics`` says that something is wrong, as much of it as can be read,
    /// for the sake of what is wrong with its values.
    mutating func decode(_ entry: YAMLMapping.Entry) -> SweepSpec {
        var frame = SpecDecoder(catalog: catalog, environment: [:])
        let description = SweepSection.description
        let values = frame.decodeObject(
            entry.value, description, type: .object(description), at: entry.key.text)
        diagnostics = frame.diagnostics
        var sweep = SweepSpec(key: entry.key)
        let node = entry.value
        sweep.list = node.items(of: "list").map { listEntry($0) }
        sweep.grid = node.entries(of: "grid").compactMap { gridAxis($0) }
        sweep.seeds = distinct(node.items(of: "seeds"), "seeds")
        sweep.folds = distinct(node.items(of: "folds"), "folds")
        sweep.exclude = node.items(of: "exclude").map { condition($0, key: entry.key) }
        checkNames(sweep.list)
        if node.member("tpe") != nil { checkCompanyOfModel(in: node) }
        let (drawn, proposed) = (axes(of: "random", in: node), axes(of: "tpe", in: node))
        guard let values else {
            // One trial of what is right tells what else is wrong.
            if !drawn.isEmpty { sweep.random = SweepSpec.RandomSearch(trials: 1, axes: drawn) }
            if !proposed.isEmpty {
                sweep.tpe = SweepSpec.ModelSearch(
                    trials: 1, startup: 1, perRound: 1, axes: proposed)
            }
            return sweep
        }
        if let random = values[SweepSection.randomField] {
            sweep.random = SweepSpec.RandomSearch(
                trials: random[SweepSection.trialsField], seed: random[SweepSection.seedField],
                axes: drawn)
        }
        if let tpe = values[SweepSection.tpeField] {
            sweep.tpe = SweepSpec.ModelSearch(
                trials: tpe[SweepSection.trialsField], startup: tpe[SweepSection.startupField],
                perRound: tpe[SweepSection.perRoundField], seed: tpe[SweepSection.seedField],
                axes: proposed)
        }
        sweep.maxRuns = values[SweepSection.maxRunsField]
        sweep.objective = values[SweepSection.objectiveField].map(SweepSpec.Objective.init)
        if let halving = values[SweepSection.halvingField], let rungs = node.member("halving") {
            sweep.halving = self.halving(halving, rungs)
        }
        let parts = ["list", "grid", "random", "tpe", "seeds", "folds"]
        if diagnostics.isEmpty, parts.allSatisfy({ node.member($0) == nil }) {
            report(
                node.source, entry.key.range,
                "a sweep requires one of list, grid, random, tpe, seeds, folds")
        }
        return sweep
    }

    // MARK: Parts

    private mutating func listEntry(_ node: YAMLNode) -> SweepSpec.ListEntry {
        var entry = SweepSpec.ListEntry(settings: [])
        for member in node.mapping?.entries ?? [] {
            if member.key.text == "name" {
                entry.name = member.value.scalar?.text ?? ""
                entry.nameNode = member.value
            } else if let path = path(member.key) {
                entry.settings.append(
                    SpecSetting(path: path, key: member.key, value: member.value))
            }
        }
        return entry
    }

    /// What is proposed follows from all that went before, so nothing may multiply it or cut it
    /// short but repetitions.
    private mutating func checkCompanyOfModel(in sweep: YAMLNode) {
        for name in ["list", "grid", "random", "exclude", "halving"] {
            guard let other = sweep.mapping?.entry(name), sweep.member(name) != nil else {
                continue
            }
            report(
                other.key.source, other.key.range,
                "'tpe' goes with seeds and folds, not with '\(name)'; values to choose from are an "
                    + "axis of it: {choice: [...]}")
        }
    }

    /// Names of overlays are parts of trials' names, and so of files'.
    private mutating func checkNames(_ list: [SweepSpec.ListEntry]) {
        var known: Set<String> = []
        for entry in list {
            guard let name = entry.name, let node = entry.nameNode else { continue }
            if name.wholeMatch(of: /[A-Za-z0-9_+][A-Za-z0-9_.+-]{0,39}/) == nil {
                report(
                    node.source, node.range,
                    "'name' of an overlay requires at most 40 letters, digits, '_', '-', '+' or "
                        + "'.'; found \(node.foundWords)")
            } else if !known.insert(name).inserted {
                report(node.source, node.range, "two overlays are called '\(name)'")
            }
        }
    }

    private mutating func gridAxis(_ entry: YAMLMapping.Entry) -> SweepSpec.GridAxis? {
        guard let path = path(entry.key) else { return nil }
        guard let values = entry.value.items else {
            return SweepSpec.GridAxis(
                path: path, key: entry.key, values: entry.value.items(of: "values"),
                condition: when(entry))
        }
        return SweepSpec.GridAxis(path: path, key: entry.key, values: values)
    }

    /// The axes of a search of which nothing is said to be wrong.
    private mutating func axes(of name: String, in sweep: YAMLNode) -> [SweepSpec.RandomAxis] {
        let wrong = diagnostics
        let entries = sweep.member(name)?.entries(of: "axes") ?? []
        return entries.filter { entry in
            !wrong.contains { entry.value.contains($0) }
        }.compactMap { randomAxis($0) }
    }

    private mutating func randomAxis(_ entry: YAMLMapping.Entry) -> SweepSpec.RandomAxis? {
        guard let path = path(entry.key) else { return nil }
        let names = SweepSection.distributions.map(\.name)
        let given = names.compactMap { name in
            entry.value.member(name).map { (name: name, node: $0) }
        }
        guard given.count == 1, let (name, node) = given.first else {
            report(
                entry.value.source, entry.value.range,
                "a random axis requires one of \(names.joined(separator: ", "))")
            return nil
        }
        guard let distribution = distribution(name, node) else { return nil }
        return SweepSpec.RandomAxis(
            path: path, key: entry.key, distribution: distribution, condition: when(entry))
    }

    private mutating func distribution(_ name: String, _ node: YAMLNode) -> SweepDistribution? {
        let items = node.items ?? []
        if name == "choice" { return .choice(items) }
        let numbers = items.compactMap(\.plainValue.doubleValue)
        guard numbers.count == 2, numbers[0] < numbers[1] else {
            report(node.source, node.range, "'\(name)' requires its lower number first")
            return nil
        }
        switch name {
        case "uniform": return .uniform(numbers[0], numbers[1], at: node)
        case "log_uniform": return .logUniform(numbers[0], numbers[1], at: node)
        default:
            let integers = items.compactMap(\.plainValue.integerValue)
            let (width, overflow) = integers[1].subtractingReportingOverflow(integers[0])
            guard !overflow, width < .max else {
                report(node.source, node.range, "'int' requires fewer integers than these")
                return nil
            }
            return .int(integers[0], integers[1], at: node)
        }
    }

    private mutating func when(_ axis: YAMLMapping.Entry) -> SweepCondition? {
        axis.value.member("when").map { condition($0, key: axis.key) }
    }

    private mutating func condition(_ node: YAMLNode, key: YAMLKey) -> SweepCondition {
        let terms = (node.mapping?.entries ?? []).compactMap { entry -> SweepCondition.Term? in
            guard let path = path(entry.key) else { return nil }
            let values = entry.value.items ?? [entry.value]
            return SweepCondition.Term(path: path, values: values.map(\.plainValue))
        }
        return SweepCondition(terms: terms, key: key)
    }

    private mutating func halving(_ values: FieldValues, _ node: YAMLNode) -> SweepSpec.Halving {
        let epochs = values[SweepSection.epochsField]
        if zip(epochs, epochs.dropFirst()).contains(where: { $0 >= $1 }) {
            let blamed = node.member("epochs") ?? node
            report(
                blamed.source, blamed.range, "'epochs' of halving requires ascending numbers")
        }
        return SweepSpec.Halving(
            nodes: node.items(of: "epochs"), factor: values[SweepSection.factorField])
    }

    // MARK: Rules

    private mutating func distinct(_ nodes: [YAMLNode], _ name: String) -> [YAMLNode] {
        var seen: Set<Int> = []
        for node in nodes {
            guard let value = node.plainValue.integerValue else { continue }
            if !seen.insert(value).inserted {
                report(node.source, node.range, "'\(name)' has \(value) twice")
            }
        }
        return nodes
    }

    private mutating func path(_ key: YAMLKey) -> JSONPath? {
        guard let path = JSONPath(parsing: key.text), !path.components.isEmpty else {
            report(
                key.source, key.range,
                "'\(key.text)' is no path into a spec, such as train.optimizer.learning_rate")
            return nil
        }
        if case .key(let first)? = path.components.first, ["sweep", "gate", "name"].contains(first)
        {
            report(key.source, key.range, "a sweep cannot vary '\(first)'")
            return nil
        }
        return path
    }

    private mutating func report(_ source: SourceFile, _ range: SourceRange, _ message: String) {
        diagnostics.append(Diagnostic(message: message, source: source, range: range))
    }
}

extension SweepSpec.Objective {
    fileprivate init(_ values: FieldValues) {
        metric = values[SweepSection.metricField]
        direction = values[SweepSection.directionField].flatMap(MetricDirection.init)
        part = values[SweepSection.onField]
    }
}

extension YAMLNode {
    /// The member of a mapping; nil where there is none or null.
    fileprivate func member(_ name: String) -> YAMLNode? {
        guard let node = mapping?[name], node.scalar?.value != .null else { return nil }
        return node
    }

    /// Whether something is said of a place within it.
    fileprivate func contains(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.source == source && range.start <= diagnostic.range.start
            && diagnostic.range.end <= range.end
    }

    fileprivate func items(of name: String) -> [YAMLNode] { member(name)?.items ?? [] }

    fileprivate func entries(of name: String) -> [YAMLMapping.Entry] {
        member(name)?.mapping?.entries ?? []
    }
}
