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
        let middle = unit.middle.map { min($0, Double(unit.candidateCount - 1)) }.sorted()
        var sum = 0.0
        var first = 0
        for index in middle.indices {
            if middle[index] != middle[first] { first = index }
            // Relevant candidates before this one: those of a better rank and half of its equals.
            let equals = middle[first...].prefix { $0 == middle[index] }.count
            let relevantBefore = Double(first) + Double(equals - 1) / 2
            sum += 1 - max(0, middle[index] - relevantBefore) / negatives
        }
        return sum / Double(middle.count)
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
