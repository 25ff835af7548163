import Platform

/// How the cells of a column of moments are read.
enum TimestampText {
    /// A number of units since 1970.
    case number(ColumnDeclaration.TimeUnit)
    case format(TimeFormat)

    /// The usual ways to write a moment, those that say more first.
    static let patterns = [
        "iso8601", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%d/%m/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y",
        "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %I:%M:%S %p",
        "%d/%m/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
        "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%m-%d-%Y %H:%M:%S",
        "%m-%d-%Y %H:%M", "%m-%d-%Y", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d",
        "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%H:%M:%S %d/%m/%Y", "%H:%M %d/%m/%Y",
        "%d/%b/%Y:%H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y",
        "%a, %d %b %Y %H:%M:%S %Z", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d-%b-%Y %H:%M:%S",
        "%d-%b-%Y", "%d %b %Y", "%b %d, %Y %I:%M:%S %p", "%b %d, %Y %I:%M %p",
        "%b %d, %Y %H:%M:%S", "%b %d, %Y", "%m %d, %Y", "%d/%m/%Y, %H:%M:%S", "%d/%m/%Y, %H:%M",
        "%m/%d/%Y, %I:%M:%S %p", "%m/%d/%Y, %I:%M %p", "%d/%m/%y %H:%M:%S", "%m/%d/%y %H:%M:%S",
        "%d/%m/%y %H:%M", "%m/%d/%y %H:%M", "%d/%m/%y", "%m/%d/%y", "%m/%d/%y %I:%M:%S %p",
        "%m/%d/%y %I:%M %p", "%m/%d/%y, %I:%M %p", "%d.%m.%y %H:%M:%S", "%d.%m.%y %H:%M",
        "%d.%m.%y", "%d-%b-%y", "%d-%b-%y %H:%M:%S", "%d-%b-%y %I.%M.%S %p",
        "%d-%b-%y %I.%M.%S.%f %p", "%d-%b-%Y %H:%M", "%b %d %Y %I:%M:%S %p", "%b %d %Y %I:%M %p",
        "%b %d %Y %I:%M%p", "%b %d %Y %H:%M:%S", "%b %d %Y %H:%M", "%b %d %Y", "%a, %b %d, %Y",
        "%a %d %b %Y %H:%M:%S", "%a %d %b %Y", "%d %b %y", "%H:%M:%S %d.%m.%Y",
        "%H:%M %d.%m.%Y", "%Y-%m-%d %H.%M.%S", "%d-%m-%y %H:%M:%S", "%m-%d-%y %H:%M:%S",
        "%d-%m-%y %H:%M", "%m-%d-%y %H:%M", "%d-%m-%y", "%m-%d-%y",
    ]

    /// What `format` has to say for a cell to be read: one of the usual patterns, `epoch` for a
    /// number; nil where none of them reads it.
    static func pattern(of cell: Cell) -> String? {
        if DecimalTime.time(cell, .seconds) != nil { return "epoch" }
        return formats.first { $0.format.time(cell) != nil }?.pattern
    }

    /// Read once: a file may hold millions of cells that are refused.
    private static let formats = patterns.compactMap { pattern in
        (pattern == "iso8601" ? .iso8601 : TimeFormat(pattern: pattern)).map {
            (pattern: pattern, format: $0)
        }
    }
}

/// Takes moments, exact to the nanosecond.
final class TimestampBuilder: ColumnBuilder {
    private let text: TimestampText
    private let options: CellOptions
    private var missing: MissingNumbers
    private var seconds: [Int64] = []
    /// What is beyond the seconds; none as long as nothing is.
    private var nanoseconds: [Int32] = []

    init(_ text: TimestampText, _ missing: MissingNumbers, _ options: CellOptions) {
        self.text = text
        self.missing = missing
        self.options = options
    }

    var required: String {
        switch text {
        case .number(let unit): "\(unit.rawValue) since 1970"
        case .format: "a time of the column's format"
        }
    }

    func requirement(of cell: Cell) -> String {
        guard !missing.cells.contains(cell), let other = TimestampText.pattern(of: cell),
            // So many digits are rather a day that there is not than seconds.
            other != "epoch" || ![8, 14].contains(cell.count)
        else {
            return missing.requirement(required, of: cell)
        }
        return "\(required) (this one is read by 'format: \(other)')"
    }

    func append(_ cell: Cell) -> Bool {
        guard !missing.cells.contains(cell) else {
            guard missing.take(seconds.count) else { return false }
            append(TimeFormat.Time(seconds: 0))
            return true
        }
        guard let time = time(of: cell) else { return false }
        append(time)
        return true
    }

