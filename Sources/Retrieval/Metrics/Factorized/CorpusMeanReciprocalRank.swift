/// The mean of 1 / rank of the first relevant candidate.
public struct CorpusMeanReciprocalRank: UnitMeanMetric {
    /// The first relevant candidate must be among this many; nil: it may stand anywhere.
    public var k: Int?
    public var per: QueryUnit
    public var name: String

    public init(k: Int? = nil, per: QueryUnit = .interaction, name: String = "mrr") {
        self.k = k
        self.per = per
        self.name = name
    }

    public var cutoffs: [Int] { k.map { [$0] } ?? [] }
    public var needs: RankingNeeds { RankingNeeds(rankDepth: k) }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "1 / rank of the first relevant candidate, ranks from 1; 0 "
            + (k.map { "beyond rank \($0)" } ?? "where there is none")
    }

    public var valueNames: [String] { [valueName(k.map { "\(name)@\($0)" } ?? name)] }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        let end = k ?? .max
        return { [$0.firstGroup?.firstReciprocal(within: end) ?? 0] }
    }
}

extension CorpusMeanReciprocalRank: CatalogComponent {
    static let kField = Field<Int?>(
        "k", optional: .atLeast(1),
        "A first relevant candidate beyond this rank counts 0; null: any rank counts.")
    static let nameField = CutoffFields.name("mrr")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "mrr", summary: "Mean reciprocal rank of the first relevant candidate.",
        source: "Voorhees, 1999; trec_eval's recip_rank",
        fields: [kField.description, CutoffFields.per.description, nameField.description]
    ) {
        CorpusMeanReciprocalRank(
            k: $0[kField], per: $0[CutoffFields.per], name: $0[nameField])
    }
}
