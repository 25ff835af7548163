import CKernels

extension Kernels {
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
