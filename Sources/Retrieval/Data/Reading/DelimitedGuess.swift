/// What a delimited file of interactions seems to hold. Guesses are to be shown, not trusted.
public struct DelimitedGuess: Sendable {
    /// A column with the part that it seems to play.
    public struct Role: Hashable, Sendable {
        public var column: String
        /// "by its name" or "by its place".
        public var reason: String
    }

    public let path: String
    public let delimiter: String
    public let hasHeader: Bool
    public let columns: [ColumnDeclaration]
    public let query: Role
    public let candidate: Role
    /// The column of times; nil where there seems to be none.
    public let time: Role?
    /// The rows that were looked at, and whether they are all.
    public let rowCount: Int
    public let isWhole: Bool
    /// Rows that the others' number of fields, or quotes, do not fit.
    public let badRowCount: Int
    /// Distinct candidates of these rows.
    public let candidateCount: Int

    /// Whether the delimiter has to be said: the reader takes a tab for `.tsv` and `.tab`, else a
    /// comma.
    public var needsDelimiter: Bool {
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        return delimiter != ([".tsv", ".tab"].contains(where: name.hasSuffix) ? "\t" : ",")
    }

    /// Reads the beginning of a file, gzipped or not; of a pattern, the first that matches.
    ///
    /// - Throws: `DataError` where it cannot be read, or has no two columns of ids.
    public init(path: String, in environment: DataEnvironment) throws(DataError) {
        let table = FileTable(path: path)
        let file = try table.files(in: environment).first ?? path
        let bytes = try FileTable.bytes(of: file, in: environment, hashes: false)
        let sample = try DelimitedSample(of: try TextWindow(file: file, bytes: bytes))
        guard let first = sample.records.first else {
            throw .unreadable(file: path, reason: "it has no rows")
        }
        let names = first.map { String(decoding: $0, as: UTF8.self) }
        let body = Array(sample.records.dropFirst())
        let typed = Self.columns(names.count, of: body)
        hasHeader = Self.isHeader(first, typed, body)
        let rows = hasHeader ? body : sample.records
        guard !rows.isEmpty else {
            throw .unreadable(file: path, reason: "it has a header and no rows")
        }
        let guesses = hasHeader ? typed : Self.columns(names.count, of: rows)
        let roles = ColumnRoles(names: hasHeader ? names : nil, guesses)
        guard let query = roles.query, let candidate = roles.candidate else {
            throw .unreadable(
                file: path,
                reason: "a table of interactions requires two columns of ids; found "
                    + names.joined(separator: ", "))
        }
        let final = hasHeader ? names : roles.names
        let (ids, timeIndex) = ([query.index, candidate.index], roles.time?.index)
        var declarations: [ColumnDeclaration] = []
        for (index, name) in final.enumerated() {
            declarations.append(
                guesses[index].declaration(
                    name, isID: ids.contains(index), isTime: index == timeIndex))
        }
        columns = declarations
        self.query = Role(column: final[query.index], reason: query.reason)
        self.candidate = Role(column: final[candidate.index], reason: candidate.reason)
        time = roles.time.map { Role(column: final[$0.index], reason: $0.reason) }
        self.path = path
        delimiter = sample.delimiter
        rowCount = rows.count
        isWhole = sample.isWhole
        badRowCount = sample.badCount
        candidateCount = Set(rows.map { $0[candidate.index] }).count
    }

    private static func columns(_ count: Int, of rows: [[[UInt8]]]) -> [ColumnGuess] {
        (0..<count).map { column in ColumnGuess(rows.map { row in row[column] }) }
    }

    /// Whether the first record names the columns: it does where it is of another type than the
    /// rest, or holds a name that columns have.
    private static func isHeader(
        _ first: [[UInt8]], _ columns: [ColumnGuess], _ body: [[[UInt8]]]
    ) -> Bool {
        let names: [String] = first.map { String(decoding: $0, as: UTF8.self) }
        guard Set(names).count == names.count, !names.contains("") else { return false }
        if names.contains(where: { name in Double(name) != nil }) { return false }
        for (cell, column) in zip(first, columns) where !column.accepts(cell) { return true }
        if names.contains(where: ColumnRoles.isUsual) { return true }
        for (index, cell) in first.enumerated() {
            if body.contains(where: { row in row[index] == cell }) { return false }
        }
        return true
    }
}
