import CKernels

extension Kernels {
    /// The largest value; NaNs are passed over. -infinity for no values.
    @inline(__always)
    static func max(_ row: UnsafePointer<Float>?, _ n: Int) -> Float {
        tk_max(row, n)
    }

    /// The index of the first of the largest values; NaNs are passed over. 0 if there is none.
    @inline(__always)
    static func argmax(_ row: UnsafePointer<Float>?, _ n: Int) -> Int {
        tk_argmax(row, n)
    }

    /// Σ row[j].
    @inline(__always)
    static func sum(_ row: UnsafePointer<Float>?, _ n: Int) -> Float {
        tk_sum(row, n)
    }

    /// Σ a[j] · b[j].
    @inline(__always)
    static func dot(_ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ n: Int) -> Float {
        tk_dot(a, b, n)
    }

    /// row[j] = exp(row[j] − shift) · counts[j], and returns the sum of these. `counts` may be nil.
    @inline(__always)
    static func expShiftSum(
        _ row: UnsafeMutablePointer<Float>?, _ n: Int, _ shift: Float,
        _ counts: UnsafePointer<Float>?
    ) -> Float {
        tk_exp_shift_sum(row, n, shift, counts)
    }

    /// The same with the largest value of the row as the shift, which goes to `maximum`.
    @inline(__always)
    static func expMaxSum(
        _ row: UnsafeMutablePointer<Float>?, _ n: Int, _ counts: UnsafePointer<Float>?,
        _ maximum: UnsafeMutablePointer<Float>?
    ) -> Float {
        tk_exp_max_sum(row, n, counts, maximum)
    }

    /// row[j] *= s.
    @inline(__always)
    static func scale(_ row: UnsafeMutablePointer<Float>?, _ n: Int, _ s: Float) {
        tk_scale(row, n, s)
    }

    /// y[j] += a · x[j].
    @inline(__always)
    static func axpy(
        _ y: UnsafeMutablePointer<Float>?, _ x: UnsafePointer<Float>?, _ a: Float, _ n: Int
    ) {
        tk_axpy(y, x, a, n)
    }

    /// row[j] = row[j] / divisor + bias[j]. `bias` may be nil; a divisor of 1 is skipped.
    @inline(__always)
    static func affine(
        _ row: UnsafeMutablePointer<Float>?, _ n: Int, _ divisor: Float,
        _ bias: UnsafePointer<Float>?
    ) {
        tk_affine(row, n, divisor, bias)
    }

    /// Counts the values above, and equal to, a threshold (a NaN is neither), and those that are NaN
    /// or infinite. `nonfinite` may be nil.
    @inline(__always)
    static func countGreater(
        _ row: UnsafePointer<Float>?, _ n: Int, _ threshold: Float,
        _ greater: UnsafeMutablePointer<UInt32>?, _ equal: UnsafeMutablePointer<UInt32>?,
        _ nonfinite: UnsafeMutablePointer<UInt32>?
    ) {
        tk_count_greater(row, n, threshold, greater, equal, nonfinite)
    }

    /// The first j from `start` on with row[j] above `limit`, n if there is none. A NaN is above every
    /// limit, and everything is above a limit of NaN.
    @inline(__always)
    static func findAbove(_ row: UnsafePointer<Float>?, _ n: Int, _ start: Int, _ limit: Float)
        -> Int
    {
        tk_find_above(row, n, start, limit)
    }

    /// dst[j] = Σ src[i · stride + j] over i = 0 ..< count, added in that order. 0 for no partials.
    @inline(__always)
    static func sumPartials(
        _ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ count: Int,
        _ stride: Int, _ n: Int
    ) {
        tk_sum_partials(dst, src, count, stride, n)
    }

    /// dst[j] = Σ src[i · stride + j] over i = 0 ..< count, at most 8, as ``Lanes/treeSum(_:_:)``
    /// has it. 0 for no lanes.
    @inline(__always)
    static func sumLanes(
        _ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ count: Int,
        _ stride: Int, _ n: Int
    ) {
        tk_sum_lanes(dst, src, count, stride, n)
    }

    /// The largest |row[j]|; 0 for no values, NaN where one is NaN.
    @inline(__always)
    static func maxAbs(_ row: UnsafePointer<Float>?, _ n: Int) -> Float {
        tk_max_abs(row, n)
    }
}
