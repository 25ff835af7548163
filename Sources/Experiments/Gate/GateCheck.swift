import ResultsFormat
import Retrieval

/// Compares results with a baseline by the rules that the results' specs state.
public struct GateCheck {
    let results: RunSet
    let baseline: RunSet
    /// Runs of the same job on the same machine, for what is gated as a ratio.
    let reference: RunSet?
    /// Whether what the baseline has and the results lack is listed only.
    let isPartial: Bool
    /// The line of a rule in its spec, by experiment and path; nil where no file is known.
    let line: (_ experiment: String, _ path: String) -> Int?
    let settings: CompleteSettings

    var outcome = GateReport()
    /// The cases whose test decides, with the direction.
    var tested: [(case: Int, direction: MetricDirection)] = []

    /// - Parameter isPartial: whether experiments, configurations and repetitions of the baseline
    ///   may be absent from the results. They are listed either way.
    /// - Parameter catalog: what knows the defaults of settings that older runs do not state.
    public init(
        results: RunSet, baseline: RunSet, reference: RunSet? = nil, isPartial: Bool = false,
        catalog: Catalog = .builtIn,
        line: @escaping (_ experiment: String, _ path: String) -> Int? = { _, _ in nil }
    ) {
        self.results = results
        self.baseline = baseline
        self.reference = reference
        self.isPartial = isPartial
        self.line = line
        settings = CompleteSettings(catalog: catalog)
    }

    /// - Throws: where a results file's `gate` is none.
    public func report() throws(ResultsDecodingError) -> GateReport {
        var check = self
        return try check.run()
    }

    private mutating func run() throws(ResultsDecodingError) -> GateReport {
        for (name, group) in results.experiments.map({ ($0.key, $0.value) }) {
            for (configuration, runs) in group.configurations.map({ ($0.key, $0.value) }) {
                try compare(name, configuration, runs, group)
            }
            let absent = baseline.experiments[name]?.configurations.keys.filter {
                group.configurations[$0] == nil
            }
            for configuration in absent ?? [] {
                addAbsent(
                    name, configuration, "the baseline has this configuration, the results do not",
                    group)
            }
        }
        for name in baseline.experiments.keys where results.experiments[name] == nil {
            addAbsent(
                name, "", "not compared: the baseline has this experiment, the results do not",
                RunSet.RunGroup())
            if !isPartial { outcome.absentExperiments.append(name) }
        }
        judge()
        return outcome
    }

    // MARK: One configuration

    private mutating func compare(
        _ name: String, _ configuration: String, _ runs: [GateRun], _ group: RunSet.RunGroup
    ) throws(ResultsDecodingError) {
        func problem(_ verdict: GateVerdict, _ reason: String) -> GateCase {
            GateCase(name, configuration, verdict, reason)
        }
        for run in runs where run.status != .completed {
            let reason = run.reason.map { ": \($0)" } ?? ""
            add(
                problem(
                    run.status == .pending ? .notComparable : .broken,
                    "\(run.repetition): \(run.status.rawValue)" + reason), group)
        }
        let completed = runs.filter { $0.status == .completed }
        guard let first = completed.first else { return }
        let rules = try GateRules(spec: first.spec)
        outcome.significance = min(outcome.significance, rules.significance)
        for run in completed {
            if let collapse = run.collapse(in: rules.part) {
                add(
                    problem(.regressed, "\(run.repetition): the model collapsed: \(collapse)"),
                    group)
            }
        }
        guard let base = baseline.experiments[name]?.configurations[configuration] else {
            let what = baseline.experiments[name] == nil ? "experiment" : "configuration"
            add(
                problem(
                    .notComparable, "the baseline lacks this \(what); tfrs-run accept adds it"),
                group)
            return
        }
        // A baseline's is that of all its runs.
        let shared = base.first?.objection
        let isShared = shared != nil && base.allSatisfy { $0.objection == shared }
        if isShared, let shared { add(problem(.notComparable, shared), group) }
        for run in completed + (isShared ? [] : base) {
            if let objection = run.objection {
                add(problem(.notComparable, "\(run.repetition): \(objection)"), group)
            }
        }
        let pairs = pair(
            completed, base, broken: runs.filter { $0.status != .completed }, name, configuration,
            group
        )
        .filter { $0.new.objection == nil && $0.old.objection == nil }
        guard !pairs.isEmpty else { return }
        noteDifferences(name, configuration, pairs[0])
        let figures = GateFigures(rules, pairs)
        let definition = MetricDefinition(settings: settings)
        let obstacle = GateComparison.obstacle(of: pairs, part: rules.part, definition)
        for (rule, path) in figures.judged {
            let direction = figures.direction(of: rule)
            let item = GateComparison(
                pairs: pairs, rule: rule, direction: direction, part: rules.part,
                obstacleOfRuns: obstacle, definition: definition
            ).fill(GateCase(name, configuration, metric: rule.name, .unchanged))
            add(item, group, path: path)
            if let direction, item.test != nil {
                tested.append((outcome.cases.count - 1, direction))
            }
        }
        for (metric, reason) in figures.notJudged {
            add(GateCase(name, configuration, metric: metric, .notJudged, reason), group)
        }
        compareCosts(name, configuration, completed, rules, group)
    }

    typealias Pair = (new: GateRun, old: GateRun)

    /// Pairs repetitions by seed and fold. Two sets of equally many and wholly other seeds are
    /// samples of the same thing and are paired in order.
    private mutating func pair(
        _ runs: [GateRun], _ base: [GateRun], broken: [GateRun], _ name: String,
        _ configuration: String, _ group: RunSet.RunGroup
    ) -> [Pair] {
        let known = Dictionary(base.map { ($0.repetition, $0) }) { first, _ in first }
        let pairs: [Pair] = runs.compactMap { run in
            known[run.repetition].map { (new: run, old: $0) }
        }
        if pairs.isEmpty, runs.count == base.count, broken.isEmpty {
            return zip(runs, base).map { ($0, $1) }
        }
        for run in runs where known[run.repetition] == nil {
            add(
                GateCase(
                    name, configuration, .notComparable,
                    "\(run.repetition): the baseline lacks it; tfrs-run accept adds it"), group)
        }
        let found = Set((runs + broken).map(\.repetition))
        for old in base where !found.contains(old.repetition) {
            addAbsent(
                name, configuration,
                "\(old.repetition): the baseline has it, the results do not", group)
        }
        return pairs
    }

    private mutating func noteDifferences(_ name: String, _ configuration: String, _ pair: Pair) {
        let ignored: Set<String> = ["gate", "seed", "description"]
        let type = FieldType.object(ExperimentSpec.description)
        let differences = JSONDifference.between(
            settings.of(pair.old.spec, as: type), settings.of(pair.new.spec, as: type)
        ).filter {
            guard case .key(let key)? = $0.path.components.first else { return true }
            return !ignored.contains(key)
        }
        guard !differences.isEmpty else { return }
        outcome.differences.append(
            GateDifferences(experiment: name, configuration: configuration, spec: differences))
    }

    // MARK: Cases

    mutating func add(_ item: GateCase, _ group: RunSet.RunGroup, path: String = "") {
        var item = item
        item.specPath = group.specPath
        item.line = line(item.experiment, path)
        outcome.cases.append(item)
    }

    /// What only the baseline has.
    private mutating func addAbsent(
        _ name: String, _ configuration: String, _ reason: String, _ group: RunSet.RunGroup
    ) {
        let verdict: GateVerdict = isPartial ? .skipped : .notComparable
        add(GateCase(name, configuration, verdict, reason), group)
    }
}
