import Platform

/// Takes the cells of one column, as bytes, one after the other.
protocol ColumnBuilder: AnyObject {
    /// What a cell must hold, for messages.
    var required: String { get }

    /// The same of a cell that was refused, where there is more to say.
    func requirement(of cell: Cell) -> String

    /// Adds a cell; false, and nothing added, where its text does not fit.
    func append(_ cell: Cell) -> Bool

    /// Adds cells up to the first whose text does not fit; answers how many.
    func append(each cells: CellColumn) -> Int

    /// Forgets rows at the end, down to `count`.
    func truncate(to count: Int)

    /// Makes room for rows, so many in all.
    func reserve(_ rows: Int)

    /// Takes all rows out; tokens stay.
    func takePart() -> ColumnPart

    /// Adds parts that other builders of the same declaration took out, in their order.
    ///
    /// - Parameter others: by the number with each part.
    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder])

    /// - Throws: ``DataError/impossible(_:)`` where the values, each right, do not go together.
    func finish() throws(DataError) -> Column

    /// What a reader of the results ought to know of the values.
    var notes: [String] { get }

    /// The rows that hold a stand-in for what is missing, ascending.
    var standIns: [Int] { get }
}

extension ColumnBuilder {
    var required: String { "" }
    var notes: [String] { [] }
    var standIns: [Int] { [] }

    func requirement(of cell: Cell) -> String { required }

    @inline(__always)
    func append(each cells: CellColumn) -> Int {
        for row in 0..<cells.count where !append(cells[row]) { return row }
        return cells.count
    }
}

/// A builder of tokens that takes whole numbers as well.
protocol NumberTaking: ColumnBuilder {
    /// Adds whole numbers up to the first that is refused; answers how many.
    ///
    /// - Parameter isPresent: whether there is a number; nil: always.
    func append(_ numbers: [Int64], isPresent: [Bool]?) -> Int
}

final class TokenBuilder: NumberTaking {
    private var tokens: TokenEncoder
    private let options: CellOptions
    private let missing: MissingCells
    /// Tokens that are no text of the encoding.
    private var unreadable = 0

    /// - Parameter missing: texts that stand for nothing: an empty token, or no id.
    init(_ options: CellOptions = CellOptions(), missing: [String] = []) {
        self.options = options
        let missing = MissingCells(options.missing + missing)
        self.missing = missing
        let encoding = options.encoding ?? .utf8
        tokens = TokenEncoder(
            refusing: options.isID ? { !encoding.isID($0) || missing.isText($0) } : nil)
    }

    var required: String { options.isID ? "an id" : "" }

    func requirement(of cell: Cell) -> String {
        guard options.isID, !missing.contains(cell), options.encoding != nil else {
            return required
        }
        return "an id in UTF-8 (files in Latin-1 say 'encoding: iso-8859-1')"
    }

    func append(_ cell: Cell) -> Bool { tokens.append(cell) }

    func append(each cells: CellColumn) -> Int { tokens.append(each: cells) }

    /// Adds texts of a dictionary, −1 for nothing, up to the first that is refused; answers how
    /// many.
    func append(_ codes: [Int32], of offsets: [Int], _ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            tokens.append(codes, of: offsets.count - 1) { entry in
                Cell(rebasing: bytes[offsets[entry]..<offsets[entry + 1]])
            }
        }
    }

    func append(_ numbers: [Int64], isPresent: [Bool]?) -> Int {
        tokens.append(numbers, isPresent: isPresent)
    }

    func truncate(to count: Int) { tokens.truncate(to: count) }

    func reserve(_ rows: Int) { tokens.reserve(rows) }

    func takePart() -> ColumnPart { tokens.takePart() }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        tokens.append(parts, of: others.map { ($0 as? Self)?.tokens })
    }

    func finish() -> Column {
        var (column, unreadable) = tokens.finish(as: options.encoding ?? .utf8)
        self.unreadable = unreadable
        if missing.hasTexts, !options.isID {
            column.dictionary = missing.blanked(column.dictionary)
            column = column.withDistinctTokens()
        }
        return .tokens(column)
    }

    var notes: [String] { (options.encoding ?? .utf8).notes(unreadable: unreadable) }
}

/// Ids that are whole numbers, each of them one id however it is written: `12`, `12.0`, `+012`.
final class WholeIDBuilder: NumberTaking {
    private var tokens: TokenEncoder
    private let missing: MissingCells
    private let options: CellOptions

