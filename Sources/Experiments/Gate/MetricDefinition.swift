import ResultsFormat

/// What decides whether two values of one metric mean the same.
struct MetricDefinition {
    /// What of `evaluate:` says how the work is done, and not what is measured.
    private static let unmeasured: Set<String> = [
        "batch_size", "bootstrap_samples", "slices", "per_query", "every", "on", "metrics",
    ]

    /// How the metrics of a part are evaluated: candidates, ids, exclusions.
    static func evaluation(_ run: GateRun, part: String) -> JSONValue {
        let section = run.spec["evaluate"]?.objectValue ?? [:]
        // Each metric's own is that metric's, and an interval is none of its value.
        var definitions = run.definitions[part] ?? .null
        for key in ["metrics", "intervals"] where definitions[key] != nil {
            definitions[key] = nil
        }
        return [
            "evaluate": .object(
                OrderedMap(
                    section.filter { !unmeasured.contains($0.key) }.map { ($0.key, $0.value) })),
            "definitions": definitions,
        ]
    }

    /// What the spec and the results say of one metric.
    static func of(_ metric: String, _ run: GateRun, part: String) -> JSONValue {
        [
            "spec": inSpec(metric, run.spec),
            "results": run.definitions[part]?["metrics"]?[metric] ?? .null,
        ]
    }

    private static func inSpec(_ metric: String, _ spec: JSONValue) -> JSONValue {
        let batchSize = spec[path: ["evaluate", "batch_size"]] ?? .null
        for family in ["factorized", "batch", "loss"] {
            for entry in spec[path: ["metrics", .key(family)]]?.arrayValue ?? [] {
                let name = entry["name"]?.stringValue ?? entry["type"]?.stringValue ?? ""
                let own = metric.hasPrefix("per_query/") ? metric.dropFirst(10) : metric[...]
                guard own == name || ["/", "@"].contains(where: { own.hasPrefix(name + $0) })
                else { continue }
                // The cut-offs stand in the metrics' names: others may come and go.
                var definition = entry
                definition["ks"] = nil
                if family != "factorized" { definition["batch_size"] = batchSize }
                return definition
            }
        }
        guard metric == "loss" else { return .null }
        return [
            "loss": spec["loss"] ?? .null, "task": spec["task"] ?? .null, "batch_size": batchSize,
        ]
    }
}
