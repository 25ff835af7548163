import ResultsFormat

extension ExperimentFile {
    /// The trials of the sweep as `plan` lists them; nil without a sweep.
    public var trialList: String? {
        guard sweep != nil else { return nil }
        let configurations = Set(trials.map(\.trial.configuration)).count
        var text =
            "sweep\n  \(trials.count) trials of \(configurations) "
            + "configuration\(configurations == 1 ? "" : "s")"
        if let objective = objective(of: []) {
            let part = self.objective?.part ?? "validation, or test where there is no such part,"
            text += ", ranked by \(part) \(objective.metric), \(objective.direction.rawValue)"
        }
        text += "\n"
        for (trial, _) in trials.prefix(Self.shownTrials) { text += "    \(trial.name)\n" }
        if trials.count > Self.shownTrials {
            text += "    and \(trials.count - Self.shownTrials) more\n"
        }
        return text
    }

    private static let shownTrials = 200
}
