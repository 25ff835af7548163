import ResultsFormat

/// The configurations of a sweep by its objective, with what chance leaves open.
public struct SweepRanking: Sendable {
    /// One configuration.
    public struct Row: Sendable {
        public var entry: ConfigurationEntry
        /// Of the objective over the completed trials; nil without a value.
        public var summary: MetricSummary?
        /// Whether the best configuration is surely better; nil where there is no telling: of the
        /// best itself, and where the two do not share at least two seeds or folds.
        public var isSurelyWorse: Bool?
    }

    /// What the trials are ranked by.
    public let objective: SweepObjective
    /// Best first.
    public let rows: [Row]

    /// The level of the tests of all configurations against the best together.
    static let significance = 0.05

    /// Nil for a sweep without an objective.
    public init?(_ index: SweepIndex) {
        guard let objective = index.objective else { return nil }
        self.objective = objective
        let trials = Dictionary(
            grouping: index.trials.filter { $0.status == .completed && $0.isFinal },
            by: \.configuration)
        let best = index.configurations.first { $0.rank == 1 }
        let chances = index.configurations.map { entry -> Double? in
            guard let best, entry.name != best.name, entry.rank != nil else { return nil }
            return Self.chance(
                of: trials[entry.name] ?? [], against: trials[best.name] ?? [], objective)
        }
        let adjusted = Holm.adjusted(chances.compactMap { $0 })
        var place = 0
        rows = zip(index.configurations, chances).map { entry, chance -> Row in
            if chance != nil { place += 1 }
            return Row(
                entry: entry, summary: entry.metrics[objective.part]?[objective.metric],
                isSurelyWorse: chance.map { _ in adjusted[place - 1] <= Self.significance })
        }
    }

    /// The chance of a configuration falling so far behind the best one without being worse, by
    /// Student's t on the differences of the runs that they share; nil for fewer than two.
    private static func chance(
        of trials: [TrialEntry], against best: [TrialEntry], _ objective: SweepObjective
    ) -> Double? {
        let differences = trials.compactMap { trial -> Double? in
            guard
                let other = best.first(where: { $0.seed == trial.seed && $0.fold == trial.fold }),
                let value = trial.value(of: objective), let bestValue = other.value(of: objective)
            else { return nil }
            return objective.direction == .maximize ? value - bestValue : bestValue - value
        }
        guard differences.count > 1, differences.allSatisfy(\.isFinite) else { return nil }
        return SignificanceTest(runDifferences: differences, queryDifferences: nil, seed: 1)
            .lowerTail
    }

    /// Whether several configurations have values, and no two share the seeds that a test needs.
    public var lacksRepetitions: Bool {
        rows.count { $0.summary != nil } > 1 && rows.allSatisfy { $0.isSurelyWorse == nil }
    }
}
