import Platform
import ResultsFormat

extension ExperimentFile {
    /// The trials of the sweep as `plan` lists them; nil without a sweep.
    ///
    /// - Parameter estimate: how long each takes; nil: that is not told.
    public func trialList(_ estimate: SweepEstimate? = nil) -> String? {
        guard sweep != nil else { return nil }
        let configurations = Set(trials.map(\.trial.configuration)).count
        var text =
            "sweep\n  \(trials.count) trials of \(configurations) "
            + "configuration\(configurations == 1 ? "" : "s")"
        if trialLimit > trials.count {
            text +=
                ", and then up to \(trialLimit - trials.count) that are proposed by what those "
                + "before come to"
        }
        if let objective = objective(of: []) {
            let part = self.objective?.part ?? "validation, or test where there is no such part,"
            text += ", ranked by \(part) \(objective.metric), \(objective.direction.rawValue)"
        }
        text += "\n" + (estimate.map(Self.text) ?? "")
        let shown = trials.prefix(Self.shownTrials).map { trial, _ in
            [estimate.map { $0.words(of: trial.name) }, trial.name].compactMap { $0 }
        }
        text += TextTable.text(shown, indent: 4)
        if trials.count > Self.shownTrials {
            text += "    and \(trials.count - Self.shownTrials) more\n"
        }
        return text
    }

    private static let shownTrials = 200

    private static func text(_ estimate: SweepEstimate) -> String {
        guard let total = estimate.total else { return "" }
        return "  \(SweepEstimate.words(total)), \(estimate.jobs) at once, from a trial of "
            + (estimate.isWhole ? "each configuration" : "the first configurations") + "\n"
    }
}

extension SweepEstimate {
    /// The time of a trial, with a tilde where its configuration was not tried.
    fileprivate func words(of trial: String) -> String {
        guard let seconds = seconds[trial] else { return "?" }
        return (measured.contains(trial) ? "" : "~") + Self.words(seconds)
    }

    fileprivate var isWhole: Bool { measured.count == seconds.count }

    fileprivate static func words(_ range: ClosedRange<Double>) -> String {
        "\(range.lowerBound.timeWords) to \(range.upperBound.timeWords)"
    }
}
