import ResultsFormat

/// One metric of paired runs: its numbers, and its verdict as far as no test decides it.
struct GateComparison {
    let pairs: [GateCheck.Pair]
    let rule: MetricRule
    /// Nil where nothing says which way the metric is better.
    let direction: MetricDirection?
    let part: String
    /// Why no values of these runs can be compared, if so.
    let obstacleOfRuns: String?
    let definition: MetricDefinition

    /// The case with all that is known before the tests of a check are judged together; one whose
    /// test decides has it.
    func fill(_ empty: GateCase) -> GateCase {
        var item = empty
        item.runs = pairs.count
        guard direction != nil else {
            return item.notComparable("the rule requires 'direction': \(GateFigures.obstacle)")
        }
        let new = pairs.compactMap { $0.new.metrics[part]?[rule.name] }
        let old = pairs.compactMap { $0.old.metrics[part]?[rule.name] }
        guard new.count == pairs.count, old.count == pairs.count else {
            let lacking = new.count < pairs.count ? "results" : "baseline"
            item.verdict = rule.isRequired ? .notComparable : .skipped
            item.reason = "the \(lacking) lack this metric of the \(part) part"
            return item
        }
        let differences = zip(new, old).map { $0 - $1 }
        guard (differences + [new.mean, old.mean, differences.mean]).allSatisfy(\.isFinite) else {
            return item.notComparable("the values are too large for their difference to be one")
        }
        item.candidate = new.mean
        item.baseline = old.mean
        item.direction = direction
        item.moved = PairedQueries.moved(
            pairs.map { ($0.new.perQuery[part], $0.old.perQuery[part]) }, metric: rule.name,
            names: pairs.lazy.compactMap(\.new.queryNames).first ?? [:])
        item.allowance = rule.allowance(for: old.mean)
        if let bound = violatedBound(new.mean) {
            item.verdict = .regressed
            item.reason = bound
            return item
        }
        if pairs.allSatisfy({ $0.new.digest != nil && $0.new.digest == $0.old.digest }) {
            item.verdict = .identical
            return item
        }
        if let obstacle = obstacle() { return item.notComparable(obstacle) }
        item.test = SignificanceTest(
            runDifferences: differences,
            queryDifferences: PairedQueries.differences(
                pairs.map { ($0.new.perQuery[part], $0.old.perQuery[part]) }, metric: rule.name),
            seed: 1)
        return item
    }

    private func violatedBound(_ value: Double) -> String? {
        if let floor = rule.floor, Rounding.exceeds(floor - value, 0, of: [floor, value]) {
            return "below its floor of \(floor)"
        }
        if let ceiling = rule.ceiling, Rounding.exceeds(value - ceiling, 0, of: [ceiling, value]) {
            return "above its ceiling of \(ceiling)"
        }
        return nil
    }

    /// Why the metric does not mean the same in both, if so.
    private func obstacle() -> String? {
        if let obstacleOfRuns { return obstacleOfRuns }
        for (new, old) in pairs {
            let definitions = definition.pair(rule.name, old, new, part: part)
            let differences = JSONDifference.between(definitions.old, definitions.new)
            guard !differences.isEmpty else { continue }
            return "the metric's definition differs: "
                + differences.map(\.line).joined(separator: "; ")
        }
        return nil
    }

    /// Why no values of a part of two runs can be compared, if so.
    static func obstacle(
        of pairs: [GateCheck.Pair], part: String, _ definition: MetricDefinition
    ) -> String? {
        for (new, old) in pairs {
            guard let obstacle = obstacle(new, old, part, definition) else { continue }
            return pairs.count > 1 ? "\(obstacle) (\(new.repetition))" : obstacle
        }
        return nil
    }

    private static func obstacle(
        _ new: GateRun, _ old: GateRun, _ part: String, _ definition: MetricDefinition
    ) -> String? {
        if let collapse = new.collapse(in: part) { return "the model collapsed: \(collapse)" }
        if new.dataFingerprint != old.dataFingerprint {
            guard let content = new.contentSHA256, let oldContent = old.contentSHA256 else {
                return "the data or their split differ"
            }
            return content == oldContent ? "the split of the data differs" : "the data differ"
        }
        let differences = definition.differences(old, new, part: part)
        if !differences.isEmpty {
            return "the evaluation protocol differs: "
                + differences.map(\.line).joined(separator: "; ")
        }
        if let problem = new.perQueryProblem(of: part) ?? old.perQueryProblem(of: part) {
            return problem
        }
        if let left = new.perQuery[part], let right = old.perQuery[part],
            left.queries != right.queries
        {
            return "the figures of single queries are of other queries"
        }
        return nil
    }
}

extension GateCase {
    fileprivate func notComparable(_ reason: String) -> GateCase {
        var item = self
        item.verdict = .notComparable
        item.reason = reason
        return item
    }
}

/// How differences of numbers that files write in decimals are held to a limit.
enum Rounding {
    /// Whether a difference lies beyond its limit by more than the rounding of the numbers that it
    /// was made of: a 10¹²th of the largest. So 0.8 - 0.7, which is 0.10000000000000009 in binary,
    /// does not lie beyond 0.1.
    static func exceeds(_ difference: Double, _ limit: Double, of numbers: [Double]) -> Bool {
        let largest = numbers.reduce(abs(limit)) { max($0, abs($1)) }
        return difference - limit > largest * 1e-12
    }
}
