import ResultsFormat

/// Makes results the baseline.
public enum BaselineUpdate {
    /// Why runs cannot be accepted.
    public enum Refusal: Error, CustomStringConvertible {
        /// A run did not complete.
        case broken(experiment: String, configuration: String, reason: String)
        /// The results do not agree with themselves.
        case unbelievable(experiment: String, configuration: String, reason: String)
        /// There are no runs.
        case empty

        public var description: String {
            switch self {
            case .broken(let experiment, let configuration, let reason):
                "\(experiment)\(configuration.isEmpty ? "" : " [\(configuration)]") did not "
                    + "complete and cannot be a baseline: \(reason)"
            case .unbelievable(let experiment, let configuration, let reason):
                "\(experiment)\(configuration.isEmpty ? "" : " [\(configuration)]") cannot be a "
                    + "baseline: \(reason)"
            case .empty: "there are no results to accept"
            }
        }
    }

    /// The baseline with the experiments of `results` in place of its own of the same name.
    ///
    /// - Parameter maximumPerQuery: values per query are kept of runs with at most this many
    ///   examples, so that the file stays small.
    public static func updating(
        _ baseline: AcceptedResults?, with results: RunSet, maximumPerQuery: Int
    ) throws -> AcceptedResults {
        guard !results.isEmpty else { throw Refusal.empty }
        var updated = baseline ?? AcceptedResults(toolVersion: ToolVersion.current, experiments: [])
        updated.toolVersion = ToolVersion.current
        for (name, group) in results.experiments.map({ ($0.key, $0.value) }) {
            let experiment = AcceptedResults.Experiment(
                name: name,
                configurations: try group.configurations.map { member in
                    try configuration(name, member.key, member.value, maximumPerQuery)
                })
            updated.experiments.removeAll { $0.name == name }
            updated.experiments.append(experiment)
        }
        updated.experiments.sort { $0.name < $1.name }
        return updated
    }

    private static func configuration(
        _ experiment: String, _ name: String, _ runs: [GateRun], _ maximumPerQuery: Int
    ) throws -> AcceptedResults.Configuration {
        let entries = try runs.map { run in
            guard run.status == .completed, let digest = run.digest,
                let fingerprint = run.dataFingerprint
            else {
                throw Refusal.broken(
                    experiment: experiment, configuration: name,
                    reason: "\(run.repetition) is \(run.status.rawValue)"
                        + (run.reason.map { ": \($0)" } ?? ""))
            }
            let rules = try GateRules(spec: run.spec)
            let objection =
                run.objection ?? run.perQueryProblem
                ?? run.collapse(in: rules.part).map { "the model collapsed: \($0)" }
            if let objection {
                throw Refusal.unbelievable(
                    experiment: experiment, configuration: name,
                    reason: "\(run.repetition): \(objection)")
            }
            return AcceptedResults.Run(
                seed: run.seed, fold: run.fold, digest: digest, dataFingerprint: fingerprint,
                contentSHA256: run.contentSHA256, metrics: run.metrics,
                definitions: run.definitions,
                perQuery: kept(run, rules, maximumPerQuery))
        }
        return AcceptedResults.Configuration(
            name: name, spec: (runs.first?.spec ?? .null).removing(["gate"]), runs: entries)
    }

    /// The values per query of what is gated.
    private static func kept(
        _ run: GateRun, _ rules: GateRules, _ maximum: Int
    ) -> OrderedMap<PerQueryValues> {
        guard var values = run.perQuery[rules.part], values.queries.count <= maximum else {
            return [:]
        }
        let names = rules.metrics?.map(\.name)
        values.metrics = OrderedMap(
            values.metrics.map { ($0.key, $0.value) }.filter { name, _ in
                names.map { $0.contains(name) }
                    ?? (run.figure(name, part: rules.part)?.direction != nil)
            })
        return values.metrics.isEmpty ? [:] : [rules.part: values]
    }
}
