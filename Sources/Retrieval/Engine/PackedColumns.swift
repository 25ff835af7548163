import CKernels

/// Candidates in the order in which the score kernel reads them.
enum PackedColumns {
    static func pack(_ candidates: Matrix) -> LaneBuffer<Float> {
        let packed = LaneBuffer<Float>(
            uninitializedCount: tk_packed_size(candidates.rows, candidates.columns))
        pack(candidates, into: packed)
        return packed
    }

    /// - Parameter packed: memory of that size.
    static func pack(_ candidates: Matrix, into packed: LaneBuffer<Float>) {
        let (count, dimension) = (candidates.rows, candidates.columns)
        tk_pack(candidates.values, count, dimension, dimension, 1, packed.pointer)
    }

    /// The candidates for a product that sums over them, whose right side is [count, dimension].
    /// Panels of 32 columns are read once for all rows of a tile.
    ///
    /// - Parameter limit: numbers; nil comes back for more.
    static func packForSum(
        _ candidates: Matrix, upTo limit: Int, from pool: BufferPool
    ) -> LaneBuffer<Float>? {
        let (count, dimension) = (candidates.rows, candidates.columns)
        let size = tk_packed_size(dimension, count)
        guard size <= limit else { return nil }
        let packed = pool.take(size)
        tk_pack(candidates.values, dimension, count, 1, dimension, packed.pointer)
        return packed
    }
}
