import CKernels

extension Kernels {
    /// Whether the level in use multiplies 16-bit integers faster than floats.
    @inline(__always)
    static func hasIntegerProducts() -> Bool {
        tk_has_integer_products()
    }

    /// The Euclidean length of a row.
    @inline(__always)
    static func length(_ row: UnsafePointer<Float>?, _ k: Int) -> Double {
        tk_length(row, k)
    }

    /// Writes the integers nearest to `row[p] * scale` in pairs (a last one beside 0), `stride` from
    /// one to the next, and returns the Euclidean length of what that leaves of the row. |row[p]| ·
    /// scale must be below 32767.
    @inline(__always)
    static func quantize(
        _ row: UnsafePointer<Float>?, _ k: Int, _ scale: Double,
        _ pairs: UnsafeMutablePointer<Int16>?, _ stride: Int
    ) -> Double {
        tk_quantize(row, k, scale, pairs, stride)
    }

    /// sums (m×n) = A · B of 16-bit integers, m a multiple of `TK_INTEGER_ROWS`, n of
    /// `TK_INTEGER_PANEL`. Row i of A is the pairs at `a[2 * i * pairs]`; panels of 16 columns follow
    /// each other in B, pair p of column j of a panel at `[32 * p + 2 * j]`. No row and column may be
    /// longer than 32767, so that no sum overflows.
    @inline(__always)
    static func integerProducts(
        _ m: Int, _ n: Int, _ pairs: Int, _ a: UnsafePointer<Int16>?,
        _ packed: UnsafePointer<Int16>?, _ sums: UnsafeMutablePointer<Int32>?, _ ld: Int
    ) {
        tk_integer_products(m, n, pairs, a, packed, sums, ld)
    }

    /// Columns of a panel of integer products, and what rows are multiples of.
    static let integerPanel = Int(TK_INTEGER_PANEL)
    static let integerRows = Int(TK_INTEGER_ROWS)

    /// Compares each row of n sums with its thresholds, those at `offsets[row] ..< offsets[row + 1]`:
    /// `above[t]` is how many sums exceed `high[t]`. Those in (low[t], high[t]] are listed, by
    /// threshold and column, and counted in the result; more than `capacity` of them give
    /// `capacity + 1` and nothing else of use. Each row can be read up to a multiple of 16 sums.
    @inline(__always)
    static func countBands(
        _ sums: UnsafePointer<Int32>?, _ ld: Int, _ rows: Int, _ n: Int,
        _ offsets: UnsafePointer<UInt32>?, _ low: UnsafePointer<Int32>?,
        _ high: UnsafePointer<Int32>?, _ above: UnsafeMutablePointer<UInt32>?,
        _ undecided: UnsafeMutablePointer<UndecidedSum>, _ capacity: Int
    ) -> Int {
        undecided.withMemoryRebound(to: tk_undecided.self, capacity: capacity) {
            tk_count_bands(sums, ld, rows, n, offsets, low, high, above, $0, capacity)
        }
    }
}

/// A sum that lies in the band of a threshold: `tk_undecided`, whose layout it has.
struct UndecidedSum {
    var threshold: UInt32
    var column: UInt32
}
