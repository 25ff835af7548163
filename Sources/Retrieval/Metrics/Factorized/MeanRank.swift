/// The mean rank of what is relevant, from 1. A positive without a place ranks after every
/// candidate.
public struct MeanRank: UnitMeanMetric {
    public var per: QueryUnit
    public var name: String

    public init(per: QueryUnit = .interaction, name: String = "mean_rank") {
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .lower, range: .from(1), definition: definition)
    }

    public var definition: String {
        """
        mean rank of the relevant candidates, from 1; one without a place ranks after every \
        candidate
        """
    }

    public var valueNames: [String] { [valueName(name)] }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        { unit in
            let (last, count) = (Double(unit.candidateCount), unit.relevantCount)
            var (sum, placed) = (0.0, 0)
            for group in unit.groups {
                sum += Double(group.relevant) * (min(group.middle, last) + 1)
                placed += group.relevant
            }
            return [(sum + Double(count - placed) * (last + 1)) / Double(count)]
        }
    }
}

extension MeanRank: CatalogComponent {
    static let nameField = CutoffFields.name("mean_rank")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "mean_rank", summary: "Mean rank of what is relevant, from 1.",
        source: "Bordes et al., 2013",
        fields: [CutoffFields.per.description, nameField.description]
    ) { MeanRank(per: $0[CutoffFields.per], name: $0[nameField]) }
}
