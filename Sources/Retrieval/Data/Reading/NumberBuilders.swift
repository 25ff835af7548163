import Platform

/// Which rows of a column of numbers had no number, and what they count for.
struct MissingNumbers {
    let cells: MissingCells
    /// Nil: they are bad rows.
    let fill: Fill?
    /// Ascending.
    private(set) var rows: [Int] = []

    init(_ cells: MissingCells, fill: Fill?) {
        self.cells = cells
        self.fill = fill
    }

    /// Notes a row whose cell holds nothing; false where that is not allowed.
    mutating func take(_ row: Int) -> Bool {
        guard fill != nil else { return false }
        rows.append(row)
        return true
    }

    /// Takes all rows out.
    mutating func takeRows() -> [Int] {
        defer { rows = [] }
        return rows
    }

    /// Adds rows behind so many others.
    mutating func append(_ more: [Int], behind count: Int) { rows += more.map { $0 + count } }

    mutating func truncate(to count: Int) {
        while let last = rows.last, last >= count { rows.removeLast() }
    }

    /// What is required of a cell that was refused.
    func requirement(_ required: String, of cell: Cell) -> String {
        guard cells.contains(cell) || MissingCells.isUsual(cell) else { return required }
        return required + " ('missing' lists texts that stand for nothing, 'fill' says what they "
            + "count for)"
    }

    /// What the missing rows count for; nil where there are none.
    ///
    /// - Parameter value: that of a row.
    func standIn(of count: Int, _ value: (Int) -> Double) throws(DataError) -> Double? {
        guard let fill, !rows.isEmpty else { return nil }
        var isMissing = [Bool](repeating: false, count: count)
        for row in rows { isMissing[row] = true }
        let present = (0..<count).filter { !isMissing[$0] }.map(value)
        guard let standIn = fill.value(of: present) else {
            throw .impossible("a column without any number has no \(fill)")
        }
        return standIn
    }
}

extension Int64 {
    /// The integer nearest to a number, as near as 64 bits come.
    init(nearest number: Double) {
        self = Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
    }
}

/// A builder of one plain value for each cell.
protocol ValueBuilder: ColumnBuilder {
    associatedtype Value: BitwiseCopyable

    var values: [Value] { get set }
    var missing: MissingNumbers { get set }

    /// What stands in a missing row until the end.
    static var placeholder: Value { get }

    /// Nil where the text does not fit.
    func value(of cell: Cell) -> Value?

    /// The same, for a cell behind which there are ``TextWindow/padding`` bytes.
    func value(inBlock cell: Cell) -> Value?
}

extension ValueBuilder {
    func append(_ cell: Cell) -> Bool {
        if missing.cells.contains(cell) {
            guard missing.take(values.count) else { return false }
            values.append(Self.placeholder)
            return true
        }
        guard let value = value(of: cell) else { return false }
        values.append(value)
        return true
    }

    func requirement(of cell: Cell) -> String { missing.requirement(required, of: cell) }

    func value(inBlock cell: Cell) -> Value? { value(of: cell) }

    @inline(__always)
    func append(each cells: CellColumn) -> Int {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: cells.count) { block in
            guard let start = block.baseAddress else { return 0 }
            let first = values.count
            var row = 0
            while row < cells.count {
                let cell = cells[row]
                if missing.cells.contains(cell) {
                    guard missing.take(first + row) else { break }
                    (start + row).initialize(to: Self.placeholder)
                } else if let value = value(inBlock: cell) {
                    (start + row).initialize(to: value)
                } else {
                    break
                }
                row += 1
            }
            values.append(contentsOf: UnsafeBufferPointer(start: start, count: row))
            return row
        }
    }

    func truncate(to count: Int) {
        values.removeLast(max(0, values.count - count))
        missing.truncate(to: count)
    }

    func reserve(_ rows: Int) { values.reserveLargeCapacity(rows) }

    var standIns: [Int] { missing.rows }
}

final class IntegerBuilder: ValueBuilder {
    var values: [Int64] = []
    var missing: MissingNumbers
    private let options: CellOptions

