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
}
