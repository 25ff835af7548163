/// The candidates that a batch scores: those of its examples, then the extra negatives.
///
/// A candidate that stands in the batch several times is encoded once and, where columns are
/// counted, scored once. The examples' candidates and the extra negatives keep columns of their
/// own: their sampling corrections differ.
struct BatchColumns {
    /// The candidate key of each column.
    let keys: [Int32]
    /// How many candidates each column stands for; nil: each for itself.
    let counts: [Float]?
    /// The column of each example's positive, in the batch's order.
    let positives: [Int32]
    /// Where the candidates of each column were in the batch; nil: column j was candidate j.
    let copies: Groups?
    /// How many columns, from the first on, hold the examples' own candidates.
    let ownCount: Int

    /// What is encoded: the keys, how many candidates each stands for, and the one of each column,
    /// nil where they are the columns.
    let encodedKeys: [Int32]
    let multiplicities: [Float]
    let source: [Int32]?

    /// - Parameters:
    ///   - encodesOnce: whether equal candidates share an embedding.
    ///   - counts: whether equal candidates share a column; only if they share an embedding.
    ///   - needsCopies: whether anything asks where the copies of a column stood.
    init(
        _ batch: ArraySlice<Int32>, extra: [Int32], keyCount: Int, encodesOnce: Bool,
        counts isCounted: Bool, needsCopies: Bool
    ) {
        func columns(_ keys: ArraySlice<Int32>) -> DistinctKeys {
            isCounted
                ? DistinctKeys(keys, keyCount: keyCount) : DistinctKeys(undistinguished: keys)
        }
        let own = columns(batch)
        let drawn = extra.isEmpty ? nil : columns(extra[...])
        ownCount = own.keys.count
        keys = drawn.map { own.keys + $0.keys } ?? own.keys
        positives = own.positions
        let all = drawn.map { own.counts + $0.counts } ?? own.counts
        let isSmaller = keys.count < batch.count + extra.count
        counts = isSmaller ? all : nil
        if isSmaller && needsCopies {
            let shift = Int32(own.keys.count)
            let columnOf = own.positions + (drawn?.positions.map { $0 + shift } ?? [])
            copies = Groups(groupOf: columnOf, count: keys.count)
        } else {
            copies = nil
        }

        guard encodesOnce, drawn != nil || !isCounted else {
            encodedKeys = keys
            multiplicities = all
            source = nil
            return
        }
        let distinct = DistinctKeys(keys[...], keyCount: keyCount)
        var sums = [Float](repeating: 0, count: distinct.keys.count)
        for (column, position) in distinct.positions.enumerated() {
            sums[Int(position)] += all[column]
        }
        encodedKeys = distinct.keys
        multiplicities = sums
        source = distinct.positions
    }

    /// The identity of each column, for the removal of accidental hits.
    func ids(keyCount: Int) -> ColumnIDs {
        if counts != nil && ownCount == keys.count { return .distinct }
        return ColumnIDs(
            codes: source ?? DistinctKeys(keys[...], keyCount: keyCount).positions)
    }
}
