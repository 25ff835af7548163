/// Ranks candidates by how many training interactions they have.
public struct MostPopular: Baseline {
    public init() {}

    public func makeModel(of data: BaselineData) throws(DataError) -> TwoTowerModel {
        var counts = [Float](repeating: 0, count: data.keyCounts.candidates)
        for key in data.train.candidateKeys { counts[Int(key)] += 1 }
        return data.ranking(by: counts)
    }
}

extension MostPopular: CatalogComponent {
    public static let entry = ComponentEntry<any Baseline>(
        "most_popular", summary: "Ranks candidates by their training interactions.",
        source: "Cremonesi et al., 2010 (TopPop)"
    ) { _ in MostPopular() }
}

/// Ranks candidates by their training interactions, each of which counts 2^(−age / half-life), its
/// age being counted from the last one.
public struct RecentPopular: Baseline {
    /// The column of the interactions that says when each happened.
    public var column: String
    /// The age at which an interaction counts half, in the column's unit.
    public var halfLife: Double

    public init(column: String = "timestamp", halfLife: Double) {
        self.column = column
        self.halfLife = halfLife
    }

    public var interactionColumns: [String] { [column] }

    public func makeModel(of data: BaselineData) throws(DataError) -> TwoTowerModel {
        let times = data.columns[column] ?? []
        let last = times.max() ?? 0
        var weights = [Double](repeating: 0, count: data.keyCounts.candidates)
        for (key, time) in zip(data.train.candidateKeys, times) {
            weights[Int(key)] += Kernels.exp(-(last - time) / halfLife * 0.6931471805599453)
        }
        return data.ranking(by: weights.map { Float($0) })
    }
}

extension RecentPopular: CatalogComponent {
    static let orderField = Field<String>(
        "order_by", default: "timestamp", "The interactions' column of times."
    ).formerly("column").namingTimes()
    static let halfLifeField = Field<Double>(
        "half_life", default: nil, .greaterThan(0),
        "The age, in the unit of the column, at which an interaction counts half.")

    public static let entry = ComponentEntry<any Baseline>(
        "recent_popular",
        summary: "Ranks candidates by their training interactions, recent ones counting more.",
        source: "Ji et al., 2020, \"A Re-visit of the Popularity Baseline\" (DecayPop)",
        fields: [orderField.description, halfLifeField.description]
    ) { RecentPopular(column: $0[orderField], halfLife: $0[halfLifeField]) }
}

/// Ranks candidates at random, anew for each query: products of random embeddings, under which
/// every candidate is as likely as any other to stand at any rank.
public struct RandomRanking: Baseline {
    public init() {}

    private static let dimension = 32

    public func makeModel(of data: BaselineData) throws(DataError) -> TwoTowerModel {
        let seed = data.seed
        @Sendable func tower(_ name: String) -> FixedTower {
            FixedTower(outputDimension: Self.dimension) { keys in
                var values: [Float] = []
                values.reserveCapacity(keys.count * Self.dimension)
                for key in keys {
                    var stream = RandomStream(
                        seed: seed, stream: StreamNames.randomRanking(name), index: Int(key))
                    for _ in 0..<Self.dimension { values.append(stream.uniformFloat(in: -1..<1)) }
                }
                return Matrix(rows: keys.count, columns: Self.dimension, values: values)
            }
        }
        return TwoTowerModel(
            queryTower: tower("query"), candidateTower: tower("candidate"),
            parameters: Parameters())
    }
}

extension RandomRanking: CatalogComponent {
    public static let entry = ComponentEntry<any Baseline>(
        "random", summary: "Ranks candidates at random.", source: "chance"
    ) { _ in RandomRanking() }
}
