import ResultsFormat
import YAMLTree

/// What is wrong with the trials of a sweep, or looks so: each finding once, for trials share most
/// of what they say. One that is not about all of them names the first that it is about, unless it
/// points at what that trial sets.
struct TrialFindings {
    fileprivate struct Finding {
        var diagnostic: Diagnostic
        var first: SweepTrial
        var trials = 0
    }

    private var findings: [Finding] = []
    private var places: [Diagnostic: Int] = [:]
    private var trials = 0

    /// How many different ones there are.
    var count: Int { findings.count }

    mutating func add(_ diagnostics: [Diagnostic], of trial: SweepTrial) {
        trials += 1
        for diagnostic in Set(diagnostics) where places[diagnostic] != nil {
            findings[places[diagnostic]!].trials += 1
        }
        for diagnostic in diagnostics where places[diagnostic] == nil {
            places[diagnostic] = findings.count
            findings.append(Finding(diagnostic: diagnostic, first: trial, trials: 1))
        }
    }

    /// In the order in which they were found.
    var diagnostics: [Diagnostic] {
        findings.map { finding in
            guard finding.trials < trials, !finding.pointsAtSetting else {
                return finding.diagnostic
            }
            var named = finding.diagnostic
            let more = finding.trials > 1 ? " and \(finding.trials - 1) more" : ""
            named.message += " (in trial '\(finding.first.name)'\(more))"
            return named
        }
    }
}

extension TrialFindings.Finding {
    /// Whether it is about a value of the sweep itself, which the line then shows.
    fileprivate var pointsAtSetting: Bool {
        first.setPaths.contains { path in
            guard let value = first.tree.value(at: path) else { return false }
            return value.source == diagnostic.source && value.range.start <= diagnostic.range.start
                && diagnostic.range.end <= value.range.end
        }
    }
}

extension SweepTrial {
    /// The paths that the trial sets, seed, fold and epochs of a rung among them.
    fileprivate var setPaths: [JSONPath] {
        let repetition = [
            seed.map { _ in SweepSpec.seedPath }, fold.map { _ in SweepSpec.foldPath },
            rungEpochs.map { _ in SweepSpec.epochsPath },
        ]
        return settings.keys.compactMap(JSONPath.init(parsing:)) + repetition.compactMap(\.self)
    }
}
