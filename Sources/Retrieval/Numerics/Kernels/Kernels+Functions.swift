import CKernels

extension Kernels {
    /// e^x, 2 ulp, denormal results included; infinity where e^x exceeds the largest float.
    @inline(__always)
    static func exp(_ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int) {
        tk_exp(dst, src, n)
    }

    /// ln x, 2 ulp; −infinity at 0, NaN below.
    @inline(__always)
    static func log(_ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int) {
        tk_log(dst, src, n)
    }

    /// 1 / (1 + e^−x), 4 ulp.
    @inline(__always)
    static func sigmoid(_ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int)
    {
        tk_sigmoid(dst, src, n)
    }

    /// ln(1 + e^x), 4 ulp.
    @inline(__always)
    static func softplus(
        _ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int
    ) {
        tk_softplus(dst, src, n)
    }

    /// tanh x, 4 ulp.
    @inline(__always)
    static func tanh(_ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int) {
        tk_tanh(dst, src, n)
    }

    /// The error function, 4 ulp.
    @inline(__always)
    static func erf(_ dst: UnsafeMutablePointer<Float>?, _ src: UnsafePointer<Float>?, _ n: Int) {
        tk_erf(dst, src, n)
    }

    @inline(__always)
    static func exp(_ x: Float) -> Float {
        tk_exp1(x)
    }

    @inline(__always)
    static func log(_ x: Float) -> Float {
        tk_log1(x)
    }

    @inline(__always)
    static func sigmoid(_ x: Float) -> Float {
        tk_sigmoid1(x)
    }

    @inline(__always)
    static func softplus(_ x: Float) -> Float {
        tk_softplus1(x)
    }

    @inline(__always)
    static func tanh(_ x: Float) -> Float {
        tk_tanh1(x)
    }

    @inline(__always)
    static func erf(_ x: Float) -> Float {
        tk_erf1(x)
    }

    @inline(__always)
    static func pow(_ base: Float, _ exponent: Float) -> Float {
        tk_pow1(base, exponent)
    }

    @inline(__always)
    static func exp(_ x: Double) -> Double {
        tk_exp_double(x)
    }

    @inline(__always)
    static func log(_ x: Double) -> Double {
        tk_log_double(x)
    }

    @inline(__always)
    static func sin(_ x: Double) -> Double {
        tk_sin_double(x)
    }

    @inline(__always)
    static func cos(_ x: Double) -> Double {
        tk_cos_double(x)
    }
}
