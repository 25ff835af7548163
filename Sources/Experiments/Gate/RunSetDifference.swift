import ResultsFormat
import Safeguards

/// Two sets of results side by side.
public enum RunSetDifference {
    public static func text(from old: RunSet, to new: RunSet) -> String {
        let olds = old.runs
        let news = new.runs
        // Two single runs are compared whatever they are called.
        if olds.count == 1, news.count == 1 {
            let isSame = olds[0].place == news[0].place
            return describe(
                isSame ? olds[0].place : "\(olds[0].place) -> \(news[0].place)", olds[0].run,
                news[0].run)
        }
        var text = ""
        let newByPlace = Dictionary(
            news.map { ($0.place, $0.run) }, uniquingKeysWith: { first, _ in first })
        let oldPlaces = Set(olds.map(\.place))
        for entry in olds {
            if let other = newByPlace[entry.place] {
                text += describe(entry.place, entry.run, other)
            } else {
                text += "\(entry.place): only in the first\n"
            }
        }
        for entry in news where !oldPlaces.contains(entry.place) {
            text += "\(entry.place): only in the second\n"
        }
        return text
    }

    private static func describe(_ place: String, _ old: GateRun, _ new: GateRun) -> String {
        let objections = [("the first", old), ("the second", new)].compactMap { which, run in
            run.objection.map { "  of \(which): \($0)\n" }
        }
        if old.digest != nil, old.digest == new.digest, objections.isEmpty {
            return "\(place): identical\n" + environment(old, new)
        }
        var text = "\(place):\n" + objections.joined()
        if old.status != new.status || new.status != .completed {
            text += "  status: \(old.status.rawValue) -> \(new.status.rawValue)\n"
        }
        text += metrics(old, new)
        text += section("spec", JSONDifference.between(old.spec, new.spec))
        text += section(
            "data", JSONDifference.between(data(old), data(new)))
        for part in new.definitions.keys where old.definitions[part] != nil {
            text += section(
                "evaluation of \(part)",
                JSONDifference.between(old.definitions[part], new.definitions[part]))
        }
        return text + environment(old, new)
    }

    private static func metrics(_ old: GateRun, _ new: GateRun) -> String {
        var rows: [(String, String)] = []
        let parts = old.metrics.keys + new.metrics.keys.filter { old.metrics[$0] == nil }
        for part in parts {
            let before = old.metrics[part] ?? [:]
            let after = new.metrics[part] ?? [:]
            for name in before.keys + after.keys.filter({ before[$0] == nil }) {
                guard before[name] != after[name] else { continue }
                let values = [before[name], after[name]].map { $0.map(GateText.number) ?? "(none)" }
                var line = "\(values[0]) -> \(values[1])"
                if let a = before[name], let b = after[name], a != 0 {
                    line += " (\(GateText.percent((b - a) / abs(a))))"
                }
                rows.append((VisibleText.line("\(part).\(name)"), line))
            }
        }
        guard !rows.isEmpty else { return "  metrics: equal\n" }
        let width = rows.map(\.0.count).max() ?? 0
        return "  metrics:\n"
            + rows.map { name, line in
                "    \(name)\(String(repeating: " ", count: width - name.count))  \(line)\n"
            }.joined()
    }

    private static func data(_ run: GateRun) -> JSONValue {
        if let data = run.document?.data {
            var members: [(String, JSONValue)] = [
                ("source", .string(data.source)), ("fingerprint", .string(data.fingerprint)),
            ]
            if let content = data.contentSHA256 {
                members.append(("content_sha256", .string(content)))
            }
            members += data.counts.map { ("counts." + $0.key, .integer($0.value)) }
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
                "timing", JSONDifference.between(before["timing"], after["timing"]))
    }

    private static func section(_ name: String, _ differences: [JSONDifference]) -> String {
        guard !differences.isEmpty else { return "" }
        return "  \(name):\n" + differences.map { "    \($0.line)\n" }.joined()
    }
}

extension RunSet {
    /// All runs with the names of their places.
    fileprivate var runs: [(place: String, run: GateRun)] {
        experiments.flatMap { experiment in
            experiment.value.configurations.flatMap { configuration in
                configuration.value.map { run in
                    let name =
                        configuration.key.isEmpty
                        ? experiment.key : "\(experiment.key) [\(configuration.key)]"
                    let isAlone = configuration.value.count == 1
                    let place = isAlone ? name : "\(name), \(run.repetition)"
                    return (VisibleText.line(place), run)
                }
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
