/// How surprising the listed candidates are: the mean self-information −log₂ p of the first k,
/// p being a candidate's share of the training interactions (Zhou et al., 2010).
public struct Novelty: ListMeanMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [10], name: String = "novelty") {
        self.ks = ks
        self.name = name
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .from(0), unit: "bits", definition: definition)
    }

    public var definition: String {
        """
        mean over queries of the mean of -log2 p over the first k, in bits; p = (n + 1) / (T + N) \
        for n of T training interactions with the candidate, N candidates
        """
    }

    public func prepare(_ queries: RankedQueries) -> [Double] {
        let counts = queries.corpus.trainingCounts
        let total = Double(counts.reduce(0) { $0 + Int($1) } + counts.count)
        return counts.map { -Kernels.log((Double($0) + 1) / total) / 0.6931471805599453 }
    }

    public func value(of list: ArraySlice<Int32>, _ information: [Double]) -> Double {
        list.reduce(0.0) { $0 + information[Int($1)] } / Double(list.count)
    }
}

extension Novelty: CatalogComponent {
    static let nameField = CutoffFields.name("novelty")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "novelty", summary: "Mean self-information of the listed candidates, in bits.",
        source: "Zhou et al., 2010; Vargas and Castells, 2011",
        fields: [CutoffFields.ks.description, nameField.description]
    ) { Novelty(ks: $0[CutoffFields.ks], name: $0[nameField]) }
}
