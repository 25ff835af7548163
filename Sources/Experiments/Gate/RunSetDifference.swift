import ResultsFormat
import Retrieval
import Safeguards

/// Two sets of results side by side, configuration by configuration: repetitions of one are told
/// together, by their means.
public struct RunSetDifference {
    private let settings: CompleteSettings

    /// - Parameter catalog: knows what a setting was that results of an older version leave unsaid.
    public init(catalog: Catalog = .builtIn) { settings = CompleteSettings(catalog: catalog) }

    /// The differences in words, for a terminal.
    public func text(from old: RunSet, to new: RunSet) -> String {
        let olds = old.groups
        let news = new.groups
        // Two single runs are compared whatever they are called.
        if olds.count == 1, news.count == 1, olds[0].runs.count == 1, news[0].runs.count == 1 {
            let isSame = olds[0].place == news[0].place
            return describe(
                isSame ? olds[0].place : "\(olds[0].place) -> \(news[0].place)", olds[0].runs,
                news[0].runs)
        }
        var text = ""
        let newByPlace = Dictionary(
            news.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let oldPlaces = Set(olds.map(\.place))
        for group in olds {
            if let other = newByPlace[group.place] {
                text += describe(group.place, group.runs, other.runs)
            } else {
                text += "\(group.place): only in the first\n"
            }
        }
        for group in news where !oldPlaces.contains(group.place) {
            text += "\(group.place): only in the second\n"
        }
        return text
    }

    /// What a baseline changes by taking results in the place of its own.
    public func moved(from old: RunSet, to new: RunSet) -> String {
        let olds = old.groups.filter { new.experiments[$0.experiment] != nil }
        let news = new.groups
        let oldByPlace = Dictionary(
            olds.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let newPlaces = Set(news.map(\.place))
        let changes = news.map { group in
            guard let before = oldByPlace[group.place] else {
                let count = group.runs.count
                return "\(group.place): new, \(count) run\(count == 1 ? "" : "s")\n"
            }
            return describe(before.place, before.runs, group.runs)
        }
        let dropped = olds.filter { !newPlaces.contains($0.place) }
        return changes.joined() + dropped.map { "\($0.place): no longer there\n" }.joined()
    }

    private func describe(_ place: String, _ olds: [GateRun], _ news: [GateRun]) -> String {
        let pairs = Self.pairs(olds, news)
        let isSame = { (pair: Pair) in pair.old.digest != nil && pair.old.digest == pair.new.digest
        }
        let objections = [("the first", olds), ("the second", news)].flatMap { which, runs in
            runs.compactMap { run in run.objection.map { "  of \(which): \($0)\n" } }
        }
        let unpaired =
            objections.joined()
            + Self.repetitions(olds, without: pairs.map(\.old), "only in the first")
            + Self.repetitions(news, without: pairs.map(\.new), "only in the second")
        guard let first = pairs.first(where: { !isSame($0) }) ?? pairs.first else {
            return "\(place):\n" + unpaired
        }
        let count = pairs.count > 1 ? " (\(pairs.count) runs)" : ""
        if pairs.allSatisfy(isSame), unpaired.isEmpty {
            return "\(place): identical\(count)\n" + Self.environment(first.old, first.new)
        }
        var text = "\(place):\(count)\n" + unpaired
        for (old, new) in pairs where old.status != new.status || new.status != .completed {
            let seed = pairs.count > 1 ? " of \(new.repetition)" : ""
            text += "  status\(seed): \(old.status.rawValue) -> \(new.status.rawValue)\n"
        }
        text += Self.metrics(pairs)
        // A baseline keeps of a spec all but its rules, and of the data what tells them apart.
        let isBrief = first.old.document == nil || first.new.document == nil
        let specs = [first.old, first.new].map { run in
            let spec = settings.of(run.spec, as: .object(ExperimentSpec.description))
            return isBrief ? spec.removing(["gate"]) : spec
        }
        let sources = [first.old, first.new].map { Self.data($0, isBrief: isBrief) }
        text += Self.section("spec", JSONDifference.between(specs[0], specs[1]))
        text += Self.section("data", JSONDifference.between(sources[0], sources[1]))
        for part in first.new.definitions.keys where first.old.definitions[part] != nil {
            text += Self.section(
                "evaluation of \(part)",
                JSONDifference.between(first.old.definitions[part], first.new.definitions[part]))
        }
        return text + Self.environment(first.old, first.new)
    }

    private typealias Pair = (old: GateRun, new: GateRun)

    /// By seed and fold; a single run and another of another seed are a pair too.
    private static func pairs(_ olds: [GateRun], _ news: [GateRun]) -> [Pair] {
        if olds.count == 1, news.count == 1 { return [(olds[0], news[0])] }
        let byRepetition = Dictionary(
            news.map { ($0.repetition, $0) }, uniquingKeysWith: { first, _ in first })
        return olds.compactMap { old in byRepetition[old.repetition].map { (old, $0) } }
    }

    private static func repetitions(
        _ runs: [GateRun], without paired: [GateRun], _ words: String
    ) -> String {
        let names = Set(paired.map(\.repetition))
        return runs.filter { !names.contains($0.repetition) }
            .map { "  \($0.repetition): \(words)\n" }.joined()
    }

    /// The metrics that differ: means over the runs that have them.
    private static func metrics(_ pairs: [Pair]) -> String {
        var rows: [(String, String)] = []
        for (part, name) in names(pairs.flatMap { [$0.old, $0.new] }) {
            let before = pairs.compactMap { $0.old.metrics[part]?[name] }
            let after = pairs.compactMap { $0.new.metrics[part]?[name] }
            guard before != after else { continue }
            let values = [before, after].map { $0.isEmpty ? "(none)" : GateText.number($0.mean) }
            var line = "\(values[0]) -> \(values[1])"
            if !before.isEmpty, !after.isEmpty, before.mean != 0 {
                let change = (after.mean - before.mean) / abs(before.mean)
                line += " (\(GateText.percent(change)))"
            }
            rows.append((VisibleText.line("\(part).\(name)"), line))
        }
        guard !rows.isEmpty else { return "  metrics: equal\n" }
        let width = rows.map(\.0.count).max() ?? 0
        return (pairs.count > 1 ? "  metrics, means of \(pairs.count) runs:\n" : "  metrics:\n")
            + rows.map { name, line in
                "    \(name)\(String(repeating: " ", count: width - name.count))  \(line)\n"
            }.joined()
    }

    /// Every metric of every part that one of the runs has, in their order.
    private static func names(_ runs: [GateRun]) -> [(part: String, name: String)] {
        var found: OrderedMap<OrderedMap<Bool>> = [:]
        for run in runs {
            for part in run.metrics {
                found.update(part.key, default: [:]) { names in
                    for metric in part.value { names[metric.key] = true }
                }
            }
        }
        return found.flatMap { part in part.value.map { (part.key, $0.key) } }
    }

    private static func data(_ run: GateRun, isBrief: Bool) -> JSONValue {
        if !isBrief, let data = run.document?.data {
            var members: [(String, JSONValue)] = [
                ("source", .string(data.source)), ("fingerprint", .string(data.fingerprint)),
            ]
            if let content = data.contentSHA256 {
                members.append(("content_sha256", .string(content)))
            }
            members.append(("counts", .object(data.counts.mapValues { .integer($0) })))
            return .object(OrderedMap(members))
        }
        return .object(
            OrderedMap(
                [
                    run.dataFingerprint.map { ("fingerprint", JSONValue.string($0)) },
                    run.contentSHA256.map { ("content_sha256", JSONValue.string($0)) },
                ].compactMap { $0 }))
    }

    private static func environment(_ old: GateRun, _ new: GateRun) -> String {
        guard let before = old.document?.json, let after = new.document?.json else { return "" }
        return section(
            "environment", JSONDifference.between(before["environment"], after["environment"]))
            + section(
                "timing", JSONDifference.between(before["timing"], after["timing"]), measured)
    }

    /// Measured numbers mean little beyond their first digits.
    private static func measured(_ difference: JSONDifference) -> String {
        guard let old = difference.old?.doubleValue, let new = difference.new?.doubleValue else {
            return difference.line
        }
        let change = old == 0 ? "" : " (\(GateText.percent((new - old) / abs(old))))"
        return VisibleText.line(
            "\(difference.path): \(GateText.number(old)) -> \(GateText.number(new))\(change)")
    }

    private static func section(
        _ name: String, _ differences: [JSONDifference],
        _ line: (JSONDifference) -> String = \.line
    ) -> String {
        guard !differences.isEmpty else { return "" }
        return "  \(name):\n" + differences.map { "    \(line($0))\n" }.joined()
    }
}

extension RunSet {
    /// All configurations with the names of their places.
    fileprivate var groups: [(place: String, experiment: String, runs: [GateRun])] {
        experiments.flatMap { experiment in
            experiment.value.configurations.map { configuration in
                let name =
                    configuration.key.isEmpty
                    ? experiment.key : "\(experiment.key) [\(configuration.key)]"
                return (VisibleText.line(name), experiment.key, configuration.value)
            }
        }
    }

    /// Tells where the spec of an experiment stands.
    public mutating func name(_ experiment: String, specPath: String) {
        experiments[experiment]?.specPath = specPath
    }

    /// Holds an experiment to the rules of its spec as it is now: results that were taken over
    /// may carry older ones, for the rules are no part of what was computed.
    public mutating func hold(_ experiment: String, toGateOf spec: JSONValue) {
        guard var group = experiments[experiment] else { return }
        group.configurations = group.configurations.mapValues { runs in
            runs.map { run in
                var run = run
                run.spec["gate"] = spec["gate"]
                return run
            }
        }
        experiments[experiment] = group
    }
}
