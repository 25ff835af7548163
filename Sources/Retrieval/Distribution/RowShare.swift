/// The inputs of a batch that each rank encodes, where ranks share the work.
///
/// Whoever encodes gets the keys of its own inputs; what is known of all of them stands here, for
/// encoders that share work between inputs.
struct RowShare: Sendable {
    let ranks: any Communicator
    /// The keys of all inputs.
    let keys: [Int32]
    let owners: RowOwners
    /// Which inputs are this rank's.
    let own: [Int32]

    init(_ keys: [Int32], owners: RowOwners, _ ranks: any Communicator) {
        (self.keys, self.owners, self.ranks) = (keys, owners, ranks)
        own = owners.rows(of: ranks.rank)
    }

    /// By lanes: a rank has those that stand in its lanes.
    ///
    /// - Precondition: there are as many keys as lanes.
    init(lanesOf keys: [Int32], _ ranks: any Communicator) {
        precondition(keys.count >= Lanes.count, "a key for each lane")
        let offsets = (0...ranks.size).map { keys.count * $0 / ranks.size }
        self.init(keys, owners: RowOwners(runs: offsets), ranks)
    }

    /// The keys of this rank's inputs.
    var ownKeys: [Int32] { own.map { keys[Int($0)] } }

    /// What this rank's inputs have of what all have.
    func selecting(_ values: [Float]) -> [Float] { own.map { values[Int($0)] } }

    /// Where those of some inputs that are this rank's stand among its own.
    func places(ofOwn inputs: [Int32]) -> [Int32] {
        var place = [Int32](repeating: -1, count: keys.count)
        for (index, input) in own.enumerated() { place[Int(input)] = Int32(index) }
        return inputs.lazy.map { place[Int($0)] }.filter { $0 >= 0 }
    }

    /// This rank's lanes, each as a range of its own inputs, where they are dealt by lanes.
    var lanes: [Range<Int>] {
        let lanes = ranks.lanes(of: Lanes.count)
        let first = Lanes.rows(of: lanes.lowerBound, in: keys.count).lowerBound
        return lanes.map { lane in
            let rows = Lanes.rows(of: lane, in: keys.count)
            return rows.lowerBound - first..<rows.upperBound - first
        }
    }

    /// The embeddings of all inputs, in their order, of those of each rank's own.
    ///
    /// - Parameter own: [inputs · heads, dimension].
    func gathered(_ own: Matrix, heads: Int = 1) -> Matrix {
        ranks.allGatherRows(own.reshaped(columns: heads * own.columns), owners: owners)
            .reshaped(columns: own.columns)
    }
}
