/// How popular the listed candidates are: the mean number of training interactions of the first k.
public struct AveragePopularity: ListMeanMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [10], name: String = "average_popularity") {
        self.ks = ks
        self.name = name
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .from(0), unit: "interactions", definition: definition)
    }

    public var definition: String {
        "mean over queries of the mean number of training interactions of the first k"
    }

    public func prepare(_ queries: RankedQueries) -> [Int32] { queries.corpus.trainingCounts }

    public func value(of list: ArraySlice<Int32>, _ counts: [Int32]) -> Double {
        list.reduce(0.0) { $0 + Double(counts[Int($1)]) } / Double(list.count)
    }
}

extension AveragePopularity: CatalogComponent {
    static let nameField = CutoffFields.name("average_popularity")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "average_popularity",
        summary: "Mean number of training interactions of the listed candidates.",
        source: "RecBole's AveragePopularity; Yin et al., 2012",
        fields: [CutoffFields.ks.description, nameField.description]
    ) { AveragePopularity(ks: $0[CutoffFields.ks], name: $0[nameField]) }
}
