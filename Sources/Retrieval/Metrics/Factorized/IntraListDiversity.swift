/// How unlike each other the listed candidates are by a feature: the mean over pairs of the first k
/// of 1 − Jaccard similarity of their tokens (Ziegler et al., 2005).
public struct IntraListDiversity: ListMeanMetric {
    /// The column of the candidates, of tokens or lists of tokens.
    public var column: String
    public var ks: [Int]
    public var name: String

    public init(column: String, ks: [Int] = [10], name: String = "intra_list_diversity") {
        self.column = column
        self.ks = ks
        self.name = name
    }

    public var needs: RankingNeeds {
        RankingNeeds(listDepth: ks.max() ?? 0, rankDepth: 0, candidateColumns: [column])
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: 0...1, definition: definition)
    }

    public var definition: String {
        """
        mean over queries of the mean, over pairs of the first k, of 1 - |A ∩ B| / |A ∪ B| of their \
        tokens in '\(column)'; 0 for two without tokens; a list of one is left out
        """
    }

    /// The tokens of each candidate, ascending.
    public func prepare(_ queries: RankedQueries) -> [[Int32]] {
        switch queries.corpus.columns?[column] {
        case .tokens(let tokens): tokens.codes.map { [$0] }
        case .tokenLists(let lists):
            (0..<lists.count).map { Array(Set(lists.codes(of: $0))).sorted() }
        default: []
        }
    }

    public func value(of list: ArraySlice<Int32>, _ tokens: [[Int32]]) -> Double {
        guard list.count > 1 else { return .nan }
        var sum = 0.0
        for (offset, place) in list.enumerated() {
            for other in list.dropFirst(offset + 1) {
                sum += Self.distance(tokens[Int(place)], tokens[Int(other)])
            }
        }
        return sum / Double(list.count * (list.count - 1) / 2)
    }

    private static func distance(_ a: [Int32], _ b: [Int32]) -> Double {
        var (i, j, shared) = (0, 0, 0)
        while i < a.count && j < b.count {
            if a[i] == b[j] { shared += 1 }
            (i, j) = (a[i] <= b[j] ? i + 1 : i, b[j] <= a[i] ? j + 1 : j)
        }
        let all = a.count + b.count - shared
        return all == 0 ? 0 : 1 - Double(shared) / Double(all)
    }
}

extension IntraListDiversity: CatalogComponent {
    static let nameField = CutoffFields.name("intra_list_diversity")
    static let columnField = Field(
        "column", required: String.self,
        "The candidates' column, of tokens or lists of tokens, by which they are compared."
    ).alsoKnown(as: "feature")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "intra_list_diversity",
        summary: "Mean Jaccard distance between the listed candidates by a feature.",
        source: "Ziegler et al., 2005",
        fields: [columnField.description, CutoffFields.ks.description, nameField.description]
    ) {
        IntraListDiversity(
            column: $0[columnField], ks: $0[CutoffFields.ks], name: $0[nameField])
    }
}
