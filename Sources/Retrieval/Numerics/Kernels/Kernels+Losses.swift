import CKernels

extension Kernels {
    /// maxima[i] = the largest row[j] with j mod 64 = i, for 64 of them; NaNs are passed over, and
    /// −infinity stands for no values.
    @inline(__always)
    static func groupMax(
        _ row: UnsafePointer<Float>?, _ n: Int, _ maxima: UnsafeMutablePointer<Float>?
    ) {
        tk_group_max(row, n, maxima)
    }

    /// Σ counts[j] · log(1 + x) of x = factor · odds[j], at least 0 and at most 2¹²⁶; slopes[j] +=
    /// weight · x / (1 + x), and in `slope` Σ counts[j] · weight · x / (1 + x). `counts` may be nil. Of
    /// the first `alike` columns those 16 apart in each block of 64 count alike, and no odds are above
    /// 1.
    @inline(__always)
    static func pairLogistic(
        _ odds: UnsafePointer<Float>?, _ counts: UnsafePointer<Float>?,
        _ slopes: UnsafeMutablePointer<Float>?, _ n: Int, alike: Int, factor: Float,
        weight: Float, slope: inout Float
    ) -> Float {
        tk_pair_logistic(odds, counts, slopes, n, alike, factor, weight, &slope)
    }

    /// Σ counts[j] · max(0, d) of d = margin − (positive − scores[j]); slopes[j] += weight where d > 0,
    /// and in `slope` Σ counts[j] · weight of these. `counts` may be nil.
    @inline(__always)
    static func pairHinge(
        _ scores: UnsafePointer<Float>?, _ counts: UnsafePointer<Float>?,
        _ slopes: UnsafeMutablePointer<Float>?, _ n: Int, positive: Float, margin: Float,
        weight: Float, slope: inout Float
    ) -> Float {
        tk_pair_hinge(scores, counts, slopes, n, positive, margin, weight, &slope)
    }

    /// The largest value below `limit`; NaNs are passed over. −infinity if there is none.
    @inline(__always)
    static func maxBelow(_ row: UnsafePointer<Float>?, _ n: Int, _ limit: Float) -> Float {
        tk_max_below(row, n, limit)
    }

    /// Σ a[j] · (scale · b[j]); without b each is 1.
    @inline(__always)
    static func scaledDot(
        _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ n: Int, _ scale: Float
    ) -> Float {
        tk_scaled_dot(a, b, n, scale)
    }

    /// Σ counts[j] · log(x), x = row[j] clipped to a range above 0; passed[j] = counts[j] where
    /// nothing was clipped, 0 elsewhere. `counts` may be nil.
    @inline(__always)
    static func clippedLogs(
        _ row: UnsafePointer<Float>?, _ counts: UnsafePointer<Float>?, _ n: Int,
        _ range: ClosedRange<Float>, passed: UnsafeMutablePointer<Float>?
    ) -> Float {
        tk_clipped_logs(row, counts, n, range.lowerBound, range.upperBound, passed)
    }

    /// row[j] = value where seen[j] is false.
    @inline(__always)
    static func hide(
        _ row: UnsafeMutablePointer<Float>?, where seen: UnsafePointer<Bool>?, _ n: Int,
        _ value: Float
    ) {
        tk_hide(row, seen, n, value)
    }

    /// row[j] = value where counts[j] is 0.
    @inline(__always)
    static func hideUncounted(
        _ row: UnsafeMutablePointer<Float>?, _ counts: UnsafePointer<Float>?, _ n: Int,
        _ value: Float
    ) {
        tk_hide_uncounted(row, counts, n, value)
    }

    /// row[j] *= factors[j].
    @inline(__always)
    static func multiply(
        _ row: UnsafeMutablePointer<Float>?, _ factors: UnsafePointer<Float>?, _ n: Int
    ) {
        tk_multiply(row, factors, n)
    }

    /// softplus[j] = ln(1 + e^row[j]), row[j] = 1 / (1 + e^−row[j]).
    @inline(__always)
    static func softplusSigmoid(
        _ softplus: UnsafeMutablePointer<Float>?, _ row: UnsafeMutablePointer<Float>?, _ n: Int
    ) {
        tk_softplus_sigmoid(softplus, row, n)
    }
}