    /// Adds a number as it is written, shortest.
    func append(_ number: Double) -> Bool {
        var text = "\(number)"
        return text.withUTF8 { append($0) }
    }

    /// Adds numbers of the unit; false, and nothing added, where the column has a format.
    func append(_ numbers: [Int64]) -> Bool {
        guard case .number(let unit) = text else { return false }
        if unit == .seconds, nanoseconds.isEmpty {
            seconds += numbers
        } else {
            for number in numbers { append(time(number, unit)) }
        }
        return true
    }

    func append(each cells: CellColumn) -> Int {
        var row = 0
        if case .number(.seconds) = text, nanoseconds.isEmpty, !missing.cells.hasTexts {
            row = appendWhole(cells)
        }
        while row < cells.count, append(inBlock: cells[row]) { row += 1 }
        return row
    }

    /// Adds cells up to the first that is no plain number of at most 16 digits; answers how many.
    private func appendWhole(_ cells: CellColumn) -> Int {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: cells.count) { block in
            guard let start = block.baseAddress else { return 0 }
            var row = 0
            while row < cells.count, let value = BlockParsing.digits(cells[row]) {
                (start + row).initialize(to: Int64(value))
                row += 1
            }
            seconds.append(contentsOf: UnsafeBufferPointer(start: start, count: row))
            return row
        }
    }

    @inline(__always)
    private func append(inBlock cell: Cell) -> Bool {
        guard case .number(let unit) = text, !missing.cells.contains(cell),
            let whole = BlockParsing.digits(cell)
        else { return append(cell) }
        append(time(Int64(whole), unit))
        return true
    }

    private func append(_ time: TimeFormat.Time) {
        if !nanoseconds.isEmpty || time.nanoseconds != 0 {
            // The first that has a part of a second.
            if nanoseconds.count < seconds.count {
                nanoseconds += [Int32](repeating: 0, count: seconds.count - nanoseconds.count)
            }
            nanoseconds.append(time.nanoseconds)
        }
        seconds.append(time.seconds)
    }

    private func time(of cell: Cell) -> TimeFormat.Time? {
        switch text {
        case .format(let format): return format.time(cell)
        case .number(let unit):
            guard let whole = CellParsing.integer(cell) else {
                return options.withPoint(cell) { DecimalTime.time($0, unit) }
            }
            return time(whole, unit)
        }
    }

    @inline(__always)
    private func time(_ value: Int64, _ unit: ColumnDeclaration.TimeUnit) -> TimeFormat.Time {
        guard unit != .seconds else { return TimeFormat.Time(seconds: value) }
        let (whole, rest) = value.flooredQuotient(by: unit.perSecond)
        return TimeFormat.Time(
            seconds: whole, nanoseconds: Int32(rest * (1_000_000_000 / unit.perSecond)))
    }

    func truncate(to count: Int) {
        seconds.removeLast(max(0, seconds.count - count))
        nanoseconds.removeLast(max(0, nanoseconds.count - count))
        missing.truncate(to: count)
    }

    func reserve(_ rows: Int) {
        seconds.reserveLargeCapacity(rows)
        if !nanoseconds.isEmpty { nanoseconds.reserveLargeCapacity(rows) }
    }

    func takePart() -> ColumnPart {
        defer { (seconds, nanoseconds) = (seconds.emptyOfSameSize, nanoseconds.emptyOfSameSize) }
        return .times(
            seconds: seconds, nanoseconds: nanoseconds, missing: missing.takeRows())
    }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        for case (_, .times(let new, let parts, let rows)) in parts {
            missing.append(rows, behind: seconds.count)
            if !parts.isEmpty || !nanoseconds.isEmpty {
                let known = nanoseconds.count
                nanoseconds += [Int32](repeating: 0, count: seconds.count - known)
                nanoseconds += parts
                nanoseconds += [Int32](repeating: 0, count: new.count - parts.count)
            }
            seconds += new
        }
    }

    var standIns: [Int] { missing.rows }

    var notes: [String] {
        guard case .number(let unit) = text, let moment = usualMoment,
            let other = unit.other(fitting: moment)
        else { return [] }
        return [
            "read as \(unit.rawValue) since 1970, most of it is \(Self.words(moment)); if it is "
                + "in \(other.rawValue), the column says 'unit: \(other.rawValue)'"
        ]
    }

    /// The median of some of the moments that are there, in seconds since 1970; nil where none is.
    private var usualMoment: Int64? {
        let isMissing = Set(missing.rows)
        let step = max(1, seconds.count / 1000)
        let some = stride(from: 0, to: seconds.count, by: step).filter { !isMissing.contains($0) }
            .map { seconds[$0] }.sorted()
        return some.isEmpty ? nil : some[some.count / 2]
    }

    private static func words(_ moment: Int64) -> String {
        // Beyond the years that calendars are made for.
        guard abs(moment) < 253_402_300_800 else {
            return "of the year \(1970 + moment / 31_556_952)"
        }
        return "of \(UTCTime.text(of: Double(moment)).prefix(10))"
    }

    func finish() throws(DataError) -> Column {
        if let standIn = try missing.standIn(of: seconds.count, { Double(seconds[$0]) }) {
            for row in missing.rows { seconds[row] = Int64(nearest: standIn) }
        }
        guard nanoseconds.contains(where: { $0 != 0 }) else { return .integers(seconds) }
        guard let times = TimeColumn(seconds: seconds, nanoseconds: nanoseconds) else {
            throw .impossible(
                "64 bits hold no times with parts of a second beside others so far from 1970: "
                    + "\(seconds.min() ?? 0) to \(seconds.max() ?? 0) seconds")
        }
        return .times(times)
    }
}

