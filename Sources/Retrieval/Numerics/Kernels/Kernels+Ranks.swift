import CKernels

extension Kernels {
    /// Adds to `greater[i]` and `equal[i]` how many values are above, and equal to, `thresholds[i]`;
    /// a NaN is neither.
    @inline(__always)
    static func countAbove(
        _ row: UnsafePointer<Float>?, _ n: Int, _ thresholds: UnsafePointer<Float>?, _ count: Int,
        _ greater: UnsafeMutablePointer<UInt32>?, _ equal: UnsafeMutablePointer<UInt32>?
    ) {
        tk_count_above(row, n, thresholds, count, greater, equal)
    }

    /// A score and its place as one number, such that the larger of two is the higher score and, of
    /// equal scores (−0 and 0 are), the lower place.
    @inline(__always)
    static func rankKey(_ score: Float, _ place: UInt32) -> UInt64 {
        tk_rank_key1(score, place)
    }

    /// The score of a key; 0 for either zero.
    @inline(__always)
    static func rankKeyScore(_ key: UInt64) -> Float {
        tk_rank_key_score(key)
    }

    /// The place of a key.
    @inline(__always)
    static func rankKeyPlace(_ key: UInt64) -> UInt32 {
        tk_rank_key_place(key)
    }

    /// Writes the keys of the values above a threshold, `first + j` being the place of value j, in
    /// the row's order, and returns how many; at most n. NaNs are passed over.
    @inline(__always)
    static func collectAbove(
        _ row: UnsafePointer<Float>?, _ n: Int, _ threshold: Float, _ first: UInt32,
        _ keys: UnsafeMutablePointer<UInt64>?
    ) -> Int {
        tk_collect_above(row, n, threshold, first, keys)
    }

    /// Moves the k largest of n distinct keys to the front, in no order; nothing if k >= n.
    @inline(__always)
    static func selectKeys(_ keys: UnsafeMutablePointer<UInt64>?, _ n: Int, _ k: Int) {
        tk_select_keys(keys, n, k)
    }

    /// The smallest of n keys, at least one.
    @inline(__always)
    static func smallestKey(_ keys: UnsafePointer<UInt64>?, _ n: Int) -> UInt64 {
        tk_smallest_key(keys, n)
    }

    /// Sorts n distinct keys, largest first.
    @inline(__always)
    static func sortKeys(_ keys: UnsafeMutablePointer<UInt64>?, _ n: Int) {
        tk_sort_keys(keys, n)
    }

    /// scores[i] = the product of row a_rows[i] of a and row b_rows[i] of b, of k elements, with the
    /// bits that a matrix product gives it. nil for rows means row i.
    @inline(__always)
    static func pairScores(
        _ a: UnsafePointer<Float>?, _ lda: Int, _ aRows: UnsafePointer<Int32>?,
        _ b: UnsafePointer<Float>?, _ ldb: Int, _ bRows: UnsafePointer<Int32>?, _ k: Int, _ n: Int,
        _ scores: UnsafeMutablePointer<Float>?
    ) {
        tk_pair_scores(a, lda, aRows, b, ldb, bRows, k, n, scores)
    }
}
