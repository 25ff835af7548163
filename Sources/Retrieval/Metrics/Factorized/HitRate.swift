/// The share of queries with something relevant among the first k.
public struct HitRate: CutoffMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String

    public init(ks: [Int] = [10], per: QueryUnit = .interaction, name: String = "hit_rate") {
        self.ks = ks
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String { "1 if anything relevant is among the first k, else 0" }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        unit.hitProbability(k)
    }
}

extension HitRate: CatalogComponent {
    public static let entry = CutoffFields.entry(
        "hit_rate", summary: "Share of queries with something relevant among the first k.",
        source: "RecBole's Hit; ir_measures' Success"
    ) { HitRate(ks: $0, per: $1, name: $2) }
}
