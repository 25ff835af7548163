import Safeguards

/// What to do with a row that does not fit.
public enum BadRowPolicy: String, FieldChoice {
    /// The first such row ends the reading, with its place.
    case error
    /// They are left out and counted.
    case skip
}

/// A column of the file on the way into a table.
struct ReadColumn {
    var declaration: ColumnDeclaration
    var options: CellOptions
    var builder: any ColumnBuilder

    var name: String { declaration.name }
}

/// The columns of a table while files are read into it, one after the other.
final class RowCollector {
    let policy: BadRowPolicy
    let request: DataRequest
    private(set) var columns: [ReadColumn] = []
    private(set) var rowCount = 0
    private(set) var skipped = 0
    /// Whether there may be tokens that no row has.
    private var mayHoldRemnants = false
    /// The first bad row, in words.
    private(set) var firstSkipped: String?
    /// How many bad rows lacked what was required.
    private var reasons: [String: Int] = [:]
    private var notes: [String] = []
    /// Columns that nobody asks for.
    private var unread: [String] = []
    /// Where each part ends, by its name.
    private var parts: [(name: String, end: Int)] = []
    /// Bad rows, where they are to be kept.
    private var rejects: RejectedRows?

    init(policy: BadRowPolicy, for request: DataRequest, keepsRejects: Bool = false) {
        self.policy = policy
        self.request = request
        rejects = keepsRejects ? RejectedRows() : nil
    }

    /// Adds what a reader of the results ought to know.
    func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    /// Which of a file's columns have to be read; remembers those that need not.
    func wanted(of names: [String]) -> Set<String> {
        let wanted = request.wanted(of: names)
        unread += names.filter { !wanted.contains($0) && !unread.contains($0) }
        return wanted
    }

    /// Whether columns that a later file lacks are left out: none of them may be asked for.
    func passesOver(columnsBeside names: [String]) -> Bool {
        let lacking = columns.map(\.name).filter { !names.contains($0) }
        guard lacking.allSatisfy({ !request.uses($0) }) else { return false }
        columns.removeAll { lacking.contains($0.name) }
        unread += lacking
        for name in lacking { note("'\(name)' is passed over: not all of the files have it") }
        return true
    }

    /// Ends the rows of a part that the spec names.
    func end(part: String?) {
        if let part { parts.append((part, rowCount)) }
    }

    /// Adds a column as it is declared, before the first row.
    func add(_ declaration: ColumnDeclaration, _ options: CellOptions) throws(DataError) {
        var options = options
        options.isID = request.ids.contains(declaration.name)
        columns.append(
            ReadColumn(
                declaration: declaration, options: options,
                builder: try declaration.makeBuilder(options)))
    }

    /// Ends a row to which every column got a cell.
    func endRow() throws(DataError) {
        guard rowCount < Int(Int32.max) else {
            throw .impossible("a table requires at most \(Int32.max) rows")
        }
        rowCount += 1
    }

    /// Ends rows to which every column got their cells.
    func endRows(_ count: Int) throws(DataError) {
        guard rowCount <= Int(Int32.max) - count else {
            throw .impossible("a table requires at most \(Int32.max) rows")
        }
        rowCount += count
    }

    /// Adds records up to the first that does not fit; answers how many.
    ///
    /// - Parameter fields: the column of each field, −1 for one that is passed over.
    func append(_ block: FieldBlock, _ fields: [Int]) -> Int {
        // One too many is for ``endRow()`` to tell.
        guard rowCount < Int(Int32.max) - block.rows else { return 0 }
        var taken = block.rows
        for (field, column) in fields.enumerated() where column >= 0 {
            let fitting = columns[column].builder.append(each: block.column(field))
            taken = min(taken, fitting)
        }
        rowCount += taken
        if taken < block.rows { forgetRow() }
        return taken
    }

    /// Makes room for as many rows as the file will have if it goes on as it began.
    ///
    /// - Parameter start: rows that are of other files.
    func reserve(_ progress: (done: Int, total: Int), from start: Int) {
        guard progress.done > 0 else { return }
        let found = Double(rowCount - start)
        // A little more, for rows differ in length.
        reserve(
            rows: Double(start) + found * Double(progress.total) / Double(progress.done) * 1.03)
    }

    /// Makes room for rows, so many in all: not so many that a file which begins with short ones
    /// asks for memory that there is not, and none for few more than there are, which the room of
    /// arrays that grow by themselves is enough for. All would be copied for each of many files.
    func reserve(rows: Double) {
        guard rows >= 1.25 * Double(rowCount) else { return }
        let most = max(0x1p25, 2 * Double(rowCount))
        for column in columns { column.builder.reserve(Int(min(rows, most))) }
    }

    /// Forgets a record that is to be read again, perhaps of other tokens, for it was cut.
    func forgetPart() {
        forgetRow()
        mayHoldRemnants = true
    }

    /// Forgets the row that has begun; its tokens stay.
    fileprivate func forgetRow() {
        for column in columns { column.builder.truncate(to: rowCount) }
    }

    /// Leaves out the row that has begun, or throws what is wrong with it.
    ///
    /// - Parameter text: the row as it stands in the file.
    func reject(_ error: DataError, text: Cell? = nil) throws(DataError) {
        guard policy == .skip, let reason = error.badRowReason else { throw error }
        forgetRow()
        skipped += 1
        reasons[reason, default: 0] += 1
        if firstSkipped == nil { firstSkipped = error.description }
        rejects?.add(error, text)
    }

    func writeRejects(to path: String) throws(DataError) { try rejects?.write(to: path) }

