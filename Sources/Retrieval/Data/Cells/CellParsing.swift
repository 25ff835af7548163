/// Numbers from bytes.
enum CellParsing {
    /// Decimal digits, perhaps after a sign; nil for anything else or beyond 64 bits.
    static func integer(_ cell: Cell) -> Int64? {
        guard let first = cell.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var index = isNegative || first == UInt8(ascii: "+") ? 1 : 0
        guard index < cell.count else { return nil }
        var value: Int64 = 0
        // 18 digits cannot overflow.
        let safe = min(cell.count, index + 18)
        while index < safe {
            let digit = cell[index] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &- Int64(digit)
            index += 1
        }
        while index < cell.count {
            let digit = cell[index] &- 0x30
            guard digit <= 9 else { return nil }
            // Built on the negative side, which reaches one further.
            let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) = scaled.subtractingReportingOverflow(Int64(digit))
            guard !overflowed, !overflowedToo else { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// A decimal number, perhaps with an exponent; nil for anything else, or beyond a float.
    static func number(_ cell: Cell) -> Double? { decimal(cell) ?? longNumber(cell) }

    /// A decimal number of at most 15 digits without an exponent; nil for anything else.
    static func decimal(_ cell: Cell) -> Double? {
        guard let first = cell.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var index = isNegative || first == UInt8(ascii: "+") ? 1 : 0
        var mantissa: Int64 = 0
        var scale: Int64 = 1
        var digits = 0
        var sawPoint = false
        // Up to 15 digits are exact in a double, and so is a power of ten up to 10^15.
        while index < cell.count {
            if cell[index] == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else {
                let digit = cell[index] &- 0x30
                guard digit <= 9, digits < 15 else { return nil }
                digits += 1
                mantissa = mantissa * 10 + Int64(digit)
                if sawPoint { scale *= 10 }
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        let magnitude = Double(mantissa) / Double(scale)
        return isNegative ? -magnitude : magnitude
    }

    private static func longNumber(_ cell: Cell) -> Double? {
        let allowed = Array("0123456789+-.eE".utf8)
        guard cell.count <= 64, cell.allSatisfy(allowed.contains),
            let value = Double(String(decoding: cell, as: UTF8.self))
        else { return nil }
        return Float(value).isFinite ? value : nil
    }
}
