/// Recall at k of positives from the head, the middle and the tail of the popularity distribution,
/// one mean each: what an average hides that popular candidates dominate.
public struct PopularityBucketedRecall: UnitMeanMetric {
    public var ks: [Int]
    /// The share of the training interactions that the most popular candidates, the head, make.
    public var head: Double
    /// The share that the candidates after them make; the rest is the tail.
    public var mid: Double
    public var name: String

    static let buckets = ["head", "mid", "tail"]

    public init(
        ks: [Int] = [10], head: Double = 0.5, mid: Double = 0.3,
        name: String = "popularity_bucketed_recall"
    ) {
        self.ks = ks
        self.head = head
        self.mid = mid
        self.name = name
    }

    public var per: QueryUnit { .interaction }
    public var cutoffs: [Int] { ks.flatMap { k in Self.buckets.map { _ in k } } }
    public var needs: RankingNeeds { RankingNeeds(rankDepth: ks.max() ?? 0) }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        """
        share of interactions, by sample weight, whose positive is among the first k, for \
        positives from the most popular candidates that make \(head) of the training interactions \
        (head), those that make the next \(mid) (mid), and the rest (tail)
        """
    }

    public var valueNames: [String] {
        ks.flatMap { k in Self.buckets.map { "\(name)/\($0)@\(k)" } }
    }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        let bucketOfPlace = buckets(queries.corpus)
        return { unit in
            let place = Int(queries.places[unit.index])
            let bucket = bucketOfPlace.indices.contains(place) ? bucketOfPlace[place] : -1
            return ks.flatMap { k in
                Self.buckets.indices.map { $0 != bucket ? .nan : unit.hits(k) }
            }
        }
    }

    /// The bucket of each place: a candidate belongs where the interactions of those more popular
    /// end.
    private func buckets(_ corpus: CorpusKnowledge) -> [Int] {
        let total = Double(corpus.trainingCounts.reduce(0) { $0 + Int($1) })
        var buckets = [Int](repeating: 2, count: corpus.trainingCounts.count)
        var above = 0.0
        for place in corpus.byPopularity.map(Int.init) {
            let count = Double(corpus.trainingCounts[place])
            // A candidate that never trains is in the tail.
            if count > 0 {
                buckets[place] =
                    above < head * total ? 0 : above < (head + mid) * total ? 1 : 2
            }
            above += count
        }
        return buckets
    }
}

extension PopularityBucketedRecall: CatalogComponent {
    static let headField = Field<Double>(
        "head", default: 0.5, .between(0, and: 1),
        "The share of the training interactions that the most popular candidates make.")
    static let midField = Field<Double>(
        "mid", default: 0.3, .between(0, and: 1),
        "The share that the candidates after the head make; the rest is the tail.")
    static let nameField = CutoffFields.name("popularity_bucketed_recall")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "popularity_bucketed_recall",
        summary: "Recall at k of positives from the head, middle and tail of popularity.",
        source: "cf. Abdollahpouri et al., 2017 (head and long tail)",
        fields: [
            CutoffFields.ks.description, headField.description, midField.description,
            nameField.description,
        ]
    ) {
        PopularityBucketedRecall(
            ks: $0[CutoffFields.ks], head: $0[headField], mid: $0[midField], name: $0[nameField])
    }
}
