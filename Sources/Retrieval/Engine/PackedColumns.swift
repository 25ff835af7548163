import CKernels

/// Candidates in the order in which the score kernel reads them.
enum PackedColumns {
    static func pack(_ candidates: Matrix) -> LaneBuffer<Float> {
        let (count, dimension) = (candidates.rows, candidates.columns)
        let packed = LaneBuffer<Float>(uninitializedCount: tk_packed_size(count, dimension))
        tk_pack(candidates.values, count, dimension, dimension, 1, packed.pointer)
        return packed
    }
}
