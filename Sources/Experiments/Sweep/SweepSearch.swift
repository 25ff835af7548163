import ResultsFormat
import Retrieval
import YAMLTree

/// Trials of a sweep that are proposed in rounds, each by what the trials before it came to.
///
/// A round depends on the finished trials of the rounds before it, in the order of their numbers,
/// and on nothing else: not on how many ran at once, and not on which of them ended first.
public struct SweepSearch: Sendable {
    /// One configuration that was proposed.
    private struct Proposal {
        var values: [Double]
        var configuration: String
        /// Which axes its conditions let count.
        var isUsed: [Bool]
        /// Its seeds and folds.
        var trialCount: Int

        func outcome(cost: Double?) -> TreeParzenSearch.Outcome {
            TreeParzenSearch.Outcome(
                values: zip(values, isUsed).map { $1 ? $0 : nil }, cost: cost)
        }
    }

    private let model: SweepSpec.ModelSearch
    private let search: TreeParzenSearch
    private let reader: SpecReader
    private let sweep: SweepSpec
    private let base: YAMLNode
    private var proposals: [Proposal] = []
    /// What replaces the seed of every trial's spec; nil: nothing.
    var seed: Int?

    /// - Parameter base: the spec's tree without its sweep.
    init?(_ sweep: SweepSpec, base: YAMLNode, reader: SpecReader) {
        guard let model = sweep.tpe else { return nil }
        self.model = model
        self.sweep = sweep
        self.base = base
        self.reader = reader
        search = TreeParzenSearch(
            axes: model.axes.map { ($0.path.text, $0.distribution) },
            seed: UInt64(model.seed ?? base.integer(at: "seed") ?? 42))
    }

    /// The trials that are run with every configuration there is going to be.
    public var trialLimit: Int {
        model.trials * max(sweep.seeds.count, 1) * max(sweep.folds.count, 1)
    }

    /// The next round: at first the trials that are drawn at random, then proposals by what those
    /// before came to. None once all are there, or where nothing new is proposed any more.
    ///
    /// - Parameters:
    ///   - entries: what became of the trials of the rounds before.
    ///   - objective: what they are judged by.
    /// - Throws: ``SpecError`` where a proposal makes no whole spec.
    public mutating func next(
        after entries: [TrialEntry], by objective: SweepObjective?
    ) throws(SpecError) -> [(trial: SweepTrial, spec: ExperimentSpec)] {
        var outcomes = outcomes(entries, objective)
        let isStart = proposals.isEmpty
        let size = isStart ? model.startup : model.perRound
        let end = min(model.trials, proposals.count + size)
        var trials: [(trial: SweepTrial, spec: ExperimentSpec)] = []
        for number in proposals.count..<max(end, proposals.count) {
            for attempt in 0..<TreeParzenSearch.maximumAttempts {
                let values =
                    isStart && attempt == 0
                    ? search.start(number: number)
                    : search.proposal(number: number, attempt: attempt, after: outcomes)
                let proposed = try reader.trials(of: sweep, base: base, proposal: values)
                guard let first = proposed.first?.trial,
                    !proposals.contains(where: { $0.configuration == first.configuration })
                else { continue }
                let proposal = Proposal(
                    values: values, configuration: first.configuration,
                    isUsed: model.axes.map { first.settings[$0.path.text] != nil },
                    trialCount: proposed.count)
                proposals.append(proposal)
                // Until it has ended it counts as one of the worst, so that the rest of the round
                // looks elsewhere.
                outcomes.append(proposal.outcome(cost: nil))
                trials += proposed.map { trial, spec in
                    (trial, seed.map(spec.settingSeed) ?? spec)
                }
                break
            }
        }
        return trials
    }

    /// What `--proposal` tells a trial's process of the trial: the values of all axes.
    public func proposal(of trial: SweepTrial) -> String? {
        proposals.first { $0.configuration == trial.configuration }.map { proposal in
            proposal.values.map(\.description).joined(separator: ",")
        }
    }

    private func outcomes(
        _ entries: [TrialEntry], _ objective: SweepObjective?
    ) -> [TreeParzenSearch.Outcome] {
        let byConfiguration = Dictionary(grouping: entries, by: \.configuration)
        return proposals.map { proposal in
            let ended = (byConfiguration[proposal.configuration] ?? []).sorted { $0.name < $1.name }
            let values = ended.compactMap { entry -> Double? in
                guard entry.status == .completed, let objective else { return nil }
                return entry.value(of: objective)
            }
            let isWhole = values.count == proposal.trialCount && values.allSatisfy(\.isFinite)
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            return proposal.outcome(
                cost: isWhole ? (objective?.direction == .maximize ? -mean : mean) : nil)
        }
    }
}
