/// A model that needs no training: what a trained one has to beat.
///
/// Every baseline is a pair of embeddings whose product ranks the candidates, so that it is
/// evaluated by the same code, protocol and metrics as a trained model.
public protocol Baseline: Sendable {
    /// The columns of numbers of the training interactions that it reads.
    var interactionColumns: [String] { get }

    /// Makes a model whose scores are the baseline's: one embedding for each query key and each
    /// candidate key of `data`.
    ///
    /// - Throws: ``DataError`` where the data lack what the baseline needs.
    func makeModel(of data: BaselineData) throws(DataError) -> TwoTowerModel
}

extension ComponentKind where Product == any Baseline {
    /// Rankings without training: ``Baseline``.
    public static var baseline: ComponentKind {
        ComponentKind(noun: "baseline", pluralNoun: "baselines")
    }
}

extension Baseline {
    public var interactionColumns: [String] { [] }
}

/// What a baseline knows.
public struct BaselineData: Sendable {
    /// The training interactions, by key.
    public var train: Examples
    /// How many keys there are of either kind.
    public var keyCounts: KeyCounts
    /// Who asks, for each key of the query tower.
    public var entityOfQueryKey: [Int32]
    /// Columns of the training interactions, by name.
    public var columns: [String: [Double]]
    /// The experiment's seed, for a baseline that draws.
    public var seed: UInt64
    /// Whether the corpus is searched by an index that keeps every candidate's embedding.
    public var indexKeepsEmbeddings: Bool

    public init(
        train: Examples, keyCounts: KeyCounts, entityOfQueryKey: [Int32],
        columns: [String: [Double]], seed: UInt64, indexKeepsEmbeddings: Bool = true
    ) {
        self.train = train
        self.keyCounts = keyCounts
        self.entityOfQueryKey = entityOfQueryKey
        self.columns = columns
        self.seed = seed
        self.indexKeepsEmbeddings = indexKeepsEmbeddings
    }

    /// A model that scores every candidate the same for all queries.
    func ranking(by scores: [Float]) -> TwoTowerModel {
        TwoTowerModel(
            queryTower: FixedTower(outputDimension: 1) { keys in
                Matrix(rows: keys.count, columns: 1, repeating: 1)
            },
            candidateTower: FixedTower(outputDimension: 1) { keys in
                Matrix(rows: keys.count, columns: 1, values: keys.map { scores[Int($0)] })
            }, parameters: Parameters())
    }
}

/// A tower without parameters.
struct FixedTower: Tower {
    let outputDimension: Int
    /// The embeddings of some keys.
    let embed: @Sendable (_ keys: [Int32]) -> Matrix

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        Encoding(embeddings: embed(keys)) { _, _ in }
    }
}
