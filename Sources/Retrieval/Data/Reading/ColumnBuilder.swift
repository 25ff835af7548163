typealias Cell = UnsafeBufferPointer<UInt8>

/// Takes the cells of one column, as bytes, one after the other.
class ColumnBuilder {
    /// What a cell must hold, for messages.
    var required: String { "" }

    /// Adds a cell; false, and nothing added, where its text does not fit.
    func append(_ cell: Cell) -> Bool { false }

    /// Forgets rows at the end, down to `count`.
    func truncate(to count: Int) {}

    func finish() -> Column { .integers([]) }
}

final class TokenBuilder: ColumnBuilder {
    private var tokens = TokenEncoder()

    override func append(_ cell: Cell) -> Bool {
        tokens.append(cell)
        return true
    }

    override func truncate(to count: Int) { tokens.truncate(to: count) }

    override func finish() -> Column { .tokens(tokens.finish(as: .utf8)) }
}

/// The tokens of a row stand in one run of codes.
final class TokenListBuilder: ColumnBuilder {
    private let separator: [UInt8]
    private var tokens = TokenEncoder()
    private var offsets = [0]

    init(separator: [UInt8]) {
        self.separator = separator
    }

    override func append(_ cell: Cell) -> Bool {
        var start = 0
        var end = 0
        while end < cell.count {
            if cell[end] == separator[0], end + separator.count <= cell.count,
                cell[end..<end + separator.count].elementsEqual(separator)
            {
                add(cell, start..<end)
                end += separator.count
                start = end
            } else {
                end += 1
            }
        }
        add(cell, start..<end)
        offsets.append(tokens.count)
        return true
    }

    /// Adds a row whose tokens are already apart.
    func append(each cells: [[UInt8]]) {
        for cell in cells { cell.withUnsafeBufferPointer { add($0, 0..<$0.count) } }
        offsets.append(tokens.count)
    }

    private func add(_ cell: Cell, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        tokens.append(Cell(rebasing: cell[range]))
    }

    override func truncate(to count: Int) {
        guard count + 1 < offsets.count else { return }
        offsets.removeLast(offsets.count - count - 1)
        tokens.truncate(to: offsets[count])
    }

    override func finish() -> Column {
        let column = tokens.finish(as: .utf8)
        return .tokenLists(
            TokenListColumn(
                offsets: offsets, codes: column.codes, dictionary: column.dictionary))
    }
}

final class IntegerBuilder: ColumnBuilder {
    private var values: [Int64] = []
    private let missing: Int64?
    private let perSecond: Int64

    init(missing: Int64?, perSecond: Int64 = 1) {
        self.missing = missing
        self.perSecond = perSecond
    }

    override var required: String { "an integer" }

    override func append(_ cell: Cell) -> Bool {
        if cell.isEmpty {
            guard let missing else { return false }
            values.append(missing)
            return true
        }
        guard let value = CellParsing.integer(cell) else { return false }
        // Towards the past, so that a second is one second long before 1970 too.
        let quotient = value / perSecond
        values.append(value % perSecond < 0 ? quotient - 1 : quotient)
        return true
    }

    override func truncate(to count: Int) { values.removeLast(max(0, values.count - count)) }

    override func finish() -> Column { .integers(values) }
}

final class NumberBuilder: ColumnBuilder {
    private var values: [Float] = []
    private let missing: Float?

    init(missing: Float?) {
        self.missing = missing
    }

    override var required: String { "a finite number" }

    override func append(_ cell: Cell) -> Bool {
        guard let value = cell.isEmpty ? missing : CellParsing.number(cell) else { return false }
        values.append(value)
        return true
    }

    override func truncate(to count: Int) { values.removeLast(max(0, values.count - count)) }

    override func finish() -> Column { .numbers(values) }
}

final class TimeBuilder: ColumnBuilder {
    private var values: [Int64] = []
    private let format: TimeFormat
    private let missing: Int64?

    init(format: TimeFormat, missing: Int64?) {
        self.format = format
        self.missing = missing
    }

    override var required: String { "a time of the column's format" }

    override func append(_ cell: Cell) -> Bool {
        guard let value = cell.isEmpty ? missing : format.seconds(cell) else { return false }
        values.append(value)
        return true
    }

    override func truncate(to count: Int) { values.removeLast(max(0, values.count - count)) }

    override func finish() -> Column { .integers(values) }
}

/// Seconds since 1970 as a decimal number, the fraction dropped, towards the past.
final class EpochBuilder: ColumnBuilder {
    private var values: [Int64] = []

    override var required: String { "seconds since 1970" }

    override func append(_ cell: Cell) -> Bool {
        guard !cell.isEmpty, cell.count <= 64,
            cell.allSatisfy({ $0 &- 0x30 <= 9 || $0 == 0x2D || $0 == 0x2E }),
            let value = Double(String(decoding: cell, as: UTF8.self)), value.magnitude < 0x1p53
        else { return false }
        values.append(Int64(value.rounded(.down)))
        return true
    }

    override func truncate(to count: Int) { values.removeLast(max(0, values.count - count)) }

    override func finish() -> Column { .integers(values) }
}

/// Numbers from bytes.
enum CellParsing {
    /// Decimal digits, perhaps after a sign; nil for anything else or beyond 64 bits.
    static func integer(_ cell: Cell) -> Int64? {
        var index = 0
        let isNegative = cell[0] == UInt8(ascii: "-")
        if isNegative || cell[0] == UInt8(ascii: "+") { index = 1 }
        guard index < cell.count else { return nil }
        var value: Int64 = 0
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
    static func number(_ cell: Cell) -> Float? {
        var index = 0
        let isNegative = cell[0] == UInt8(ascii: "-")
        if isNegative || cell[0] == UInt8(ascii: "+") { index = 1 }
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
                guard digit <= 9, digits < 15 else { return longNumber(cell) }
                digits += 1
                mantissa = mantissa * 10 + Int64(digit)
                if sawPoint { scale *= 10 }
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        let magnitude = Double(mantissa) / Double(scale)
        return Float(isNegative ? -magnitude : magnitude)
    }

    private static func longNumber(_ cell: Cell) -> Float? {
        let allowed = Array("0123456789+-.eE".utf8)
        guard cell.count <= 64, cell.allSatisfy(allowed.contains),
            let value = Double(String(decoding: cell, as: UTF8.self))
        else { return nil }
        let number = Float(value)
        return number.isFinite ? number : nil
    }
}
