import ResultsFormat
import Retrieval

/// Puts the entries of trials together into an index.
public enum SweepSummary {
    /// - Parameter objective: what trials are ranked by; nil: they are not.
    public static func index(
        name: String, specPath: String?, shard: String?, programSHA256: String?,
        objective: SweepObjective?, trials: [TrialEntry],
        figures: OrderedMap<FigureRecord> = [:]
    ) -> SweepIndex {
        let trials = trials.sorted { $0.name < $1.name }
        return SweepIndex(
            name: name, specPath: specPath, shard: shard, programSHA256: programSHA256,
            objective: objective, trials: trials,
            configurations: configurations(trials, objective), figures: figures)
    }

    /// What a results document says of a trial.
    public static func metrics(
        of document: ResultsDocument
    ) -> OrderedMap<OrderedMap<Double>> {
        document.evaluation.mapValues { part in
            var metrics = part.metrics
            for (name, value) in [
                ("loss", part.loss), ("regularization_loss", part.regularizationLoss),
                ("total_loss", part.totalLoss),
            ] where metrics[name] == nil {
                metrics[name] = value
            }
            return metrics
        }
    }

    /// Configurations by the mean of an objective over their completed trials, best first, equals
    /// by name; those without a value at the end.
    static func configurations(
        _ trials: [TrialEntry], _ objective: SweepObjective?
    ) -> [ConfigurationEntry] {
        var byName: OrderedMap<[TrialEntry]> = [:]
        for trial in trials where trial.isFinal {
            byName[trial.configuration] = (byName[trial.configuration] ?? []) + [trial]
        }
        var entries = byName.map { member in
            let completed = member.value.filter { $0.status == .completed }
            return ConfigurationEntry(
                name: member.key, settings: member.value[0].settings, trials: member.value.count,
                completed: completed.count,
                metrics: MetricSummary.byPart(completed.map(\.metrics)))
        }
        guard let objective else { return entries }
        func value(_ entry: ConfigurationEntry) -> Double? {
            entry.metrics[objective.part]?[objective.metric]?.mean
        }
        entries.sort { left, right in
            switch (value(left), value(right)) {
            case (let a?, let b?) where a != b: objective.prefers(a, to: b)
            case (.some, nil): true
            case (nil, .some): false
            default: left.name < right.name
            }
        }
        for index in entries.indices where value(entries[index]) != nil {
            entries[index].rank = index + 1
        }
        return entries
    }
}

extension ExperimentFile {
    /// What the figures of the trials are, by name; where trials call different ones alike, the
    /// first trial's.
    public func figures(catalog: Catalog) -> OrderedMap<FigureRecord> {
        var found: OrderedMap<FigureRecord> = [:]
        for trial in trials {
            for figure in SpecFigures(trial.spec, catalog: catalog).ofEvaluation
            where found[figure.name] == nil {
                found[figure.name] = figure.record
            }
        }
        return found
    }

    /// What the trials of the sweep are ranked by: on the validation part where the spec does not
    /// say the part and the trials turn out to have one, else on the test part.
    public func objective(of trials: [TrialEntry]) -> SweepObjective? {
        guard let objective, let metric = objective.metric, let direction = objective.direction
        else { return nil }
        let hasValidation = trials.contains { $0.metrics["validation"] != nil }
        return SweepObjective(
            metric: metric, direction: direction,
            part: objective.part ?? (hasValidation ? "validation" : "test"))
    }
}

extension SweepSummary {
    /// The names of the best configurations of a rung of successive halving; those without a value
    /// are out.
    public static func best(
        _ count: Int, by objective: SweepObjective, of trials: [TrialEntry]
    ) -> [String] {
        let all = trials.map { trial in
            var trial = trial
            trial.isFinal = true
            return trial
        }
        return configurations(all, objective).filter { $0.rank != nil }.prefix(count).map(\.name)
    }
}
