import ResultsFormat

/// Compares results with a baseline by the rules that the results' specs state.
public struct GateCheck {
    let results: RunSet
    let baseline: RunSet
    /// Runs of the same job on the same machine, for what is gated as a ratio.
    let reference: RunSet?
    /// The line of a rule in its spec, by experiment and path; nil where no file is known.
    let line: (_ experiment: String, _ path: String) -> Int?

    private var outcome = GateReport()
    /// The cases whose test decides, with the rule.
    private var tested: [(case: Int, rule: MetricRule, direction: MetricDirection)] = []

    public init(
        results: RunSet, baseline: RunSet, reference: RunSet? = nil,
        line: @escaping (_ experiment: String, _ path: String) -> Int? = { _, _ in nil }
    ) {
        self.results = results
        self.baseline = baseline
        self.reference = reference
        self.line = line
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
                add(
                    GateCase(
                        name, configuration, .notComparable,
                        "the baseline has this configuration, the results do not"), group)
            }
        }
        judge()
        return outcome
    }

    // MARK: One configuration

    private mutating func compare(
        _ name: String, _ configuration: String, _ runs: [GateRun], _ group: RunSet.RunGroup
    ) throws(ResultsDecodingError) {
        for run in runs where run.status != .completed {
            let verdict: GateVerdict = run.status == .pending ? .notComparable : .broken
            add(
                GateCase(
                    name, configuration, verdict,
                    "\(run.repetition): \(run.status.rawValue)"
                        + (run.reason.map { ": \($0)" } ?? "")), group)
        }
        let completed = runs.filter { $0.status == .completed }
        guard let first = completed.first else { return }
        let rules = try GateRules(spec: first.spec)
        outcome.significance = min(outcome.significance, rules.significance)
        guard let base = baseline.experiments[name]?.configurations[configuration] else {
            let what = baseline.experiments[name] == nil ? "experiment" : "configuration"
            add(
                GateCase(
                    name, configuration, .notComparable,
                    "the baseline lacks this \(what); tfrs-run accept adds it"), group)
            return
        }
        let pairs = pair(completed, base, broken: runs.filter { $0.status != .completed }) {
            add(GateCase(name, configuration, .notComparable, $0), group)
        }
        guard !pairs.isEmpty else { return }
        noteDifferences(name, configuration, pairs[0])
        let isIdentical = pairs.allSatisfy {
            $0.new.digest != nil && $0.new.digest == $0.old.digest
        }
        let figures = GateFigures(rules, pairs)
        for (rule, path) in figures.judged {
            var item = GateCase(name, configuration, metric: rule.name, .unchanged)
            item.runs = pairs.count
            let direction = figures.direction(of: rule)
            compare(
                &item, pairs, rule, direction, part: rules.part, isIdentical: isIdentical)
            add(item, group, path: path)
            if let direction, item.test != nil {
                tested.append((outcome.cases.count - 1, rule, direction))
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
    private func pair(
        _ runs: [GateRun], _ base: [GateRun], broken: [GateRun], problem: (String) -> Void
    ) -> [Pair] {
        var pairs: [Pair] = []
        for run in runs {
            if let old = base.first(where: { $0.repetition == run.repetition }) {
                pairs.append((run, old))
            }
        }
        if pairs.isEmpty, runs.count == base.count, broken.isEmpty {
            return zip(runs, base).map { ($0, $1) }
        }
        for run in runs where !base.contains(where: { $0.repetition == run.repetition }) {
            problem("\(run.repetition): the baseline lacks it; tfrs-run accept adds it")
        }
        for old in base where !(runs + broken).contains(where: { $0.repetition == old.repetition })
        {
            problem("\(old.repetition): the baseline has it, the results do not")
        }
        return pairs
    }

    private func compare(
        _ item: inout GateCase, _ pairs: [Pair], _ rule: MetricRule,
        _ direction: MetricDirection?, part: String, isIdentical: Bool
    ) {
        guard direction != nil else {
            item.verdict = .notComparable
            item.reason = "the rule requires 'direction': \(GateFigures.obstacle)"
            return
        }
        let new = pairs.compactMap { $0.new.metrics[part]?[rule.name] }
        let old = pairs.compactMap { $0.old.metrics[part]?[rule.name] }
        guard new.count == pairs.count, old.count == pairs.count else {
            let lacking = new.count < pairs.count ? "results" : "baseline"
            item.verdict = rule.isRequired ? .notComparable : .skipped
            item.reason = "the \(lacking) lack this metric of the \(part) part"
            return
        }
        item.candidate = new.mean
        item.baseline = old.mean
        item.allowance = rule.allowance(for: old.mean)
        if let bound = violatedBound(rule, new.mean) {
            item.verdict = .regressed
            item.reason = bound
            return
        }
        if isIdentical {
            item.verdict = .identical
            return
        }
        if let obstacle = obstacle(pairs, rule.name, part: part) {
            item.verdict = .notComparable
            item.reason = obstacle
            return
        }
        item.test = SignificanceTest(
            runDifferences: zip(new, old).map { $0 - $1 },
            queryDifferences: PairedQueries.differences(
                pairs.map { ($0.new.perQuery[part], $0.old.perQuery[part]) }, metric: rule.name),
            seed: 1)
    }

    private func violatedBound(_ rule: MetricRule, _ value: Double) -> String? {
        if let floor = rule.floor, value < floor { return "below its floor of \(floor)" }
        if let ceiling = rule.ceiling, value > ceiling { return "above its ceiling of \(ceiling)" }
        return nil
    }

    /// Why values of a metric cannot be compared, if so.
    private func obstacle(_ pairs: [Pair], _ metric: String, part: String) -> String? {
        for (new, old) in pairs {
            let place = pairs.count > 1 ? " (\(new.repetition))" : ""
            if new.dataFingerprint != old.dataFingerprint {
                guard let content = new.contentSHA256, let oldContent = old.contentSHA256 else {
                    return "the data or their split differ\(place)"
                }
                return content == oldContent
                    ? "the split of the data differs\(place)" : "the data differ\(place)"
            }
            let definitions = MetricDefinition.pair(metric, old, new, part: part)
            for (what, left, right) in [
                (
                    "the evaluation protocol differs", MetricDefinition.evaluation(old, part: part),
                    MetricDefinition.evaluation(new, part: part)
                ),
                ("the metric's definition differs", definitions.old, definitions.new),
            ] {
                let differences = JSONDifference.between(left, right)
                guard !differences.isEmpty else { continue }
                return "\(what): " + differences.map(\.line).joined(separator: "; ")
            }
        }
        return nil
    }

    private mutating func noteDifferences(_ name: String, _ configuration: String, _ pair: Pair) {
        let ignored: Set<String> = ["gate", "seed", "description"]
        let differences = JSONDifference.between(pair.old.spec, pair.new.spec).filter {
            guard case .key(let key)? = $0.path.components.first else { return true }
            return !ignored.contains(key)
        }
        guard !differences.isEmpty else { return }
        outcome.differences.append(
            GateDifferences(experiment: name, configuration: configuration, spec: differences))
    }

    // MARK: Time and memory

    private mutating func compareCosts(
        _ name: String, _ configuration: String, _ runs: [GateRun], _ rules: GateRules,
        _ group: RunSet.RunGroup
    ) {
        let costs: [(String, Double?, (ResultsDocument) -> Double?)] = [
            ("time", rules.timeRatio, { $0.timing.totalSeconds }),
            ("peak_memory", rules.memoryRatio, { $0.peakMemoryBytes.map(Double.init) }),
        ]
        for (metric, limit, value) in costs {
            guard let limit else { continue }
            var item = GateCase(name, configuration, metric: metric, .unchanged)
            let others = reference?.experiments[name]?.configurations[configuration] ?? []
            let new = runs.compactMap { $0.document.flatMap(value) }
            let old = others.compactMap { $0.document.flatMap(value) }
            if reference == nil {
                item.verdict = .skipped
                item.reason = "no --reference run of this job"
            } else if new.isEmpty || old.count != new.count || old.mean <= 0 {
                item.verdict = .notComparable
                item.reason = "the reference lacks runs of this configuration"
            } else if environment(runs) != environment(others) {
                item.verdict = .notComparable
                item.reason = "the reference ran on another machine or with other threads"
            } else {
                item.baseline = old.mean
                item.candidate = new.mean
                item.runs = new.count
                item.allowance = (limit - 1) * old.mean
                let ratio = new.mean / old.mean
                item.verdict = ratio > limit ? .regressed : .unchanged
                item.reason = "\(GateText.number(ratio)) times the reference, \(limit) allowed"
            }
            add(item, group, path: "gate.\(metric == "time" ? "time_ratio" : "memory_ratio")")
        }
    }

    private func environment(_ runs: [GateRun]) -> [String] {
        Set(
            runs.compactMap { $0.document?.environment }.map {
                "\($0.cpu) \($0.os) \($0.threads)"
            }
        ).sorted()
    }

    // MARK: Verdicts

    private mutating func add(_ item: GateCase, _ group: RunSet.RunGroup, path: String = "") {
        var item = item
        item.specPath = group.specPath
        item.line = line(item.experiment, path)
        outcome.cases.append(item)
    }

    /// Holds all tests of the check to one level together.
    private mutating func judge() {
        let cases = tested.compactMap { entry -> (Int, MetricRule, Double, Double, Double)? in
            guard let test = outcome.cases[entry.case].test else { return nil }
            let isMaximized = entry.direction == .maximize
            let worse = isMaximized ? -test.difference : test.difference
            guard let lower = test.lowerTail, let upper = test.upperTail else {
                return (entry.case, entry.rule, worse, .nan, .nan)
            }
            return (
                entry.case, entry.rule, worse, isMaximized ? lower : upper,
                isMaximized ? upper : lower
            )
        }
        let testable = cases.filter { !$0.3.isNaN }
        let worsePs = Holm.adjusted(testable.map(\.3))
        let betterPs = Holm.adjusted(testable.map(\.4))
        for (place, _, worse, _, _) in cases where !testable.contains(where: { $0.0 == place }) {
            judgeUntested(place, worse: worse)
        }
        for (index, (place, _, worse, _, _)) in testable.enumerated() {
            outcome.cases[place].pValue = worsePs[index]
            let isSurelyWorse = worsePs[index] <= outcome.significance
            let isBeyond = worse > (outcome.cases[place].allowance ?? 0)
            switch (isSurelyWorse, isBeyond) {
            case (true, true):
                outcome.cases[place].verdict = .regressed
            case (true, false):
                outcome.cases[place].verdict = .tolerated
            case (false, true):
                outcome.cases[place].verdict = .uncertain
            case (false, false):
                let isImproved =
                    betterPs[index] <= outcome.significance
                    && -worse > (outcome.cases[place].allowance ?? 0)
                outcome.cases[place].verdict = isImproved ? .improved : .unchanged
            }
        }
    }

    /// One run without values per query: the tolerance alone decides.
    private mutating func judgeUntested(_ place: Int, worse: Double) {
        let allowance = outcome.cases[place].allowance ?? 0
        outcome.cases[place].verdict =
            worse > allowance ? .regressed : -worse > allowance ? .improved : .unchanged
        outcome.cases[place].reason =
            "untested: one run without values per query, so the tolerance alone decides"
    }
}