    init(_ options: CellOptions, missing: [String]) {
        self.options = options
        let missing = MissingCells(options.missing + missing)
        self.missing = missing
        // What stands for nothing does so as a number, too.
        tokens = TokenEncoder(refusing: missing.hasTexts ? { missing.isText($0) } : nil)
    }

    var required: String { "an id, an integer of 64 bits" }

    func append(_ cell: Cell) -> Bool {
        guard !missing.contains(cell),
            let number = options.withPoint(cell, IntegerBuilder.integer)
        else { return false }
        var text = "\(number)"
        return text.withUTF8 { tokens.append($0) }
    }

    func append(_ numbers: [Int64], isPresent: [Bool]?) -> Int {
        guard let isPresent else { return tokens.append(numbers, isPresent: nil) }
        // What holds nothing is no id.
        let end = isPresent.firstIndex(of: false) ?? numbers.count
        return tokens.append(Array(numbers[..<end]), isPresent: nil)
    }

    func truncate(to count: Int) { tokens.truncate(to: count) }

    func reserve(_ rows: Int) { tokens.reserve(rows) }

    func takePart() -> ColumnPart { tokens.takePart() }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        tokens.append(parts, of: others.map { ($0 as? Self)?.tokens })
    }

    func finish() -> Column { .tokens(tokens.finish(as: .utf8).column) }
}

/// The tokens of a row stand in one run of codes.
final class TokenListBuilder: ColumnBuilder {
    private let separator: [UInt8]
    private var tokens = TokenEncoder()
    private var offsets = [0]
    private let encoding: TextEncoding
    private let missing: MissingCells
    private var unreadable = 0
    /// Which member of objects a cell's list is made of; nil: cells are cut at the separator.
    private let literal: LiteralForm?

    /// How a cell writes a list by itself.
    struct LiteralForm {
        /// The member of objects; nil: elements are single values.
        var member: [UInt8]?
    }

    init(
        separator: [UInt8], literal: LiteralForm? = nil, _ options: CellOptions = CellOptions(),
        missing: [String] = []
    ) {
        self.separator = separator
        self.literal = literal
        encoding = options.encoding ?? .utf8
        self.missing = MissingCells(options.missing + missing)
    }

    func append(_ cell: Cell) -> Bool {
        guard !missing.contains(cell) else {
            offsets.append(tokens.count)
            return true
        }
        if let literal {
            guard let elements = LiteralList.elements(of: cell, member: literal.member) else {
                return false
            }
            append(each: elements)
            return true
        }
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

    var required: String { literal == nil ? "" : "a list of JSON or Python" }

    /// Adds a row whose tokens are already apart.
    func append(each cells: [[UInt8]]) {
        for cell in cells { cell.withUnsafeBufferPointer { add($0, 0..<$0.count) } }
        offsets.append(tokens.count)
    }

    private func add(_ cell: Cell, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        _ = tokens.append(Cell(rebasing: cell[range]))
    }

    func truncate(to count: Int) {
        guard count + 1 < offsets.count else { return }
        offsets.removeLast(offsets.count - count - 1)
        tokens.truncate(to: offsets[count])
    }

    func reserve(_ rows: Int) {
        let codes = Double(tokens.count) / Double(max(1, offsets.count - 1)) * Double(rows)
        tokens.reserve(Int(min(codes, 0x1p27)))
        offsets.reserveLargeCapacity(rows + 1)
    }

    func takePart() -> ColumnPart {
        guard case .tokens(let codes, let new) = tokens.takePart() else {
            preconditionFailure("tokens are of tokens")
        }
        defer { offsets = [0] }
        return .lists(ends: Array(offsets.dropFirst()), codes: codes, new: new)
    }

    func append(_ parts: [(state: Int, part: ColumnPart)], of others: [any ColumnBuilder]) {
        for case (_, .lists(let ends, _, _)) in parts {
            let start = offsets[offsets.count - 1]
            offsets += ends.map { $0 + start }
        }
        tokens.append(parts, of: others.map { ($0 as? Self)?.tokens })
    }

    func finish() -> Column {
        let (column, unreadable) = tokens.finish(as: encoding)
        self.unreadable = unreadable
        return .tokenLists(
            TokenListColumn(
                offsets: offsets, codes: column.codes, dictionary: column.dictionary))
    }

    var notes: [String] { encoding.notes(unreadable: unreadable) }
}
