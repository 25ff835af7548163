/// The mean over queries of average precision at k: the precision at the rank of each relevant
/// candidate among the first k, summed and divided.
public struct MeanAveragePrecision: CutoffMetric {
    /// What the sum is divided by.
    public enum Divisor: String, FieldChoice {
        /// All that is relevant to the query, as trec_eval and ranx have it.
        case relevant
        /// What could be among the first k: min(k, relevant), as RecBole has it.
        case attainable
    }

    public var ks: [Int]
    public var per: QueryUnit
    public var name: String
    /// What the sum of precisions is divided by.
    public var divisor: Divisor

    public init(
        ks: [Int] = [10], per: QueryUnit = .query, name: String = "map",
        divisor: Divisor = .relevant
    ) {
        self.ks = ks
        self.per = per
        self.name = name
        self.divisor = divisor
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "Σ precision at the rank of each relevant candidate among the first k, divided by "
            + (divisor == .relevant ? "all relevant candidates" : "min(k, relevant candidates)")
    }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        var sum = 0.0
        for group in unit.groups {
            guard group.start < Double(k) else { break }
            sum += group.precisions(within: k, before: group.members.lowerBound)
        }
        let relevant = unit.relevantCount
        return sum / Double(divisor == .relevant ? relevant : min(k, relevant))
    }
}

extension MeanAveragePrecision: CatalogComponent {
    static let nameField = CutoffFields.name("map")
    static let divisorField = Field<Divisor>(
        "divisor", default: .relevant,
        "relevant: all that is relevant, as trec_eval; attainable: min(k, relevant), as RecBole.")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "map", summary: "Mean average precision at k.",
        source: "trec_eval's map_cut; RecBole's MAP",
        fields: [
            CutoffFields.ks.description, CutoffFields.per.description, nameField.description,
            divisorField.description,
        ]
    ) {
        MeanAveragePrecision(
            ks: $0[CutoffFields.ks], per: $0[CutoffFields.per], name: $0[nameField],
            divisor: $0[divisorField])
    }
}
