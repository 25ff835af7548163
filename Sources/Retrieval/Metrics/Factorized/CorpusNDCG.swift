/// Normalised discounted cumulative gain at k: Σ g / log₂(rank + 1) over the relevant candidates
/// among the first k, divided by its value for the best possible order of the query's relevant
/// candidates (Järvelin and Kekäläinen, 2002).
public struct CorpusNDCG: UnitMeanMetric {
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

    public var cutoffs: [Int] { ks }
    public var valueNames: [String] { ks.map { valueName("\(name)@\($0)") } }

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

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        let corpus = Int(queries.candidateCounts.max() ?? 0)
        let discounts = Discounts(count: min(ks.max() ?? 0, corpus + 1))
        let grades = gainColumn.flatMap { queries.interactionColumns[$0] }
        return { unit in
            let gains = gains(of: unit, grades)
            let sorted = gains.sorted(by: >)
            return ks.map { value(of: unit, k: $0, gains, sorted: sorted, discounts) }
        }
    }

    private func value(
        of unit: RankedUnit, k: Int, _ gains: [Double], sorted: [Double], _ discounts: Discounts
    ) -> Double {
        var sum = 0.0
        for group in unit.groups {
            guard group.start < Double(k) else { break }
            // Every place of the group gains the mean of its candidates, relevant or not.
            let gain = gains[group.members].reduce(0, +) / Double(group.size)
            sum += gain * discounts.sum(from: group.start, count: group.places(within: k))
        }
        let best = sorted.prefix(k).enumerated().reduce(0.0) {
            $0 + $1.element * discounts.sum(from: Double($1.offset), count: 1)
        }
        return best > 0 ? min(1, sum / best) : .nan
    }

    /// The gain of each relevant candidate, that of its best grade where interactions repeat it; up
    /// to a factor of the list, by which no gain is too large for a number.
    private func gains(of unit: RankedUnit, _ grades: [Float]?) -> [Double] {
        guard let grades else { return [Double](repeating: 1, count: unit.relevantCount) }
        let own = (0..<unit.relevantCount).map { member in
            unit.interactions(of: member).reduce(0.0) { max($0, Double(grades[Int($1)])) }
        }
        guard isExponential, let most = own.max() else { return own }
        let ln2 = 0.6931471805599453
        return own.map { Kernels.exp(($0 - most) * ln2) - Kernels.exp(-most * ln2) }
    }
}

/// 1 / log₂(rank + 1), the discounts of places from 0 on.
private struct Discounts {
    private var values: [Double] = []
    /// The sum of the values before each.
    private var sums: [Double] = [0]

    /// - Parameter count: how many are asked for mostly.
    init(count: Int) {
        for place in 0..<count {
            values.append(Self.discount(Double(place)))
            sums.append(sums[place] + values[place])
        }
    }

    /// The sum of the discounts of `count` places, the first of which has `start` before it.
    func sum(from start: Double, count: Int) -> Double {
        guard start == start.rounded(), Int(start) + count <= values.count else {
            return (0..<count).reduce(0.0) { $0 + Self.discount(start + Double($1)) }
        }
        let first = Int(start)
        // A difference of long sums has fewer digits than a short sum.
        return count > 256
            ? sums[first + count] - sums[first]
            : values[first..<(first + count)].reduce(0, +)
    }

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
