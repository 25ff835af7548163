/// The share of the corpus that stands in anybody's list.
public struct CatalogueCoverage: ExposureMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [10], name: String = "catalogue_coverage") {
        self.ks = ks
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "distinct candidates in the first k of all lists, divided by the candidates of the corpus"
    }

    public func value(of counts: [Int]) -> Double {
        Double(counts.count { $0 > 0 }) / Double(counts.count)
    }
}

extension CatalogueCoverage: CatalogComponent {
    static let nameField = CutoffFields.name("catalogue_coverage")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "catalogue_coverage", summary: "Share of the corpus that stands in anybody's list.",
        source: "Ge et al., 2010; RecBole's ItemCoverage",
        fields: [CutoffFields.ks.description, nameField.description]
    ) { CatalogueCoverage(ks: $0[CutoffFields.ks], name: $0[nameField]) }
}
