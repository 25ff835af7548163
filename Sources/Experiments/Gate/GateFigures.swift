import ResultsFormat

/// Which figures of paired runs a check judges, by which rules, and which it does not, and why.
struct GateFigures {
    /// The rules with their paths in the spec. Without rules of its own, a spec has the default
    /// one for each metric of the results or of the baseline that says which way it is better.
    let judged: [(rule: MetricRule, path: String)]
    /// The other figures, each with the reason.
    let notJudged: [(metric: String, reason: String)]

    /// What the runs say of each figure: the results before the baseline, which may be older.
    private let records: OrderedMap<FigureRecord>

    init(_ rules: GateRules, _ pairs: [GateCheck.Pair]) {
        let part = rules.part
        let new = pairs[0].new.metrics[part]?.keys ?? []
        let old = pairs[0].old.metrics[part]?.keys ?? []
        let known = Set(new)
        let names = new + old.filter { !known.contains($0) }
        let records = OrderedMap(
            names.compactMap { name in
                (pairs[0].new.figure(name, part: part) ?? pairs[0].old.figure(name, part: part))
                    .map { (name, $0) }
            })
        self.records = records
        if let own = rules.metrics {
            judged = own.enumerated().map { ($1, "gate.metrics[\($0)]") }
            let ruled = Set(own.map(\.name))
            notJudged =
                names.filter { !ruled.contains($0) }.map { ($0, "gate.metrics has no rule for it") }
                + Self.elsewhere(pairs[0], than: part)
        } else {
            let reasons = names.map { ($0, Self.reason(against: records[$0])) }
            judged = reasons.filter { $0.1 == nil }.map { (MetricRule(name: $0.0), "gate") }
            notJudged =
                reasons.compactMap { name, reason in reason.map { (name, $0) } }
                + Self.elsewhere(pairs[0], than: part)
        }
    }

    /// The figures that the rules are not about: those of other parts, and of slices.
    private static func elsewhere(
        _ pair: GateCheck.Pair, than part: String
    ) -> [(metric: String, reason: String)] {
        let others = pair.new.metrics.filter { $0.key != part }.flatMap { other in
            other.value.keys.map { (metric: "\(other.key).\($0)", reason: "gate.on is '\(part)'") }
        }
        let slices = (pair.new.sliceFigures(of: part) + pair.old.sliceFigures(of: part)).map {
            (metric: $0, reason: "the gate judges whole parts, not their slices")
        }
        var seen: Set<String> = []
        return others + slices.filter { seen.insert($0.metric).inserted }
    }

    /// Which way the figure of a rule is better.
    func direction(of rule: MetricRule) -> MetricDirection? {
        rule.direction ?? records[rule.name]?.direction
    }

    /// Why the default rule is not for a figure; nil where it is.
    private static func reason(against record: FigureRecord?) -> String? {
        switch record?.better {
        case .higher, .lower:
            // Its size depends on the task's options.
            return record?.isLoss == true
                ? "a loss is the means, not the end; a rule in gate.metrics judges it" : nil
        case .neither:
            return "neither way is better by itself; a rule in gate.metrics with 'direction' "
                + "judges it"
        case nil:
            return obstacle + "; a rule in gate.metrics with 'direction' judges it"
        }
    }

    static let obstacle =
        "the results do not say which way this figure is better, as those of older versions and "
        + "of metrics without a description"
}

extension GateRun {
    /// The figures of slices of a part, as paths below the part.
    fileprivate func sliceFigures(of part: String) -> [String] {
        (document?.evaluation[part]?.slices ?? [:]).flatMap { slice in
            slice.value.metrics.keys.map { "slices.\(slice.key).\($0)" }
        }
    }
}

extension FigureRecord {
    /// Whether the figure is made of the training's loss.
    fileprivate var isLoss: Bool {
        guard let source, let path = JSONPath(parsing: source)?.components else { return false }
        return path.first != .key("metrics") || path.dropFirst().first == .key("loss")
    }
}