    /// The rows taken, of which there is at least one, and what was left out.
    ///
    /// - Parameter place: where they come from, for messages.
    func outcome(named name: String, from place: String) throws(DataError) -> FileTable.Outcome {
        guard rowCount > 0 else {
            throw .unreadable(
                file: place,
                reason: skipped > 0
                    ? "every row is bad; the first: \(firstSkipped ?? "")" : "it has no rows")
        }
        var finished: [(name: String, values: Column)] = []
        var notes = self.notes
        var standIns: [String: [Int]] = [:]
        for column in columns {
            finished.append((column.name, try column.builder.finish()))
            notes += column.builder.notes.map { "'\(column.name)' of the \(name): \($0)" }
            let filled = column.builder.standIns
            guard !filled.isEmpty else { continue }
            standIns[column.name] = filled
            notes.append(
                "'\(column.name)' of the \(name) is missing in \(filled.count) of \(rowCount) rows")
        }
        if let part = try partColumn() { finished.append((SplitFiles.column, part)) }
        let table = Table(name: name, columns: finished, standIns: standIns).leaving(unread)
        // A row left out may have been the only one with a token.
        return FileTable.Outcome(
            table: skipped > 0 || mayHoldRemnants ? table.compacted() : table,
            skipped: skipped, firstSkipped: firstSkipped, reasons: BadRowReason.words(of: reasons),
            notes: notes)
    }

    /// The part of each row, where files are parts.
    private func partColumn() throws(DataError) -> Column? {
        guard !parts.isEmpty else { return nil }
        guard !columns.contains(where: { $0.name == SplitFiles.column }) else {
            throw .impossible(
                "parts given as files are called by a column '\(SplitFiles.column)', which the "
                    + "files have too")
        }
        var codes: [Int32] = []
        codes.reserveCapacity(rowCount)
        for (code, part) in parts.enumerated() {
            codes += [Int32](repeating: Int32(code), count: part.end - codes.count)
        }
        return .tokens(TokenColumn(codes: codes, dictionary: parts.map(\.name)))
    }
}

extension RowCollector {
    /// One of the same columns, without rows.
    func forked() throws(DataError) -> RowCollector {
        let other = RowCollector(policy: policy, for: request, keepsRejects: rejects != nil)
        for column in columns { try other.add(column.declaration, column.options) }
        return other
    }

    /// Takes the rows out; their tokens stay.
    func takePart(of state: Int) -> RowPart {
        forgetRow()
        var part = RowPart(state: state)
        part.rowCount = rowCount
        part.columns = columns.map { $0.builder.takePart() }
        (part.skipped, part.firstSkipped, part.reasons) = (skipped, firstSkipped, reasons)
        (part.rejects, part.holdsRemnants) = (rejects, mayHoldRemnants)
        (rowCount, skipped, firstSkipped, reasons) = (0, 0, nil, [:])
        if rejects != nil { rejects = RejectedRows() }
        mayHoldRemnants = false
        return part
    }

    /// Adds rows that collectors of the same columns took out, in their order.
    func append(
        _ parts: [RowPart], of others: [RowCollector], _ lanes: Lanes
    ) throws(DataError) {
        // Each lane has a builder to itself, and those of the others that have its column.
        nonisolated(unsafe) let (own, others) = (columns, others)
        lanes.forEach(own.count) { index in
            own[index].builder.append(
                parts.map { (state: $0.state, part: $0.columns[index]) },
                of: others.map { $0.columns[index].builder })
        }
        for part in parts {
            try endRows(part.rowCount)
            skipped += part.skipped
            reasons.merge(part.reasons, uniquingKeysWith: +)
            if firstSkipped == nil { firstSkipped = part.firstSkipped }
            if let more = part.rejects { rejects?.append(more) }
            mayHoldRemnants = mayHoldRemnants || part.holdsRemnants
        }
    }
}

extension DataError {
    /// What was required where no more than a row that may be left out is wrong; nil elsewhere.
    fileprivate var badRowReason: String? {
        switch self {
        case .malformed(let place): place.required
        case .badRow(let bad): "\(bad.column), \(bad.required)"
        default: nil
        }
    }
}

/// Text of a file from the beginning of a line on, and where in the file something stands.
struct TextPlace {
    let file: String
    let bytes: Cell
    /// The number of the line with which the text begins.
    private let firstLine: Int
    private let known = KnownLine()

    /// The number of the line in which something stands.
    func line(at offset: Int) -> Int {
        firstLine + Kernels.countByte(bytes.baseAddress, min(offset, bytes.count), 0x0A)
    }

    init(file: String, bytes: Cell, firstLine: Int = 1) {
        self.file = file
        self.bytes = bytes
        self.firstLine = firstLine
    }

    /// A line that was counted up to, so that many bad rows do not each count from the beginning.
    private final class KnownLine {
        /// From the first line of the text.
        var number = 0
        var start = 0
    }

    /// - Parameter holdsQuote: as ``MalformedData/holdsQuote``.
    func malformed(
        at offset: Int, required: String, found: String, holdsQuote: Bool = false
    ) -> DataError {
        let end = min(offset, bytes.count)
        if known.start > end {
            known.number = 0
            known.start = 0
        }
        for index in known.start..<end where bytes[index] == 0x0A {
            known.number += 1
            known.start = index + 1
        }
        return .malformed(
            MalformedData(
                file: file, line: firstLine + known.number,
                column: offset - known.start + 1, required: required, found: found,
                holdsQuote: holdsQuote))
    }

    func quote(_ cell: Cell) -> String { DelimitedText.quote(Array(cell)[...]) }
}
