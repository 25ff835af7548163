import ResultsFormat
import Retrieval

/// What decides whether two values of one metric mean the same.
struct MetricDefinition {
    let settings: CompleteSettings

    /// What of `evaluate:` says how the work is done, and not what is measured.
    private static let unmeasured: Set<String> = [
        "batch_size", "bootstrap_samples", "slices", "per_query", "every", "on", "metrics",
        "baselines",
    ]

    /// How the protocols of two runs differ in a part: candidates, ids, exclusions.
    func differences(_ old: GateRun, _ new: GateRun, part: String) -> [JSONDifference] {
        // What only one of them says of its own words is no difference: the settings tell.
        let words = JSONDifference.between(
            Self.words(of: old, part), Self.words(of: new, part), at: ["definitions"]
        ).filter { $0.old != nil && $0.new != nil }
        return JSONDifference.between(section(of: old), section(of: new), at: ["evaluate"]) + words
    }

    private func section(of run: GateRun) -> JSONValue {
        let section = settings.of(
            run.spec["evaluate"] ?? [:], as: .object(EvaluateSection.description))
        return .object(
            OrderedMap(
                (section.objectValue ?? [:]).filter { !Self.unmeasured.contains($0.key) }
                    .map { ($0.key, $0.value) }))
    }

    /// What the results say of a part, but for each metric's own, which is that metric's, and for
    /// intervals, which are none of its value.
    private static func words(of run: GateRun, _ part: String) -> JSONValue {
        (run.definitions[part] ?? [:]).removing(["metrics"]).removing(["intervals"])
    }

    /// What the specs and the results of two runs say of one metric. What only one of them says is
    /// no difference: results of older versions describe fewer figures, and in fewer words.
    func pair(
        _ metric: String, _ old: GateRun, _ new: GateRun, part: String
    ) -> (old: JSONValue, new: JSONValue) {
        let (before, after) = (old.figure(metric, part: part), new.figure(metric, part: part))
        let maker = makers(before?.source, old.spec, after?.source, new.spec)
        return (
            ["spec": maker.old, "results": Self.words(of: before, where: after)],
            ["spec": maker.new, "results": Self.words(of: after, where: before)]
        )
    }

    /// What a description says of the meaning, as far as another says it too.
    private static func words(
        of record: FigureRecord?, where other: FigureRecord?
    ) -> JSONValue {
        guard let record = record?.json, let other = other?.json else { return .null }
        return .object(
            OrderedMap(
                ["component", "better", "cutoff", "definition"].compactMap { key in
                    other[key] == nil ? nil : record[key].map { (key, $0) }
                }))
    }

    /// The metric's makers in the two specs. A run that does not say where its own stands has the
    /// other's, if there is one like it in its spec.
    private func makers(
        _ oldSource: String?, _ old: JSONValue, _ newSource: String?, _ new: JSONValue
    ) -> (old: JSONValue, new: JSONValue) {
        guard let source = newSource ?? oldSource, let path = JSONPath(parsing: source) else {
            return (.null, .null)
        }
        func maker(_ own: String?, _ spec: JSONValue, like other: JSONValue?) -> JSONValue {
            if let path = own.flatMap(JSONPath.init(parsing:)) { return self.maker(path, in: spec) }
            let siblings = path.parent.flatMap { family in
                spec[path: family]?.arrayValue?.indices.map {
                    self.maker(family.appending(.index($0)), in: spec)
                }
            }
            return siblings?.first { $0 == other } ?? self.maker(path, in: spec)
        }
        let after = newSource.map { maker($0, new, like: nil) }
        let before = maker(oldSource, old, like: after)
        return (before, after ?? maker(nil, new, like: before))
    }

    /// What a spec says of the maker of a figure.
    private func maker(_ path: JSONPath, in spec: JSONValue) -> JSONValue {
        let batchSize = spec[path: ["evaluate", "batch_size"]] ?? .null
        guard path.components.first == .key("metrics") else {
            return [
                "loss": complete(spec["loss"], at: ["loss"]),
                "task": complete(spec["task"], at: ["task"]),
                "batch_size": batchSize,
            ]
        }
        // The cut-offs stand beside the metrics' values: others may come and go.
        var entry = complete(spec[path: path]?.removing(["ks"]), at: path).removing(["ks"])
        // A metric of batches depends on what is in one.
        if path.components.dropFirst().first != .key("factorized") {
            entry["batch_size"] = batchSize
        }
        return entry
    }

    private func complete(_ value: JSONValue?, at path: JSONPath) -> JSONValue {
        guard let value else { return .null }
        let type = settings.type(
            at: path.components[...], in: .object(ExperimentSpec.description))
        return type.map { settings.of(value, as: $0) } ?? value
    }
}

extension JSONPath {
    /// The path of what holds the value; nil at the top.
    fileprivate var parent: JSONPath? {
        components.isEmpty ? nil : JSONPath(components.dropLast())
    }
}
