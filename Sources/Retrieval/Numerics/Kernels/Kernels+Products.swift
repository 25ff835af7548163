import CKernels

extension Kernels {
    /// How many floats ``pack`` writes for a k×n operand: panels of 32 columns, zero padded.
    @inline(__always)
    static func packedSize(_ n: Int, _ k: Int) -> Int {
        tk_packed_size(n, k)
    }

    /// Packs a k×n operand: element (p, j) is `b[j * n_stride + p * k_stride]`. The rows of an n×k
    /// matrix are packed as columns by `n_stride` = its leading dimension, `k_stride` = 1.
    @inline(__always)
    static func pack(
        _ b: UnsafePointer<Float>?, _ n: Int, _ k: Int, _ nStride: Int, _ kStride: Int,
        _ packed: UnsafeMutablePointer<Float>?
    ) {
        tk_pack(b, n, k, nStride, kStride, packed)
    }

    /// Where the sums of a product start.
    enum Start {
        /// At zero: C = A·B.
        case zero
        /// At what C holds: C += A·B.
        case accumulated
        /// At a number for each column: C = bias + A·B.
        case bias

        @inline(__always)
        fileprivate var mode: tk_mode {
            switch self {
            case .zero: TK_OVERWRITE
            case .accumulated: TK_ACCUMULATE
            case .bias: TK_BIAS
            }
        }

        /// For rows of C, B and the bias that have room up to the next multiple of 16 columns, with
        /// zeros there, which C keeps or gets.
        @inline(__always)
        var padded: tk_mode { tk_mode(rawValue: mode.rawValue | TK_PADDED.rawValue) }
    }

    /// C (m×n) = start + A (m×k) · B (k×n), with B as ``pack(_:_:_:_:_:_:)`` has packed it. Element
    /// (i, p) of A is `a[i * aRowStride + p * aKStride]`; it is fastest if one of the strides is 1.
    /// `bias` (n values) is read where the sums start there.
    @inline(__always)
    static func gemmPacked(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>?, _ aRowStride: Int,
        _ aKStride: Int, _ packed: UnsafePointer<Float>?, _ c: UnsafeMutablePointer<Float>?,
        _ ldc: Int, _ start: Start, _ bias: UnsafePointer<Float>?
    ) {
        tk_gemm_packed(m, n, k, a, aRowStride, aKStride, packed, c, ldc, start.mode, bias)
    }

    /// The same product with B as it lies: element (p, j) is `b[p * ldb + j]`.
    @inline(__always)
    static func gemmRowMajor(
        _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>?, _ aRowStride: Int,
        _ aKStride: Int, _ b: UnsafePointer<Float>?, _ ldb: Int, _ c: UnsafeMutablePointer<Float>?,
        _ ldc: Int, _ start: Start, _ bias: UnsafePointer<Float>?
    ) {
        tk_gemm_rowmajor_b(m, n, k, a, aRowStride, aKStride, b, ldb, c, ldc, start.mode, bias)
    }
}
