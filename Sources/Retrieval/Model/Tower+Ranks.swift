/// How ranks share what a tower encodes.
extension Tower {
    /// How ranks share some inputs whose embeddings all of them need; nil where each has to encode
    /// all.
    ///
    /// An input that is a row of one table belongs to who holds the row, so that it is sent once; of
    /// others each rank takes those of its lanes.
    ///
    /// - Parameter byLanes: whether the inputs have to be dealt by lanes.
    func share(
        _ keys: [Int32], _ parameters: Parameters, _ ranks: any Communicator,
        byLanes: Bool = false
    ) -> RowShare? {
        guard !ranks.isAlone else { return nil }
        if !byLanes, let tower = self as? FeatureTower, let reader = tower.onlyReader,
            let partition = parameters.partition(of: reader.table)
        {
            let rows = keys.map { reader.indices[Int($0)] }
            return RowShare(keys, owners: partition.owners(of: rows), ranks)
        }
        guard keys.count >= Lanes.count, spreads(rows: keys.count, parameters) else { return nil }
        return RowShare(lanesOf: keys, ranks)
    }

    /// Embeddings outside of training, for all ranks, each input encoded by one where that can be.
    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ lanes: Lanes, _ ranks: any Communicator
    ) -> Matrix {
        var context = EncodingContext(lanes: lanes)
        guard let share = share(keys, parameters, ranks) else {
            return encode(keys, parameters, context).embeddings
        }
        context.share = share
        return share.gathered(
            encode(share.ownKeys, parameters, context).embeddings, heads: heads)
    }
}

/// A feature that is a row of a table, and nothing else.
protocol TableReader: FeatureEncoder {
    var table: ParameterID { get }
    /// The row of each key.
    var indices: [Int32] { get }
}

extension FeatureTower {
    /// The feature that the tower's embeddings are, where they are rows of one table.
    fileprivate var onlyReader: (any TableReader)? {
        features.count == 1 && layers.layers.isEmpty ? features[0] as? any TableReader : nil
    }
}
