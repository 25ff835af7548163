/// Ranks candidates by how similar they are to what the query has in training: Σ sim(j, i) over its
/// items j, where sim(j, i) = |Q_j ∩ Q_i| / √(|Q_j|·|Q_i|) is the cosine of the sets of queries
/// that have them, and only the nearest neighbours of each j count (Deshpande and Karypis, 2004,
/// "Item-Based Top-N Recommendation Algorithms").
public struct ItemKNN: Baseline {
    /// How many of an item's nearest items count.
    public var neighbors: Int

    public init(neighbors: Int = 100) {
        self.neighbors = neighbors
    }

    /// Embeddings are as long as the corpus; an index that keeps them all takes no more candidates.
    static let mostCandidatesKept = 10_000

    public func makeModel(of data: BaselineData) throws(DataError) -> TwoTowerModel {
        let count = data.keyCounts.candidates
        guard count <= Self.mostCandidatesKept || !data.indexKeepsEmbeddings else {
            throw .impossible(
                """
                item_knn requires at most \(Self.mostCandidatesKept) candidates, or an index that \
                does not keep their embeddings (evaluate.candidates: streaming); found \(count)
                """)
        }
        let seen = SeenItems(data.train, queryEntityCount: data.keyCounts.queryEntities)
        let contributions = contributions(of: similarities(seen, data))
        let entities = data.entityOfQueryKey
        return TwoTowerModel(
            queryTower: FixedTower(outputDimension: count) { keys in
                var history = Matrix(rows: keys.count, columns: count)
                for (row, key) in keys.enumerated() {
                    for item in seen.candidates(of: entities[Int(key)]) {
                        history[row, Int(item)] = 1
                    }
                }
                return history
            },
            candidateTower: FixedTower(outputDimension: count) { keys in
                var embeddings = Matrix(rows: keys.count, columns: count)
                for (row, key) in keys.enumerated() {
                    for (item, similarity) in contributions[Int(key)] {
                        embeddings[row, Int(item)] = similarity
                    }
                }
                return embeddings
            }, parameters: Parameters())
    }

    /// For each candidate what each item of a query contributes to it.
    private func contributions(
        of similarTo: [[(item: Int32, similarity: Float)]]
    ) -> [[(item: Int32, similarity: Float)]] {
        var contributions = [[(item: Int32, similarity: Float)]](
            repeating: [], count: similarTo.count)
        for (item, similar) in similarTo.enumerated() {
            for (other, similarity) in similar {
                contributions[Int(other)].append((Int32(item), similarity))
            }
        }
        return contributions
    }

    /// The nearest items of each item, itself left out; of equal ones the lower key.
    private func similarities(
        _ seen: SeenItems, _ data: BaselineData
    ) -> [[(item: Int32, similarity: Float)]] {
        let count = data.keyCounts.candidates
        var queriesOf = [[Int32]](repeating: [], count: count)
        for query in 0..<Int32(data.keyCounts.queryEntities) {
            for item in seen.candidates(of: query) { queriesOf[Int(item)].append(query) }
        }
        var shared = [Int32](repeating: 0, count: count)
        return queriesOf.indices.map { item in
            var touched: [Int32] = []
            for query in queriesOf[item] {
                for other in seen.candidates(of: query) where Int(other) != item {
                    if shared[Int(other)] == 0 { touched.append(other) }
                    shared[Int(other)] += 1
                }
            }
            let similar = touched.map { other in
                let sizes = Double(queriesOf[item].count) * Double(queriesOf[Int(other)].count)
                let similarity = Double(shared[Int(other)]) / sizes.squareRoot()
                return (item: other, similarity: Float(similarity))
            }
            for other in touched { shared[Int(other)] = 0 }
            return Array(
                similar.sorted { ($1.similarity, $0.item) < ($0.similarity, $1.item) }
                    .prefix(neighbors))
        }
    }
}

extension ItemKNN: CatalogComponent {
    static let neighborsField = Field<Int>(
        "neighbors", default: 100, .atLeast(1), "How many of an item's nearest items count."
    ).alsoKnown(as: "k", "neighbours")

    public static let entry = ComponentEntry<any Baseline>(
        "item_knn",
        summary: "Ranks candidates by the cosine of co-occurrence with the query's items.",
        source: "Deshpande and Karypis, 2004", fields: [neighborsField.description]
    ) { ItemKNN(neighbors: $0[neighborsField]) }
}