/// Moments that are written as decimal numbers with a point or an exponent: `978300764.5`, `1.5e9`.
enum DecimalTime {
    /// Exact to the nanosecond, towards the past; nil for what is no such number, or beyond 64
    /// bits of seconds.
    static func time(_ cell: Cell, _ unit: ColumnDeclaration.TimeUnit) -> TimeFormat.Time? {
        guard let number = Decimal(cell) else { return nil }
        var digits = number.digits[...]
        let isNegative = number.isNegative
        // Digits of nanoseconds, in the order of the number.
        let count = digits.count + number.exponent + unit.digitsOfNanoseconds
        guard count <= 30 else { return digits.isEmpty ? TimeFormat.Time(seconds: 0) : nil }
        // What is smaller than a nanosecond is dropped; of a negative number, towards the past.
        let dropped = digits.dropFirst(max(0, count)).contains { $0 != 0 }
        digits = digits.prefix(max(0, count))
        var value: Int128 = 0
        for digit in digits { value = value * 10 + Int128(digit) }
        for _ in 0..<max(0, count - digits.count) { value *= 10 }
        if isNegative { value = -value - (dropped ? 1 : 0) }
        var (seconds, rest) = value.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000_000) }
        return Int64(exactly: seconds).map {
            TimeFormat.Time(seconds: $0, nanoseconds: Int32(rest))
        }
    }

    /// The number digits·10^exponent.
    private struct Decimal {
        var isNegative = false
        /// Without zeros in front.
        var digits: [UInt8] = []
        var exponent = 0

        /// [+-] digits with at most one point, perhaps e [+-] digits; nil for anything else.
        init?(_ cell: Cell) {
            guard cell.count <= 64 else { return nil }
            var rest = cell[...]
            isNegative = Self.takeSign(&rest)
            var hasDigits = false
            var hasPoint = false
            while let byte = rest.first, byte &- 0x30 <= 9 || (byte == 0x2E && !hasPoint) {
                rest.removeFirst()
                guard byte != 0x2E else {
                    hasPoint = true
                    continue
                }
                hasDigits = true
                if byte != 0x30 || !digits.isEmpty { digits.append(byte - 0x30) }
                if hasPoint { exponent -= 1 }
            }
            guard hasDigits else { return nil }
            guard let mark = rest.popFirst() else { return }
            guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
            let isSmall = Self.takeSign(&rest)
            guard !rest.isEmpty, rest.count <= 4, rest.allSatisfy({ $0 &- 0x30 <= 9 }) else {
                return nil
            }
            let power = rest.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            exponent += isSmall ? -power : power
        }

        private static func takeSign(_ rest: inout Slice<Cell>) -> Bool {
            guard let first = rest.first, first == 0x2B || first == 0x2D else { return false }
            rest.removeFirst()
            return first == 0x2D
        }
    }
}

extension ColumnDeclaration.TimeUnit {
    /// The unit that numbers are rather of which, taken for this one, mean a moment, in seconds
    /// since 1970; nil where the moment is of an age that logs are of, from 1990 to 2100, or of
    /// none in any unit.
    fileprivate func other(fitting moment: Int64) -> Self? {
        let ages = 631_152_000.0..<4_102_444_800
        guard !ages.contains(Double(moment)) else { return nil }
        let number = Double(moment) * Double(perSecond)
        return Self.allCases.first { ages.contains(number / Double($0.perSecond)) }
    }

    /// The power of ten of its nanoseconds.
    fileprivate var digitsOfNanoseconds: Int {
        switch self {
        case .seconds: 9
        case .milliseconds: 6
        case .microseconds: 3
        case .nanoseconds: 0
        }
    }
}
