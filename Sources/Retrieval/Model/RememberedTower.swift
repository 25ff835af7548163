/// A tower that has encoded some inputs already, for who asks for them again with the same
/// parameters: losses and rankings of one evaluation.
struct RememberedTower: Tower {
    private let tower: any Tower
    private let embeddings: Matrix
    /// Where each key's embeddings stand; -1: nowhere.
    private let place: [Int32]

    /// Keys that are encoded at once: what a tower needs meanwhile stays small beside their
    /// embeddings.
    private static let batch = 4096

    /// - Parameters:
    ///   - keys: distinct.
    ///   - keyCount: keys are below this number.
    init(
        _ tower: any Tower, keys: [Int32], keyCount: Int, _ parameters: Parameters, lanes: Lanes,
        ranks: any Communicator
    ) {
        self.tower = tower
        var values: [Float] = []
        values.reserveCapacity(keys.count * tower.heads * tower.outputDimension)
        for start in stride(from: 0, to: keys.count, by: Self.batch) {
            let some = Array(keys[start..<min(start + Self.batch, keys.count)])
            values += tower.encode(some, parameters, lanes, ranks).values
        }
        embeddings = Matrix(
            rows: keys.count * tower.heads, columns: tower.outputDimension, values: values)
        var place = [Int32](repeating: -1, count: keyCount)
        for (index, key) in keys.enumerated() { place[Int(key)] = Int32(index) }
        self.place = place
    }

    var outputDimension: Int { tower.outputDimension }
    var requiresDistinctRows: Bool { tower.requiresDistinctRows }
    var heads: Int { tower.heads }
    var encodesOnce: Bool { tower.encodesOnce }

    func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        tower.spreads(rows: rows, parameters)
    }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let heads = Int32(heads)
        // Ranks that share the keys have to do the same.
        let all = context.share?.keys ?? keys
        guard !context.isTraining, all.allSatisfy({ place[Int($0)] >= 0 }) else {
            return tower.encode(keys, parameters, context)
        }
        let rows = keys.flatMap { key in (0..<heads).map { place[Int(key)] * heads + $0 } }
        return Encoding(embeddings: Rows.gather(embeddings, rows, context.lanes)) { _, _ in
            preconditionFailure("what was remembered has no way back")
        }
    }
}

extension TwoTowerModel {
    /// The model with what the query tower makes of some keys, where that is worth remembering.
    func remembering(
        queries keys: [Int32], keyCount: Int, lanes: Lanes, ranks: any Communicator
    ) -> TwoTowerModel {
        guard queryTower.encodesOnce else { return self }
        var model = self
        model.queryTower = RememberedTower(
            queryTower, keys: keys, keyCount: keyCount, parameters, lanes: lanes, ranks: ranks)
        return model
    }
}
