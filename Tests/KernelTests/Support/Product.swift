import CKernels
import TestSupport

/// A matrix product: its operands, and both ways to compute it.
struct Product {
    /// How A lies in memory.
    enum Order: CaseIterable {
        /// Rows contiguous.
        case across
        /// Columns contiguous.
        case down
        /// Neither.
        case apart
    }

    var m: Int
    let n: Int
    let k: Int
    let order: Order
    let isPacked: Bool
    var mode = TK_OVERWRITE
    var ldb: Int
    var ldc: Int
    var a: [Float] = []
    var b: [Float] = []
    var c: [Float] = []
    var bias: [Float] = []
    var shift = 0
    private let rowStride: Int
    private let kStride: Int

    init(m: Int, n: Int, k: Int, order: Order, isPacked: Bool, padding: Int = 0) {
        (self.m, self.n, self.k, self.order, self.isPacked) = (m, n, k, order, isPacked)
        (ldb, ldc) = (n + padding, n + padding)
        switch order {
        case .across: (rowStride, kStride) = (k + padding, 1)
        case .down: (rowStride, kStride) = (1, m + padding)
        case .apart: (rowStride, kStride) = (2 * k + padding, 2)
        }
    }

    static func random(_ random: inout SeededGenerator) -> Product {
        var product = Product(
            m: random.element(of: [0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 25, 48, 50]),
            n: random.element(of: [0, 1, 8, 15, 16, 17, 20, 31, 32, 33, 48, 64, 95]),
            k: random.element(
                of: [0, 1, 2, 3, 16, 33] + (random.below(8) == 0 ? [128, 263] : [])),
            order: random.element(of: Order.allCases), isPacked: random.below(2) == 0,
            padding: random.below(3))
        product.mode = random.element(of: [TK_OVERWRITE, TK_ACCUMULATE, TK_BIAS])
        product.shift = random.below(4)
        product.fill(&random)
        return product
    }

    var shape: String { "\(m)×\(n)×\(k) \(order) packed: \(isPacked), mode \(mode.rawValue)" }

    func aIndex(_ i: Int, _ p: Int) -> Int { i * rowStride + p * kStride }

    /// Operands of no more elements than are named.
    mutating func fill(_ random: inout SeededGenerator) {
        a = random.floats(m > 0 && k > 0 ? aIndex(m - 1, k - 1) + 1 : 0)
        b = random.floats(n > 0 && k > 0 ? (k - 1) * ldb + n : 0)
        c = random.floats(n > 0 && m > 0 ? (m - 1) * ldc + n : 0)
        bias = random.floats(n)
    }

    /// C by the kernels, and whether they kept to it.
    func run() -> ([Float], Bool) {
        let out = Guarded(c, shift: shift)
        let start = mode.rawValue & TK_BIAS.rawValue == 0 ? nil : bias
        if isPacked {
            let packed = Guarded([Float](repeating: .nan, count: tk_packed_size(n, k)))
            tk_pack(b, n, k, 1, ldb, packed.pointer)
            tk_gemm_packed(
                m, n, k, a, rowStride, kStride, packed.pointer, out.pointer, ldc, mode, start)
        } else {
            tk_gemm_rowmajor_b(
                m, n, k, a, rowStride, kStride, b, ldb, out.pointer, ldc, mode, start)
        }
        return (out.values, out.isIntact)
    }

    /// The same with room for a multiple of 16 columns in every row, told so. Where C is not read it
    /// holds NaNs there.
    var padded: Product {
        var padded = self
        func rows(_ values: [Float], count: Int, rest: Float) -> [Float] {
            (0..<count * ldc).map { $0 % ldc < n ? values[$0] : rest }
        }
        padded.b = rows(b, count: k, rest: 0)
        padded.c = rows(c, count: m, rest: mode == TK_ACCUMULATE ? 0 : .nan)
        padded.bias = rows(bias, count: 1, rest: 0)
        padded.mode = tk_mode(rawValue: mode.rawValue | TK_PADDED.rawValue)
        return padded
    }

    /// C by the contract, one output after the other; what lies between its rows stays.
    func chain(at level: Level) -> [Float] {
        var result = c
        for i in 0..<m {
            for j in 0..<n {
                var sum: Float =
                    mode == TK_OVERWRITE ? 0 : mode == TK_BIAS ? bias[j] : c[i * ldc + j]
                for p in 0..<k {
                    sum = level.multiplyAdd(a[aIndex(i, p)], b[p * ldb + j], sum)
                }
                result[i * ldc + j] = sum
            }
        }
        return result
    }
}
