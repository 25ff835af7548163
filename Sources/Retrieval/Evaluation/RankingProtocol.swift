/// Whom a positive is ranked among, and how it is found there.
public struct RankingProtocol: Sendable {
    /// Whether a positive is found by its score or by its id.
    public var comparison: CorpusComparison
    /// Which candidates of the positive's own score stand before it.
    public var tiePolicy: TiePolicy
    /// What a query must not find: for each query entity the candidates it has already. A positive
    /// is never excluded.
    public var excluded: SeenItems?
    /// What existed at the time of the query; nil: everything.
    public var availability: Availability?
    /// Random candidates in place of the whole corpus; nil: the whole corpus.
    public var sampledNegatives: SampledNegatives?

    public init(
        comparison: CorpusComparison = .score, tiePolicy: TiePolicy = .expected,
        excluded: SeenItems? = nil, availability: Availability? = nil,
        sampledNegatives: SampledNegatives? = nil
    ) {
        self.comparison = comparison
        self.tiePolicy = tiePolicy
        self.excluded = excluded
        self.availability = availability
        self.sampledNegatives = sampledNegatives
    }
}

/// How a positive is found among the corpus.
public enum CorpusComparison: Sendable {
    /// By its score, whether the corpus holds it or not: as TFRS has it, candidates that score the
    /// same do not stand before it.
    case score
    /// By its id, among those that the query may find: as TFRS has it, of candidates that score the
    /// same the earlier in the corpus stands before it.
    case id
}

/// The times from which candidates exist, and the times of the queries, as integers of one order.
///
/// Candidates must stand in the corpus in the order of their times, so that what exists at one time
/// is a prefix.
public struct Availability: Sendable {
    /// When each candidate of the corpus begins to exist; ascending.
    private let times: [Int64]
    /// When each evaluated interaction happened.
    private let now: [Int64]

    public init(candidates times: [Int64], interactions now: [Int64]) {
        self.times = times
        self.now = now
    }

    /// The same for some of the interactions.
    package func selecting(_ chosen: [Int32]) -> Availability {
        Availability(candidates: times, interactions: chosen.map { now[Int($0)] })
    }

    /// The first place that did not exist yet at the time of an interaction.
    package func limit(of interaction: Int) -> Int32 {
        let now = now[interaction]
        return Int32(times.partitionPoint { $0 > now })
    }
}

/// Candidates drawn for each interaction, among which alone its positive is ranked.
///
/// Metrics over samples do not agree with those over the corpus, not even in the order of models
/// (Krichene and Rendle, 2020, "On Sampled Metrics for Item Recommendation").
public struct SampledNegatives: Sendable {
    public let count: Int
    private let weighted: WeightedDraw
    /// How many candidates before each place may be drawn at all.
    private let drawableBefore: [Int32]
    private let seed: UInt64

    /// - Parameters:
    ///   - weights: how likely each candidate of the corpus is to be drawn, up to a factor.
    public init(count: Int, weights: [Double], seed: UInt64) {
        self.count = count
        self.seed = seed
        weighted = WeightedDraw(weights)
        var drawable: Int32 = 0
        drawableBefore =
            [0]
            + weights.map {
                if $0 > 0 { drawable += 1 }
                return drawable
            }
    }

    /// Distinct places below a limit for an interaction, none of them forbidden; fewer than
    /// ``count`` where the corpus has no more that may be drawn.
    ///
    /// Drawn one after the other, those drawn before left out. A few are drawn from all and drawn
    /// again where they are taken; where many are taken that would go on for long, and the rest
    /// comes out of an order of all that are left.
    package func draw(
        interaction: Int, forbidden: Set<Int32>, limit: Int32 = .max
    ) -> [Int32] {
        let places = 0..<min(weighted.count, max(0, Int(limit)))
        var stream = RandomStream(
            seed: seed, stream: StreamNames.sampledNegatives, index: interaction)
        var drawn: [Int32] = []
        var taken = forbidden
        let left =
            Int(drawableBefore[places.count])
            - forbidden.count { Int($0) < places.count && weighted.weight(of: Int($0)) > 0 }
        guard count < left else {
            return places.map(Int32.init).filter {
                weighted.weight(of: Int($0)) > 0 && !forbidden.contains($0)
            }
        }
        drawn.reserveCapacity(count)
        var attempts = count > left / 4 ? 0 : 16 * count
        while drawn.count < count, attempts > 0 {
            attempts -= 1
            guard let place = weighted.draw(below: places.count, from: &stream) else { break }
            if taken.insert(place).inserted { drawn.append(place) }
        }
        return drawn
            + ordered(
                count - drawn.count, below: places.count, besides: taken, &stream)
    }

    /// The first of all that are left in an order that is drawn as by one draw after the other:
    /// each waits for an exponential time with its weight as the rate (Efraimidis and Spirakis,
    /// 2006, "Weighted random sampling with a reservoir").
    private func ordered(
        _ count: Int, below limit: Int, besides taken: Set<Int32>, _ stream: inout RandomStream
    ) -> [Int32] {
        guard count > 0 else { return [] }
        var waiting: [(time: Double, place: Int32)] = []
        for place in 0..<limit {
            let weight = weighted.weight(of: place)
            guard weight > 0, !taken.contains(Int32(place)) else { continue }
            waiting.append((-Kernels.log(1 - stream.uniform()) / weight, Int32(place)))
        }
        waiting.sort { ($0.time, $0.place) < ($1.time, $1.place) }
        return waiting.prefix(count).map(\.place)
    }
}
