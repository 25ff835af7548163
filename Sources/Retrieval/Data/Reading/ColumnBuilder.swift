typealias Cell = UnsafeBufferPointer<UInt8>

/// Takes the cells of one column, as bytes, one after the other.
protocol ColumnBuilder: AnyObject {
    /// What a cell must hold, for messages.
    var required: String { get }

    /// Adds a cell; false, and nothing added, where its text does not fit.
    func append(_ cell: Cell) -> Bool

    /// Adds cells up to the first whose text does not fit; answers how many.
    func append(each cells: CellColumn) -> Int

    /// Forgets rows at the end, down to `count`.
    func truncate(to count: Int)

    /// Makes room for rows, so many in all.
    func reserve(_ rows: Int)

    func finish() -> Column
}

extension ColumnBuilder {
    var required: String { "" }

    @inline(__always)
    func append(each cells: CellColumn) -> Int {
        for row in 0..<cells.count where !append(cells[row]) { return row }
        return cells.count
    }
}

/// A builder of one plain value for each cell.
protocol ValueBuilder: ColumnBuilder {
    associatedtype Value

    var values: [Value] { get set }

    /// Nil where the text does not fit.
    func value(of cell: Cell) -> Value?

    /// The same, for a cell behind which there are ``TextWindow/padding`` bytes.
    func value(inBlock cell: Cell) -> Value?
}

extension ValueBuilder {
    func append(_ cell: Cell) -> Bool {
        guard let value = value(of: cell) else { return false }
        values.append(value)
        return true
    }

    func value(inBlock cell: Cell) -> Value? { value(of: cell) }

    @inline(__always)
    func append(each cells: CellColumn) -> Int {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: cells.count) { block in
            guard let start = block.baseAddress else { return 0 }
            var row = 0
            while row < cells.count, let value = value(inBlock: cells[row]) {
                (start + row).initialize(to: value)
                row += 1
            }
            values.append(contentsOf: UnsafeBufferPointer(start: start, count: row))
            return row
        }
    }

    func truncate(to count: Int) { values.removeLast(max(0, values.count - count)) }

    func reserve(_ rows: Int) { values.reserveCapacity(rows) }
}

final class TokenBuilder: ColumnBuilder {
    private var tokens = TokenEncoder()
    private let encoding: TextEncoding

    init(encoding: TextEncoding = .utf8) {
        self.encoding = encoding
    }

    func append(_ cell: Cell) -> Bool {
        tokens.append(cell)
        return true
    }

    func append(each cells: CellColumn) -> Int {
        tokens.append(each: cells)
        return cells.count
    }

    func truncate(to count: Int) { tokens.truncate(to: count) }

    func reserve(_ rows: Int) { tokens.reserve(rows) }

    func finish() -> Column { .tokens(tokens.finish(as: encoding)) }
}

/// The tokens of a row stand in one run of codes.
final class TokenListBuilder: ColumnBuilder {
    private let separator: [UInt8]
    private var tokens = TokenEncoder()
    private var offsets = [0]
    private let encoding: TextEncoding

    init(separator: [UInt8], encoding: TextEncoding = .utf8) {
        self.separator = separator
        self.encoding = encoding
    }

    func append(_ cell: Cell) -> Bool {
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

    func truncate(to count: Int) {
        guard count + 1 < offsets.count else { return }
        offsets.removeLast(offsets.count - count - 1)
        tokens.truncate(to: offsets[count])
    }

    func reserve(_ rows: Int) {
        let codes = Double(tokens.count) / Double(max(1, offsets.count - 1)) * Double(rows)
        tokens.reserve(Int(min(codes, 0x1p27)))
        offsets.reserveCapacity(rows + 1)
    }

    func finish() -> Column {
        let column = tokens.finish(as: encoding)
        return .tokenLists(
            TokenListColumn(
                offsets: offsets, codes: column.codes, dictionary: column.dictionary))
    }
}

final class IntegerBuilder: ValueBuilder {
    var values: [Int64] = []
    private let missing: Int64?
    private let perSecond: Int64

    init(missing: Int64?, perSecond: Int64 = 1) {
        self.missing = missing
        self.perSecond = perSecond
    }

    var required: String { "an integer" }

    func value(of cell: Cell) -> Int64? {
        guard !cell.isEmpty else { return missing }
        return CellParsing.integer(cell).map(seconds)
    }

    /// Adds a number, which must be whole.
    func append(_ number: Double) -> Bool {
        guard let value = Int64(exactly: number) else { return false }
        values.append(seconds(value))
        return true
    }

    @inline(__always)
    func value(inBlock cell: Cell) -> Int64? {
        guard !cell.isEmpty else { return missing }
        return BlockParsing.integer(cell).map(seconds)
    }

    @inline(__always)
    private func seconds(_ value: Int64) -> Int64 {
        guard perSecond != 1 else { return value }
        // Towards the past, so that a second is one second long before 1970 too.
        let quotient = value / perSecond
        return value % perSecond < 0 ? quotient - 1 : quotient
    }

    func finish() -> Column { .integers(values) }
}

final class NumberBuilder: ValueBuilder {
    var values: [Float] = []
    private let missing: Float?

    init(missing: Float?) {
        self.missing = missing
    }

    var required: String { "a finite number" }

    func value(of cell: Cell) -> Float? { cell.isEmpty ? missing : CellParsing.number(cell) }

    /// Adds a number, which must be finite as a float.
    func append(_ number: Double) -> Bool {
        let value = Float(number)
        guard value.isFinite else { return false }
        values.append(value)
        return true
    }

    @inline(__always)
    func value(inBlock cell: Cell) -> Float? {
        cell.isEmpty ? missing : BlockParsing.number(cell)
    }

    func finish() -> Column { .numbers(values) }
}

final class TimeBuilder: ValueBuilder {
    var values: [Int64] = []
    private let format: TimeFormat
    private let missing: Int64?

    init(format: TimeFormat, missing: Int64?) {
        self.format = format
        self.missing = missing
    }

    var required: String { "a time of the column's format" }

    func value(of cell: Cell) -> Int64? { cell.isEmpty ? missing : format.seconds(cell) }

    func finish() -> Column { .integers(values) }
}

/// Seconds since 1970 as a decimal number, the fraction dropped, towards the past.
final class EpochBuilder: ValueBuilder {
    var values: [Int64] = []

    var required: String { "seconds since 1970" }

    func value(of cell: Cell) -> Int64? {
        guard !cell.isEmpty, cell.count <= 64,
            cell.allSatisfy({ $0 &- 0x30 <= 9 || $0 == 0x2D || $0 == 0x2E }),
            let value = Double(String(decoding: cell, as: UTF8.self)), value.magnitude < 0x1p53
        else { return nil }
        return Int64(value.rounded(.down))
    }

    @inline(__always)
    func value(inBlock cell: Cell) -> Int64? {
        // Up to 15 digits are apart in a double, so that none is rounded up to the next second.
        var whole = 0
        while whole < min(cell.count, 15), cell[whole] != 0x2E { whole &+= 1 }
        guard cell.count <= 16, whole == cell.count || cell[whole] == 0x2E,
            let seconds = BlockParsing.digits(Cell(rebasing: cell[..<whole])),
            whole == cell.count
                || BlockParsing.digits(Cell(rebasing: cell[(whole &+ 1)...])) != nil
        else { return value(of: cell) }
        return Int64(seconds)
    }

    func finish() -> Column { .integers(values) }
}
