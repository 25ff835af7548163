/// The share of what is relevant that is among the first k.
public struct CorpusRecall: CutoffMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String

    public init(ks: [Int] = [10], per: QueryUnit = .interaction, name: String = "recall") {
        self.ks = ks
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "relevant candidates among the first k, divided by all that are relevant to the query"
    }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        unit.hits(k) / Double(unit.relevantCount)
    }
}

extension CorpusRecall: CatalogComponent {
    public static let entry = CutoffFields.entry(
        "recall", summary: "Share of what is relevant that is among the first k.",
        source: "trec_eval's recall; RecBole's Recall"
    ) { CorpusRecall(ks: $0, per: $1, name: $2) }
}
