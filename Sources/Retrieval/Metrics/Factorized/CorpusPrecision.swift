/// The share of the first k candidates that are relevant.
public struct CorpusPrecision: CutoffMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String

    public init(ks: [Int] = [10], per: QueryUnit = .interaction, name: String = "precision") {
        self.ks = ks
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "relevant candidates among the first k, divided by k even where fewer exist"
    }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        unit.hits(k) / Double(k)
    }
}

extension CorpusPrecision: CatalogComponent {
    public static let entry = CutoffFields.entry(
        "precision", summary: "Share of the first k candidates that are relevant.",
        source: "trec_eval's P; RecBole's Precision"
    ) { CorpusPrecision(ks: $0, per: $1, name: $2) }
}
