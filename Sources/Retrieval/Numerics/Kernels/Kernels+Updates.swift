import CKernels

extension Kernels {
    /// w −= lr · g, on n values.
    @inline(__always)
    static func sgd(
        _ w: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float
    ) {
        tk_sgd(w, g, n, lr)
    }

    /// The same on rows idx[i] of a table, with row i of grads; the indices must be distinct.
    @inline(__always)
    static func sgdRows(
        _ table: UnsafeMutablePointer<Float>?, _ ld: Int, _ dim: Int, _ idx: UnsafePointer<Int32>?,
        _ grads: UnsafePointer<Float>?, _ ldg: Int, _ n: Int, _ lr: Float
    ) {
        tk_sgd_rows(table, ld, dim, idx, grads, ldg, n, lr)
    }

    /// Adagrad as Keras has it, on n values: acc += g², w −= (lr · g) / √(acc + eps).
    @inline(__always)
    static func adagrad(
        _ w: UnsafeMutablePointer<Float>?, _ acc: UnsafeMutablePointer<Float>?,
        _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float, _ eps: Float
    ) {
        tk_adagrad(w, acc, g, n, lr, eps)
    }

    /// The same on rows idx[i] of a table and its accumulators, both with leading dimension ld, with
    /// row i of grads; the indices must be distinct.
    @inline(__always)
    static func adagradRows(
        _ table: UnsafeMutablePointer<Float>?, _ acc: UnsafeMutablePointer<Float>?, _ ld: Int,
        _ dim: Int, _ idx: UnsafePointer<Int32>?, _ grads: UnsafePointer<Float>?, _ ldg: Int,
        _ n: Int, _ lr: Float, _ eps: Float
    ) {
        tk_adagrad_rows(table, acc, ld, dim, idx, grads, ldg, n, lr, eps)
    }

    /// w −= w · decay · lr.
    @inline(__always)
    static func weightDecay(
        _ w: UnsafeMutablePointer<Float>?, _ n: Int, _ decay: Float, _ lr: Float
    ) {
        tk_weight_decay(w, n, decay, lr)
    }

    /// m = momentum · m − lr · g; w += m, or with `nesterov` w += momentum · m − lr · g.
    @inline(__always)
    static func momentum(
        _ w: UnsafeMutablePointer<Float>?, _ m: UnsafeMutablePointer<Float>?,
        _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float, _ momentum: Float, _ nesterov: Bool
    ) {
        tk_momentum(w, m, g, n, lr, momentum, nesterov)
    }

    /// m += (g − m) · rate_1, v += (g² − v) · rate_2, w −= (alpha · m) / (√v + eps). With `v_max`,
    /// which may be nil, the largest v so far stands for v (AMSGrad).
    @inline(__always)
    static func adam(
        _ w: UnsafeMutablePointer<Float>?, _ m: UnsafeMutablePointer<Float>?,
        _ v: UnsafeMutablePointer<Float>?, _ vMax: UnsafeMutablePointer<Float>?,
        _ g: UnsafePointer<Float>?, _ n: Int, _ alpha: Float, _ rate1: Float, _ rate2: Float,
        _ eps: Float
    ) {
        tk_adam(w, m, v, vMax, g, n, alpha, rate1, rate2, eps)
    }

    /// Several steps of ``adam(_:_:_:_:_:_:_:_:_:_:)`` without a gradient, one after the other, with
    /// one alpha for each: the bits of as many calls.
    @inline(__always)
    static func adamIdle(
        _ w: UnsafeMutablePointer<Float>?, _ m: UnsafeMutablePointer<Float>?,
        _ v: UnsafeMutablePointer<Float>?, _ vMax: UnsafeMutablePointer<Float>?, _ n: Int,
        _ alphas: UnsafeBufferPointer<Float>, _ rate1: Float, _ rate2: Float, _ eps: Float
    ) {
        tk_adam_idle(w, m, v, vMax, n, alphas.baseAddress, alphas.count, rate1, rate2, eps)
    }

