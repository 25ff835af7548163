/// The harmonic mean of precision and recall at k, taken for each query.
public struct F1: CutoffMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String

    public init(ks: [Int] = [10], per: QueryUnit = .interaction, name: String = "f1") {
        self.ks = ks
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "2·P·R / (P + R) of each query's precision and recall at k; 0 without a hit"
    }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        2 * unit.hits(k) / (Double(k) + Double(unit.relevantCount))
    }
}

extension F1: CatalogComponent {
    public static let entry = CutoffFields.entry(
        "f1", summary: "Harmonic mean of precision and recall at k, per query.",
        source: "van Rijsbergen, 1979; ranx's f1"
    ) { F1(ks: $0, per: $1, name: $2) }
}
