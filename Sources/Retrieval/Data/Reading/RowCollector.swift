/// What to do with a row that does not fit.
public enum BadRowPolicy: String, FieldChoice {
    case error
    case skip
}

/// A column of the file on the way into a table.
struct ReadColumn {
    var name: String
    var builder: ColumnBuilder
}

/// The columns of a table while files are read into it, one after the other.
final class RowCollector {
    let policy: BadRowPolicy
    var columns: [ReadColumn] = []
    private(set) var rowCount = 0
    private(set) var skipped = 0
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

    /// Leaves out the row that has begun, or throws what is wrong with it.
    func reject(_ error: DataError) throws(DataError) {
        guard policy == .skip, case .malformed = error else { throw error }
        for column in columns { column.builder.truncate(to: rowCount) }
        skipped += 1
        if firstSkipped == nil { firstSkipped = error.description }
    }

    func table(named name: String) -> Table {
        let table = Table(name: name, columns: columns.map { ($0.name, $0.builder.finish()) })
        // A row left out may have been the only one with a token.
        return skipped > 0 ? table.compacted() : table
    }
}

/// The bytes of one file, and where in it something stands.
struct TextPlace {
    let file: String
    let bytes: Cell
    private let known = KnownLine()

    init(file: String, bytes: Cell) {
        self.file = file
        self.bytes = bytes
    }

    /// A line that was counted up to, so that many bad rows do not each count from the beginning.
    private final class KnownLine {
        var number = 1
        var start = 0
    }

    func malformed(at offset: Int, required: String, found: String) -> DataError {
        let end = min(offset, bytes.count)
        if known.start > end {
            known.number = 1
            known.start = 0
        }
        for index in known.start..<end where bytes[index] == 0x0A {
            known.number += 1
            known.start = index + 1
        }
        return .malformed(
            MalformedData(
                file: file, line: known.number, column: offset - known.start + 1, required: required,
                found: found))
    }

    func quote(_ cell: Cell) -> String { DelimitedText.quote(Array(cell)[...]) }
}