    /// m += (g − m) · rate_1, u = max(beta_2 · u, |g|), w −= (lr · m) / (bias · (u + eps)).
    @inline(__always)
    static func adamax(
        _ w: UnsafeMutablePointer<Float>?, _ m: UnsafeMutablePointer<Float>?,
        _ u: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float,
        _ bias: Float, _ rate1: Float, _ beta2: Float, _ eps: Float
    ) {
        tk_adamax(w, m, u, g, n, lr, bias, rate1, beta2, eps)
    }

    /// v = rho · v + rate · g²; with `mean`, mean = rho · mean + rate · g and mean² is taken from v;
    /// w −= lr · g / √(v + eps), or with `m` w −= m, m = momentum · m + that. Both may be nil.
    @inline(__always)
    static func rmsprop(
        _ w: UnsafeMutablePointer<Float>?, _ v: UnsafeMutablePointer<Float>?,
        _ m: UnsafeMutablePointer<Float>?, _ mean: UnsafeMutablePointer<Float>?,
        _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float, _ rho: Float, _ rate: Float,
        _ momentum: Float, _ eps: Float
    ) {
        tk_rmsprop(w, v, m, mean, g, n, lr, rho, rate, momentum, eps)
    }

    /// square = rho · square + rate · g², d = −√(moved + eps) · g / √(square + eps),
    /// moved = rho · moved + rate · d², w += lr · d.
    @inline(__always)
    static func adadelta(
        _ w: UnsafeMutablePointer<Float>?, _ square: UnsafeMutablePointer<Float>?,
        _ moved: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?, _ n: Int, _ lr: Float,
        _ rho: Float, _ rate: Float, _ eps: Float
    ) {
        tk_adadelta(w, square, moved, g, n, lr, rho, rate, eps)
    }

    /// Moments as in ``adam(_:_:_:_:_:_:_:_:_:_:)``;
    /// w −= lr · (momentumNext · m / biasNext + gradientShare · g / bias) / (√(v / bias2) + eps).
    @inline(__always)
    static func nadam(
        _ w: UnsafeMutablePointer<Float>?, _ m: UnsafeMutablePointer<Float>?,
        _ v: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?, _ n: Int,
        _ rates: NadamRates
    ) {
        withUnsafePointer(to: rates.numbers) { tk_nadam(w, m, v, g, n, $0) }
    }

    /// acc' = acc + g², linear += g + twiceShrinkage · w − (acc'^power − acc^power) / lr · w,
    /// w = (clip(linear, ±l1) − linear) / (acc'^power / lr + twiceL2).
    @inline(__always)
    static func ftrl(
        _ w: UnsafeMutablePointer<Float>?, _ acc: UnsafeMutablePointer<Float>?,
        _ linear: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?, _ n: Int,
        _ rates: FTRLRates
    ) {
        withUnsafePointer(to: rates.numbers) { tk_ftrl(w, acc, linear, g, n, $0) }
    }

    /// The largest factor, at most 1, by which every move lr · g / √(acc + eps) stays within
    /// variableRelative · |w| + accumulatorRelative / √(acc + eps) + absolute; NaN if a move is.
    /// Here and below g must not be nil.
    @inline(__always)
    static func clippyScale(
        _ w: UnsafePointer<Float>?, _ acc: UnsafePointer<Float>?, _ g: UnsafePointer<Float>?,
        _ n: Int, _ rates: ClippyRates
    ) -> Float {
        withUnsafePointer(to: rates.numbers) { tk_clippy_scale(w, acc, g, n, $0) }
    }

    /// w −= factor · (that move), acc += (accFactor · g)².
    @inline(__always)
    static func clippy(
        _ w: UnsafeMutablePointer<Float>?, _ acc: UnsafeMutablePointer<Float>?,
        _ g: UnsafePointer<Float>?, _ n: Int, _ factor: Float, _ accFactor: Float,
        _ rates: ClippyRates
    ) {
        withUnsafePointer(to: rates.numbers) { tk_clippy(w, acc, g, n, factor, accFactor, $0) }
    }
}
