/// Takes the parts from files of row numbers: one 0-based row of the interactions per line. The
/// order of the files is kept; rows in no file belong to no part.
public struct IndexFileSplit: Splitter {
    /// Files, absolute or relative to the working directory.
    public var trainRows: String
    /// The file of the test rows.
    public var testRows: String
    /// The file of the validation rows; nil: there is no such part.
    public var validationRows: String?

    public init(trainRows: String, testRows: String, validationRows: String? = nil) {
        self.trainRows = trainRows
        self.testRows = testRows
        self.validationRows = validationRows
    }

    /// - Throws: ``DataError/unreadable(file:reason:)``, or ``DataError/malformed(_:)`` for a line
    ///   that is no row number, a row that the data does not have, or one that stands twice, in
    ///   one part or in two.
    public var hasValidation: Bool? { validationRows != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        var reader = IndexFileReader(rowCount: interactions.rowCount)
        let train = try reader.read(trainRows, in: context.environment)
        let test = try reader.read(testRows, in: context.environment)
        var validation: [Int32]?
        if let validationRows {
            validation = try reader.read(validationRows, in: context.environment)
        }
        return DataSplit(train: train, validation: validation, test: test)
    }
}

/// Reads the files of one split and remembers where each row was named.
private struct IndexFileReader {
    private var files: [String] = []
    /// By row: the number of the file that named it, from 1, and the line; 0 where none has.
    private var namedBy: [(file: Int32, line: Int32)]

    init(rowCount: Int) {
        namedBy = [(file: Int32, line: Int32)](repeating: (0, 0), count: rowCount)
    }

    mutating func read(_ name: String, in environment: DataEnvironment) throws(DataError) -> [Int32]
    {
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.contents(of: environment.resolve(name))
        } catch {
            throw .unreadable(file: name, reason: error.reason)
        }
        files.append(name)
        var text = DelimitedText(
            file: name, bytes: bytes, separator: "\n", fields: ["row number"])
        guard !text.isAtEnd else {
            throw text.malformed(at: 0, required: "at least one row number", found: "an empty file")
        }
        var rows: [Int32] = []
        rows.reserveCapacity(min(text.lineCount, namedBy.count))
        while !text.isAtEnd {
            let range = try text.nextDigits()
            guard let number = text.parsed(range, CellParsing.integer), number < namedBy.count
            else {
                throw text.wrong(range, "a row number below \(namedBy.count)")
            }
            let row = Int(number)
            let earlier = namedBy[row]
            guard earlier.file == 0 else {
                let file = files[Int(earlier.file) - 1]
                throw text.malformed(
                    at: range.lowerBound, required: "a row number that no other line has",
                    found: "\(row), which \(file):\(earlier.line) has")
            }
            rows.append(Int32(row))
            namedBy[row] = (Int32(files.count), Int32(rows.count))
        }
        return rows
    }
}
