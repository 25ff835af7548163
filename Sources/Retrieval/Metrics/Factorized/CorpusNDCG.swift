/// Normalised discounted cumulative gain at k: Σ g / log₂(rank + 1) over the relevant candidates
/// among the first k, divided by its value for the best possible order of the query's relevant
/// candidates (Järvelin and Kekäläinen, 2002).
public struct CorpusNDCG: CutoffMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String
    /// The column of the interactions that holds each positive's grade; nil: all gain 1.
    public var gainColumn: String?
    /// Whether a grade g gains 2^g − 1 rather than g.
    public var isExponential: Bool

    public init(
        ks: [Int] = [10], per: QueryUnit = .interaction, name: String = "ndcg",
        gainColumn: String? = nil, isExponential: Bool = false
    ) {
        self.ks = ks
        self.per = per
        self.name = name
        self.gainColumn = gainColumn
        self.isExponential = isExponential
    }

    public var needs: RankingNeeds {
        RankingNeeds(
            rankDepth: ks.max() ?? 0, interactionColumns: gainColumn.map { [$0] } ?? [])
    }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        let gain = gainColumn.map { isExponential ? "2^\($0) − 1" : $0 } ?? "1"
        return """
            Σ gain / log2(rank + 1) over the relevant candidates among the first k, divided by the \
            largest possible; gain \(gain); a query without gain is left out
            """
    }

    public func value(of unit: RankedUnit, k: Int, in queries: RankedQueries) -> Double {
        let gains = gains(of: unit, in: queries)
        var sum = 0.0
        for (before, gain) in zip(unit.before, gains) {
            guard before < Double(k) else { break }
            sum += gain * Self.discount(before)
        }
        let best = gains.sorted(by: >).prefix(k).enumerated().reduce(0.0) {
            $0 + $1.element * Self.discount(Double($1.offset))
        }
        return best > 0 ? sum / best : .nan
    }

    private func gains(of unit: RankedUnit, in queries: RankedQueries) -> [Double] {
        guard let gainColumn, let grades = queries.interactionColumns[gainColumn] else {
            return [Double](repeating: 1, count: unit.relevantCount)
        }
        return unit.interactions.map {
            let grade = max(0, Double(grades[Int($0)]))
            return isExponential ? Kernels.exp(grade * 0.6931471805599453) - 1 : grade
        }
    }

    /// 1 / log₂(rank + 1), the rank being one more than what stands before.
    private static func discount(_ before: Double) -> Double {
        0.6931471805599453 / Kernels.log(before + 2)
    }
}

extension CorpusNDCG: CatalogComponent {
    static let nameField = CutoffFields.name("ndcg")
    static let gainField = Field<String?>(
        "gain", default: nil,
        "The column of the interactions with each positive's grade; null: every positive gains 1."
    ).alsoKnown(as: "gain_column", "grade", "relevance")
    static let exponentialField = Field<Bool>(
        "exponential", default: false, "Whether a grade g gains 2^g - 1 rather than g.")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "ndcg", summary: "Normalised discounted cumulative gain at k, binary or graded.",
        source: "Järvelin and Kekäläinen, 2002; trec_eval's ndcg_cut",
        fields: [
            CutoffFields.ks.description, CutoffFields.per.description, nameField.description,
            gainField.description, exponentialField.description,
        ]
    ) {
        CorpusNDCG(
            ks: $0[CutoffFields.ks], per: $0[CutoffFields.per], name: $0[nameField],
            gainColumn: $0[gainField], isExponential: $0[exponentialField])
    }
}
