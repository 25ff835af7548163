/// The area under the ROC curve over the corpus: how likely a relevant candidate scores above one
/// that is not, ties counting half.
///
/// Per interaction every other candidate is a negative; per query (grouped AUC) those that are
/// relevant to the query too are not.
public struct CorpusAUC: UnitMeanMetric {
    public var per: QueryUnit
    public var name: String

    public init(per: QueryUnit = .interaction, name: String = "corpus_auc") {
        self.per = per
        self.name = name
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        """
        share of pairs of a relevant candidate and another that is not in which the relevant one \
        scores higher, ties half; without negatives a query is left out
        """
    }

    public var valueNames: [String] { [valueName(name)] }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        { [area(of: $0)] }
    }

    private func area(of unit: RankedUnit) -> Double {
        let negatives = Double(unit.candidateCount - unit.relevantCount)
        guard negatives > 0 else { return .nan }
        // One without a place is below all that is not relevant.
        var sum = 0.0
        for group in unit.scoreGroups {
            let above = group.start - Double(group.members.lowerBound)
            let tied = Double(group.size - group.relevant)
            sum += Double(group.relevant) * max(0, 1 - (above + tied / 2) / negatives)
        }
        return sum / Double(unit.relevantCount)
    }
}

extension CorpusAUC: CatalogComponent {
    static let nameField = CutoffFields.name("corpus_auc")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "auc", summary: "Area under the ROC curve over the corpus, full or grouped by query.",
        source: "Rendle et al., 2009; Zhu et al., 2017 (grouped)",
        fields: [CutoffFields.per.description, nameField.description]
    ) { CorpusAUC(per: $0[CutoffFields.per], name: $0[nameField]) }
}
