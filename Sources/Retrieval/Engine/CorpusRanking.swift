import CKernels

/// Ranks positives against a whole corpus by counting, without sorting.
///
/// A positive's score is read from the very row of scores it is compared with, or computed by the
/// same kernel, so an item can never outrank its own copy by a rounding difference.
package struct CorpusRanking {
    /// The candidates, packed once.
    private let packed: LaneBuffer<Float>
    private let count: Int
    private let dimension: Int

    /// - Parameter corpus: embeddings of the candidates, [count, dimension].
    package init(corpus: Matrix) {
        packed = PackedColumns.pack(corpus)
        count = corpus.rows
        dimension = corpus.columns
    }

    /// - Parameters:
    ///   - queries: embeddings of the distinct queries, [rows, dimension].
    ///   - examples: the positives of each query row, as positions in the corpus; -1 for a
    ///     positive that the corpus does not hold.
    ///   - comparison: whether a positive is found by its score or by its id.
    ///   - outsiders: the embedding of the positive of each example, in the batch's order, read
    ///     for those outside the corpus.
    package func rank(
        queries: Matrix, examples: RowExamples, comparison: CorpusComparison = .score,
        outsiders: (Int) -> ArraySlice<Float>, lanes: Lanes
    ) -> RankedQueries {
        let result = Ranks(examples.count)
        let outside = packOutsiders(examples, outsiders)
        forEachRow(of: queries, lanes: lanes) { row, scores in
            for slot in examples.offsets[row]..<examples.offsets[row + 1] {
                let positive = Int(examples.positives[slot])
                let example = Int(examples.batchIndex[slot])
                if comparison == .id {
                    result.record(
                        example,
                        positive >= 0 ? CorpusOrder(scores: scores).rank(Int32(positive)) : nil)
                    continue
                }
                let score =
                    positive >= 0
                    ? scores[positive] : self.score(queries, row: row, outside[slot])
                result.count(
                    example, score, among: scores, isMember: positive >= 0)
            }
        }
        var weights = [Float](repeating: 1, count: examples.count)
        for (slot, index) in examples.batchIndex.enumerated() {
            weights[Int(index)] = examples.weights[slot]
        }
        return RankedQueries(
            strictlyGreater: result.greater.array.map(Int32.init(bitPattern:)),
            ties: result.ties.array.map(Int32.init(bitPattern:)),
            isFinite: result.isFinite.array, weights: weights, corpusCount: count)
    }

    /// Calls `body` once for each query with its scores against the whole corpus, valid during the
    /// call; queries of different lanes at the same time.
    func forEachRow(
        of queries: Matrix, lanes: Lanes,
        _ body: @Sendable (Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        lanes.forEach(Lanes.count) { lane in
            let rows = Lanes.rows(of: lane, in: queries.rows)
            guard !rows.isEmpty else { return }
            let tileRows = min(48, max(4, 96 * 1024 / max(1, count)))
            let tile = LaneBuffer<Float>(uninitializedCount: tileRows * count)
            var start = rows.lowerBound
            while start < rows.upperBound {
                let end = min(start + tileRows, rows.upperBound)
                score(queries, start..<end, into: tile.pointer)
                for row in start..<end {
                    let scores = tile.pointer + (row - start) * count
                    body(row, UnsafeBufferPointer(start: scores, count: count))
                }
                start = end
            }
        }
    }

    private func score(
        _ queries: Matrix, _ rows: Range<Int>, into tile: UnsafeMutablePointer<Float>
    ) {
        queries.values.withUnsafeBufferPointer {
            let start = $0.baseAddress ?? UnsafePointer(packed.pointer)
            tk_gemm_packed(
                rows.count, count, dimension, start + rows.lowerBound * dimension, dimension, 1,
                packed.pointer, tile, count, TK_OVERWRITE, nil)
        }
    }

    private func packOutsiders(
        _ examples: RowExamples, _ outsiders: (Int) -> ArraySlice<Float>
    ) -> [Int: LaneBuffer<Float>] {
        var packed: [Int: LaneBuffer<Float>] = [:]
        for (slot, positive) in examples.positives.enumerated() where positive < 0 {
            let embedding = outsiders(Int(examples.batchIndex[slot]))
            packed[slot] = PackedColumns.pack(
                Matrix(rows: 1, columns: dimension, values: Array(embedding)))
        }
        return packed
    }

    private func score(_ queries: Matrix, row: Int, _ packed: LaneBuffer<Float>?) -> Float {
        guard let packed else { return .nan }
        var score: Float = 0
        queries.values.withUnsafeBufferPointer {
            tk_gemm_packed(
                1, 1, dimension, $0.baseAddress! + row * dimension, dimension, 1,
                packed.pointer, &score, 1, TK_OVERWRITE, nil)
        }
        return score
    }

    private struct Ranks: Sendable {
        let greater: LaneBuffer<UInt32>
        let ties: LaneBuffer<UInt32>
        let isFinite: LaneBuffer<Bool>

        init(_ count: Int) {
            greater = LaneBuffer(repeating: 0, count: count)
            ties = LaneBuffer(repeating: 0, count: count)
            isFinite = LaneBuffer(repeating: false, count: count)
        }

        func count(
            _ example: Int, _ score: Float, among scores: UnsafeBufferPointer<Float>,
            isMember: Bool
        ) {
            var greater: UInt32 = 0
            var equal: UInt32 = 0
            tk_count_greater(scores.baseAddress, scores.count, score, &greater, &equal, nil)
            self.greater.pointer[example] = greater
            ties.pointer[example] = isMember && equal > 0 ? equal - 1 : equal
            isFinite.pointer[example] = score.isFinite
        }

        /// Notes how many candidates are retrieved before the positive; nil where it never is.
        func record(_ example: Int, _ rank: Int32?) {
            greater.pointer[example] = rank.map(UInt32.init(bitPattern:)) ?? 0
            isFinite.pointer[example] = rank != nil
        }
    }
}

/// How a positive is found among the corpus.
public enum CorpusComparison: Sendable {
    /// By its score: candidates that score the same do not stand before it.
    case score
    /// By its id: of candidates that score the same, the earlier in the corpus stands before it.
    case id
}

/// The order in which a stable top-k retrieves a row's candidates.
struct CorpusOrder {
    let scores: UnsafeBufferPointer<Float>

    /// How many candidates are retrieved before the one at `position`; nil if its score is NaN.
    /// Scores that are not a number are retrieved first.
    func rank(_ position: Int32) -> Int32? {
        let score = scores[Int(position)]
        guard !score.isNaN else { return nil }
        var greater: UInt32 = 0
        var equal: UInt32 = 0
        var nonfinite: UInt32 = 0
        tk_count_greater(scores.baseAddress, scores.count, score, &greater, &equal, &nonfinite)
        var before = greater
        if equal > 1 {
            var unused: UInt32 = 0
            var ahead: UInt32 = 0
            tk_count_greater(scores.baseAddress, Int(position), score, &unused, &ahead, nil)
            before += ahead
        }
        if nonfinite > 0 { before += UInt32(scores.count { $0.isNaN }) }
        return Int32(bitPattern: before)
    }
}