    static let placeholder: Int64 = 0

    init(_ missing: MissingNumbers, _ options: CellOptions) {
        self.missing = missing
        self.options = options
    }

    var required: String { "an integer of 64 bits" }

    func value(of cell: Cell) -> Int64? { options.withPoint(cell, Self.integer) }

    /// Adds a number, which must be whole.
    func append(_ number: Double) -> Bool {
        guard let value = Int64(exactly: number) else { return false }
        values.append(value)
        return true
    }

    @inline(__always)
    func value(inBlock cell: Cell) -> Int64? { BlockParsing.integer(cell) ?? value(of: cell) }

    /// A whole number, also as programs write it that know numbers with a point alone: `12.0`.
    static func integer(_ cell: Cell) -> Int64? {
        if let value = CellParsing.integer(cell) { return value }
        guard let point = cell.firstIndex(of: UInt8(ascii: ".")),
            cell[(point + 1)...].allSatisfy({ $0 == UInt8(ascii: "0") })
        else { return nil }
        return CellParsing.integer(Cell(rebasing: cell[..<point]))
    }

    func takePart() -> ColumnPart {
        defer { values = values.emptyOfSameSize }
        return .integers(values, missing: missing.takeRows())
    }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        for case (_, .integers(let new, let rows)) in parts {
            missing.append(rows, behind: values.count)
            values += new
        }
    }

    func finish() throws(DataError) -> Column {
        if let standIn = try missing.standIn(of: values.count, { Double(values[$0]) }) {
            let whole = Int64(nearest: standIn)
            for row in missing.rows { values[row] = whole }
        }
        return .integers(values)
    }
}

final class NumberBuilder: ValueBuilder {
    var values: [Double] = []
    var missing: MissingNumbers
    private let options: CellOptions

    static let placeholder = 0.0

    init(_ missing: MissingNumbers, _ options: CellOptions) {
        self.missing = missing
        self.options = options
    }

    var required: String { "a finite number" }

    func requirement(of cell: Cell) -> String {
        let (commas, points) = (
            cell.count { $0 == UInt8(ascii: ",") }, cell.count { $0 == UInt8(ascii: ".") }
        )
        if min(commas, points) > 0 || max(commas, points) > 1 {
            return required + " (write it without what stands between thousands)"
        }
        if options.decimal == UInt8(ascii: "."), commas == 1 {
            return required + " (with a comma before its decimals: 'decimal: \",\"')"
        }
        let signs = cell.filter { "$%".utf8.contains($0) || $0 >= 0x80 }
        if !signs.isEmpty, cell.contains(where: { $0 &- 0x30 <= 9 }) {
            return required + " (write it without the sign of a currency or of percent)"
        }
        return missing.requirement(required, of: cell)
    }

    func value(of cell: Cell) -> Double? { options.withPoint(cell, CellParsing.number) }

    /// Adds numbers up to the first that is not finite as a float; answers how many.
    func append(each numbers: some Collection<Double>) -> Int {
        let first = values.count
        values.append(contentsOf: numbers)
        guard let misfit = values[first...].firstIndex(where: { !Float($0).isFinite }) else {
            return values.count - first
        }
        values.removeLast(values.count - misfit)
        return misfit - first
    }

    /// Adds a number, which must be finite as a float.
    func append(_ number: Double) -> Bool {
        guard Float(number).isFinite else { return false }
        values.append(number)
        return true
    }

    @inline(__always)
    func value(inBlock cell: Cell) -> Double? {
        options.decimal == UInt8(ascii: ".") ? BlockParsing.number(cell) : value(of: cell)
    }

    func takePart() -> ColumnPart {
        defer { values = values.emptyOfSameSize }
        return .numbers(values, missing: missing.takeRows())
    }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        for case (_, .numbers(let new, let rows)) in parts {
            missing.append(rows, behind: values.count)
            values += new
        }
    }

    func finish() throws(DataError) -> Column {
        if let standIn = try missing.standIn(of: values.count, { values[$0] }) {
            for row in missing.rows { values[row] = standIn }
        }
        return .numbers(values)
    }
}
