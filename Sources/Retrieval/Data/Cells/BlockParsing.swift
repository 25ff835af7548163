/// Numbers from cells behind which there are bytes that may be read: eight digits in one step, as
/// `parse_eight_digits_unrolled` of fast_float does. What is longer or has a sign goes the way of
/// ``CellParsing``, with the same values.
enum BlockParsing {
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    /// As ``CellParsing/integer(_:)``.
    @inline(__always)
    static func integer(_ cell: Cell) -> Int64? {
        guard let value = digits(cell) else { return CellParsing.integer(cell) }
        return Int64(value)
    }

    /// The value of 1 to 16 digits; nil for anything else.
    @inline(__always)
    static func digits(_ cell: Cell) -> UInt64? {
        let count = cell.count
        guard count > 0, let base = cell.baseAddress else { return nil }
        let first = word(base) ^ zeros
        if count <= 8 { return digits(first &<< UInt64(64 &- count &* 8)) }
        guard count <= 16, let high = digits(first &<< UInt64(128 &- count &* 8)),
            let low = digits(word(base + (count &- 8)) ^ zeros)
        else { return nil }
        return high &* 100_000_000 &+ low
    }

    /// As ``CellParsing/number(_:)``.
    @inline(__always)
    static func number(_ cell: Cell) -> Double? {
        guard let (mantissa, decimals) = shortDecimal(cell) else {
            return CellParsing.number(cell)
        }
        return Double(mantissa) / powers[decimals]
    }

    /// The digits, and how many stand behind the point, of at most 8 bytes of digits and perhaps a
    /// point; nil for anything else.
    @inline(__always)
    private static func shortDecimal(_ cell: Cell) -> (mantissa: UInt64, decimals: Int)? {
        let count = cell.count
        guard count > 0, count <= 8, let base = cell.baseAddress else { return nil }
        let digits = (word(base) ^ zeros) &<< UInt64(64 &- count &* 8)
        // A point differs from a zero by these bits.
        let point = zeroBytes(digits ^ 0x1E1E_1E1E_1E1E_1E1E)
        guard point != 0 else { return self.digits(digits).map { ($0, 0) } }
        guard count > 1 else { return nil }
        // What stands before the point moves up into its place; a second point is no digit.
        let place = point.trailingZeroBitCount &- 7
        let before = digits & (1 &<< UInt64(place) &- 1)
        let behind = place == 56 ? 0 : digits & ~(1 &<< UInt64(place &+ 8) &- 1)
        return self.digits(before &<< 8 | behind).map { ($0, (56 &- place) &>> 3) }
    }

    private static let powers: InlineArray<8, Double> = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7]

    /// The value of eight digits, the first of them in the lowest byte, each less the zero's code.
    @inline(__always)
    static func digits(_ word: UInt64) -> UInt64? {
        // Above 9 the sum reaches the top bit, or the byte had it already.
        guard (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080 == 0 else {
            return nil
        }
        let pairs = word &* 10 &+ word &>> 8
        let even = (pairs & 0xFF_0000_00FF) &* (100 &+ 1_000_000 &<< 32)
        let odd = (pairs &>> 16 & 0xFF_0000_00FF) &* (1 &+ 10_000 &<< 32)
        return (even &+ odd) &>> 32
    }

    @inline(__always)
    private static func word(_ place: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// The top bit of each byte that is 0.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }
}
