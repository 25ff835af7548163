/// How much of what is found a popularity baseline would not have found: relevant candidates among
/// the first k that are not among the k most popular, divided by k (Ge et al., 2010).
public struct Serendipity: UnitMeanMetric {
    public var ks: [Int]
    public var per: QueryUnit
    public var name: String

    public init(ks: [Int] = [10], per: QueryUnit = .query, name: String = "serendipity") {
        self.ks = ks
        self.per = per
        self.name = name
    }

    public var cutoffs: [Int] { ks }
    public var needs: RankingNeeds { RankingNeeds(rankDepth: ks.max() ?? 0) }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        """
        relevant candidates among the first k that are not among the k most popular in training, \
        divided by k
        """
    }

    public var valueNames: [String] { ks.map { valueName("\(name)@\($0)") } }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        let popularity = popularityRanks(queries.corpus)
        return { unit in
            ks.map { k in
                var found = 0.0
                for group in unit.groups {
                    guard group.start < Double(k) else { break }
                    let unexpected = group.members.count {
                        let place = Int(queries.places[unit.interaction(of: $0)])
                        return !(popularity.indices.contains(place) && popularity[place] < k)
                    }
                    found += group.hits(k) * Double(unexpected) / Double(group.relevant)
                }
                return found / Double(k)
            }
        }
    }

    /// The popularity rank of each place, from 0.
    private func popularityRanks(_ corpus: CorpusKnowledge) -> [Int] {
        var ranks = [Int](repeating: 0, count: corpus.trainingCounts.count)
        for (rank, place) in corpus.byPopularity.enumerated() { ranks[Int(place)] = rank }
        return ranks
    }
}

extension Serendipity: CatalogComponent {
    static let nameField = CutoffFields.name("serendipity")
    static let perField = Field<QueryUnit>(
        "per", default: .query, "What counts as one query: all its interactions or each.")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "serendipity",
        summary: "Relevant candidates that the most popular ones would not have included.",
        source: "Ge et al., 2010",
        fields: [CutoffFields.ks.description, perField.description, nameField.description]
    ) { Serendipity(ks: $0[CutoffFields.ks], per: $0[perField], name: $0[nameField]) }
}
