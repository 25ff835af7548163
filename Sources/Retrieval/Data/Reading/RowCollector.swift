/// What to do with a row that does not fit.
public enum BadRowPolicy: String, FieldChoice {
    case error
    case skip
}

/// A column of the file on the way into a table.
struct ReadColumn {
    var name: String
    var builder: any ColumnBuilder
}

/// The columns of a table while files are read into it, one after the other.
final class RowCollector {
    let policy: BadRowPolicy
    var columns: [ReadColumn] = []
    private(set) var rowCount = 0
    private(set) var skipped = 0
    /// Whether there may be tokens that no row has.
    private var mayHoldRemnants = false
    /// The first bad row, in words.
    private(set) var firstSkipped: String?

    init(policy: BadRowPolicy) {
        self.policy = policy
    }

    /// Ends a row to which every column got a cell.
    func endRow() throws(DataError) {
        guard rowCount < Int(Int32.max) else {
            throw .impossible("a table requires at most \(Int32.max) rows")
        }
        rowCount += 1
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
    func reserve(_ progress: (done: Int, total: Int)) {
        guard progress.done > 0, rowCount > 0 else { return }
        // A little more, for rows differ in length; not so many that a file which begins with
        // short ones asks for memory that there is not.
        let rows = Double(rowCount) * Double(progress.total) / Double(progress.done) * 1.03
        for column in columns { column.builder.reserve(Int(min(rows, 0x1p25))) }
    }

    /// Forgets a record that is to be read again, perhaps of other tokens, for it was cut.
    func forgetPart() {
        forgetRow()
        mayHoldRemnants = true
    }

    /// Forgets the row that has begun; its tokens stay.
    private func forgetRow() {
        for column in columns { column.builder.truncate(to: rowCount) }
    }

    /// Leaves out the row that has begun, or throws what is wrong with it.
    func reject(_ error: DataError) throws(DataError) {
        guard policy == .skip, error.isBadRow else { throw error }
        forgetRow()
        skipped += 1
        if firstSkipped == nil { firstSkipped = error.description }
    }

    func table(named name: String) -> Table {
        let table = Table(name: name, columns: columns.map { ($0.name, $0.builder.finish()) })
        // A row left out may have been the only one with a token.
        return skipped > 0 || mayHoldRemnants ? table.compacted() : table
    }
}

extension DataError {
    /// Whether a row that may be left out is wrong, and no more.
    fileprivate var isBadRow: Bool {
        switch self {
        case .malformed, .badRow: true
        default: false
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

    func malformed(at offset: Int, required: String, found: String) -> DataError {
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
                column: offset - known.start + 1, required: required, found: found))
    }

    func quote(_ cell: Cell) -> String { DelimitedText.quote(Array(cell)[...]) }
}
