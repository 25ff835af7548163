import ResultsFormat

/// What came of comparing one metric of one configuration.
public enum GateVerdict: String, Hashable, Sendable, CaseIterable {
    /// No rule is about the figure: it is listed, so that nobody takes it for judged.
    case notJudged = "not_judged"
    /// The digests are equal: nothing that is measured differs.
    case identical
    /// No difference beyond chance, or beyond what the rule allows.
    case unchanged
    /// Worse, and surely so, but by no more than the rule allows.
    case tolerated
    /// Worse by more than the rule allows, but that may be chance.
    case uncertain
    /// Better by more than the tolerance, and not by chance.
    case improved
    /// The rule asks for nothing, or for something that was not given.
    case skipped
    /// What would be compared is not there or does not mean the same.
    case notComparable = "not_comparable"
    /// Worse by more than the tolerance, and not by chance.
    case regressed
    /// A run failed, was killed or interrupted.
    case broken
}

/// One line of the gate's report.
public struct GateCase: Hashable, Sendable {
    /// The experiment's name.
    public var experiment: String
    /// Empty for an experiment without a sweep.
    public var configuration: String
    /// Nil where the case is about the runs as such.
    public var metric: String?
    /// What the rule says of the figure.
    public var verdict: GateVerdict
    /// Why, in a sentence; empty where the verdict says it all.
    public var reason: String
    /// Which way the metric is better; nil where nothing says it.
    public var direction: MetricDirection?
    /// The queries whose values changed most, the largest change first.
    public var moved: [MovedQuery] = []
    /// Means over the runs.
    public var baseline: Double?
    /// The mean over the runs that are checked; nil where there is none.
    public var candidate: Double?
    /// How much worse the rule lets the mean be.
    public var allowance: Double?
    /// Runs whose figures were compared.
    public var runs = 0
    /// The paired test, where there was one.
    public var test: SignificanceTest?
    /// The chance of a result at least as bad without any true change, corrected for the number
    /// of tests in the check.
    public var pValue: Double?
    /// The spec's file, where it is known.
    public var specPath: String?
    /// The line of the spec that the case is about, from 1.
    public var line: Int?

    init(
        _ experiment: String, _ configuration: String, metric: String? = nil,
        _ verdict: GateVerdict, _ reason: String = ""
    ) {
        self.experiment = experiment
        self.configuration = configuration
        self.metric = metric
        self.verdict = verdict
        self.reason = reason
    }

    /// (candidate − baseline) / |baseline|; nil where that is not defined.
    public var relativeChange: Double? {
        guard let baseline, let candidate, baseline != 0 else { return nil }
        let change = (candidate - baseline) / abs(baseline)
        return change.isFinite ? change : nil
    }
}

/// How the runs' specs, data and machines differ from those of the baseline; listed, not judged.
public struct GateDifferences: Hashable, Sendable {
    /// The experiment's name.
    public var experiment: String
    /// What tells the configuration from others of the experiment.
    public var configuration: String
    /// What the specs say differently.
    public var spec: [JSONDifference]
}

/// The outcome of a check.
public struct GateReport: Sendable {
    /// Every figure that has a rule.
    public internal(set) var cases: [GateCase] = []
    /// What the accepted and the checked specs say differently.
    public internal(set) var differences: [GateDifferences] = []
    /// The command by which what was found becomes the baseline, for whoever meant it.
    public var acceptCommand: String?
    /// What the tests were held to.
    public internal(set) var significance = GateRules().significance

    /// The one verdict: of all that apply the first in the order broken run, regression, not
    /// comparable, pass. Nothing evaluated is not comparable.
    public enum Outcome: String, Sendable {
        /// A run did not complete, or its results cannot be read.
        case broken
        /// A figure got worse than its rule allows.
        case regression
        /// Something could not be compared, or nothing was evaluated.
        case notComparable = "not_comparable"
        /// Every figure is as good as its rule asks for.
        case pass
    }

    /// The worst of what the cases say.
    public var outcome: Outcome {
        let verdicts = Set(cases.map(\.verdict))
        if verdicts.contains(.broken) { return .broken }
        if verdicts.contains(.regressed) { return .regression }
        let isAnythingEvaluated = cases.contains {
            ![.skipped, .notJudged, .notComparable, .broken].contains($0.verdict)
        }
        if verdicts.contains(.notComparable) || !isAnythingEvaluated { return .notComparable }
        return .pass
    }

    /// Experiments of the baseline that the results lack, where they should have them.
    var absentExperiments: [String] = []

    /// How to accept what was found, where that would change the verdict; else how to check what
    /// there is.
    public var advice: String? {
        guard outcome == .regression || outcome == .notComparable else { return nil }
        // Nothing can be accepted in the place of what is not there.
        let failed = count(of: .regressed) + count(of: .notComparable)
        guard absentExperiments.isEmpty || failed > absentExperiments.count else {
            return "The results lack \(absentExperiments.joined(separator: ", ")): check these as "
                + "well, or a part of the baseline by --partial"
        }
        return acceptCommand.map { "If this is meant, it becomes the baseline by: \($0)" }
    }

    public func count(of verdict: GateVerdict) -> Int {
        cases.count { $0.verdict == verdict }
    }
}

extension GateReport {
    /// The version of ``json``'s format.
    public static let schemaVersion = 1

    /// The report as a document of version ``schemaVersion``.
    public var json: JSONValue {
        let counts = GateVerdict.allCases.compactMap { verdict -> (String, JSONValue)? in
            let count = count(of: verdict)
            return count == 0 ? nil : (verdict.rawValue, .integer(count))
        }
        return .object([
            "schema_version": .integer(Self.schemaVersion), "kind": "check",
            "outcome": .string(outcome.rawValue), "significance": .number(significance),
            "counts": .object(OrderedMap(counts)), "cases": .array(cases.map(\.json)),
            "differences": .array(
                differences.map { difference in
                    [
                        "experiment": .string(difference.experiment),
                        "configuration": .string(difference.configuration),
                        "spec": .array(
                            difference.spec.map { change in
                                [
                                    "path": .string(change.path.text),
                                    "baseline": change.old ?? .null,
                                    "candidate": change.new ?? .null,
                                ]
                            }),
                    ]
                }),
        ])
    }
}

extension GateCase {
    var json: JSONValue {
        let members: [(String, JSONValue?)] = [
            ("experiment", .string(experiment)), ("configuration", .string(configuration)),
            ("metric", metric.map(JSONValue.string)), ("verdict", .string(verdict.rawValue)),
            ("reason", reason.isEmpty ? nil : .string(reason)),
            (
                "better",
                direction.map { .string($0 == .maximize ? "higher" : "lower") }
            ),
            ("baseline", baseline.map(JSONValue.number)),
            ("candidate", candidate.map(JSONValue.number)),
            ("relative_change", relativeChange.map(JSONValue.number)),
            ("allowance", allowance.flatMap { $0.isFinite ? .number($0) : nil }),
            ("runs", .integer(runs)),
            ("test", test.map { .string($0.method.rawValue) }),
            ("p_value", pValue.map(JSONValue.number)),
            (
                "difference_interval_95",
                test?.interval.map { [.number($0.lowerBound), .number($0.upperBound)] }
            ),
            ("moved", moved.isEmpty ? nil : .array(moved.map(\.json))),
        ]
        return .object(OrderedMap(members.compactMap { key, value in value.map { (key, $0) } }))
    }
}
