/// A metric that is the mean of one figure per query for each of several k: only the first k of the
/// ranked candidates count. Its values are called `name@k`.
public protocol CutoffMetric: UnitMeanMetric {
    /// How many of the best candidates count, for each of the values; each at least 1.
    var ks: [Int] { get }

    /// What the results call the metric.
    var name: String { get }

    /// The figure of one query; NaN leaves the query out of the mean.
    func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double
}

extension CutoffMetric {
    public var valueNames: [String] { ks.map { valueName("\(name)@\($0)") } }

    public var cutoffs: [Int] { ks }
    public var needs: RankingNeeds { RankingNeeds(rankDepth: ks.max() ?? 0) }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        { unit in ks.map { value(of: unit, k: $0, in: queries) } }
    }
}

/// The fields that metrics with a cut-off share.
enum CutoffFields {
    static func ks(_ ks: [Int] = [10]) -> Field<[Int]> {
        Field<[Int]>(
            "ks", type: .list(.integer(.atLeast(1)), count: .atLeast(1)),
            default: .list(ks.map(FieldValue.integer)),
            "The k's: how many of the best candidates count."
        ).alsoKnown(as: "k", "top_k", "cutoffs", "at")
    }

    static let ks = ks()

    /// What is to be said of those k's that no corpus of so many candidates can fill.
    static func advice(
        on ks: [Int], beyond corpusCount: Int, _ message: (Int) -> String
    ) -> [Advice] {
        ks.indices.filter { ks[$0] > corpusCount }.map { place in
            Advice(at: Self.ks, element: place, message(ks[place]))
        }
    }

    static let per = Field<QueryUnit>(
        "per", default: .interaction,
        """
        interaction: every interaction is a query of its own; query: all of a query's interactions \
        are relevant together, and every query counts the same (macro average).
        """
    ).alsoKnown(as: "average", "group", "macro")

    static func name(_ name: String) -> Field<String> {
        Field<String>("name", default: name, "What the results call the metric.")
    }

    /// A catalogue entry of a metric that has these fields and no others.
    static func entry(
        _ name: String, summary: String, source: String,
        make:
            @escaping @Sendable (_ ks: [Int], _ per: QueryUnit, _ name: String)
            -> any FactorizedMetric
    ) -> ComponentEntry<any FactorizedMetric> {
        let nameField = self.name(name)
        return ComponentEntry(
            name, summary: summary, source: source,
            fields: [ks.description, per.description, nameField.description]
        ) { make($0[ks], $0[per], $0[nameField]) }
    }
}
