/// Candidates in the order in which the score kernel reads them.
enum PackedColumns {
    static func pack(_ candidates: Matrix) -> LaneBuffer<Float> {
        let packed = LaneBuffer<Float>(
            uninitializedCount: Kernels.packedSize(candidates.rows, candidates.columns))
        pack(candidates, into: packed)
        return packed
    }

    /// - Parameter packed: memory of that size.
    static func pack(
        _ candidates: Matrix, into packed: LaneBuffer<Float>, _ lanes: Lanes = Lanes(threads: 1)
    ) {
        let (count, dimension) = (candidates.rows, candidates.columns)
        forEachRange(ofPanels: count, cost: 4 * dimension, lanes) { columns in
            candidates.values.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                Kernels.pack(
                    start + columns.lowerBound * dimension, columns.count, dimension, dimension,
                    1, packed.pointer + columns.lowerBound * dimension)
            }
        }
    }

    /// The candidates for a product that sums over them, whose right side is [count, dimension].
    /// Panels of 32 columns are read once for all rows of a tile.
    ///
    /// - Parameter limit: numbers; nil comes back for more.
    static func packForSum(
        _ candidates: Matrix, upTo limit: Int, from pool: BufferPool, _ lanes: Lanes
    ) -> LaneBuffer<Float>? {
        let (count, dimension) = (candidates.rows, candidates.columns)
        let size = Kernels.packedSize(dimension, count)
        guard size <= limit else { return nil }
        let packed = pool.take(size)
        forEachRange(ofPanels: dimension, cost: 4 * count, lanes) { columns in
            candidates.values.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                Kernels.pack(
                    start + columns.lowerBound, columns.count, count, 1, dimension,
                    packed.pointer + columns.lowerBound * count)
            }
        }
        return packed
    }

    /// Calls `body` for ranges of columns that are whole panels, but for the last.
    private static func forEachRange(
        ofPanels columns: Int, cost: Int, _ lanes: Lanes,
        _ body: @Sendable (Range<Int>) -> Void
    ) {
        let width = Kernels.packedSize(1, 1)
        lanes.forEachRange(of: (columns + width - 1) / width, cost: width * cost) { panels in
            let end = min(columns, panels.upperBound * width)
            body(panels.lowerBound * width..<end)
        }
    }
}
