/// What a file of interactions seems to hold. Guesses are to be shown, not trusted.
public struct DelimitedGuess: Sendable {
    /// A column with the part that it seems to play.
    public struct Role: Hashable, Sendable {
        public var column: String
        /// "by its name", "by its place" or "as given".
        public var reason: String
    }

    /// The file, or a pattern of files.
    public let path: String
    /// The source that reads it: csv, jsonl, parquet or recbole.
    public let source: String
    /// The path as that source takes it.
    public let sourcePath: String
    /// What stands between the fields of a line.
    public let delimiter: String
    /// Whether the first line names the columns.
    public let hasHeader: Bool
    /// How fields are quoted, and what else there is to say of the text, a field of the source each.
    public let textOptions: [(name: String, value: FieldValue)]
    /// What stands before the decimals of numbers.
    public let decimal: String
    /// The columns in the file's order.
    public let columns: [ColumnDeclaration]
    /// Of the columns, those that a spec has to declare.
    public let declared: [ColumnDeclaration]
    /// Who asks.
    public let query: Role
    /// What is retrieved.
    public let candidate: Role
    /// The column of times; nil where there seems to be none.
    public let time: Role?
    /// The rows that were looked at, and whether they are all.
    public let rowCount: Int
    /// Whether the sample is the whole file.
    public let isWhole: Bool
    /// Rows that the others' number of fields, or quotes, or types, do not fit, or that name no
    /// query or candidate.
    public let badRowCount: Int
    /// Texts that seem to stand for nothing.
    public let missing: [String]
    /// What speaks for the guesses, and against them, a line each.
    public let evidence: [String]
    /// Distinct candidates of these rows.
    public let candidateCount: Int
    let candidates: Set<[UInt8]>

    /// Whether the delimiter has to be said: the reader takes a tab for `.tsv` and `.tab`, else a
    /// comma.
    public var needsDelimiter: Bool {
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        return source == "csv"
            && delimiter != ([".tsv", ".tab"].contains(where: name.hasSuffix) ? "\t" : ",")
    }

    /// Reads the beginning of a file, gzipped or not; of a pattern, the first that matches.
    ///
    /// - Parameter chosen: what is known of the columns.
    /// - Throws: `DataError` where it cannot be read, or has no two columns of ids.
    public init(
        path: String, chosen: ChosenColumns = ChosenColumns(), in environment: DataEnvironment
    ) throws(DataError) {
        let sample = try InteractionSample(path: path, in: environment)
        var table = try GuessedTable(sample, path: path)
        let known = table.names ?? ColumnRoles.numbered(table.guesses.count)
        for name in [chosen.query, chosen.candidate, chosen.time].compactMap({ $0 })
        where !known.contains(name) {
            throw .missingColumn(name: name, table: "interactions", available: known)
        }
        var roles = ColumnRoles(names: table.names, table.guesses, chosen: chosen)
        // A column that is called as times are is one if most of its cells are.
        let isDoubtful = roles.time.map { time in
            time.reason == "by its values" || !table.guesses[time.index].isMoment
        }
        if isDoubtful ?? true, table.guessTimes(of: chosen.time) {
            roles = ColumnRoles(names: table.names, table.guesses, chosen: chosen)
        }
        guard let query = roles.query, let candidate = roles.candidate else {
            throw .unreadable(
                file: path,
                reason: "a table of interactions requires two columns of ids; found "
                    + table.words)
        }
        if candidate.reason == "by its place", table.isWide(besides: query.index) {
            throw .unreadable(
                file: path,
                reason: "it seems to have a row for each '\(roles.names[query.index])' and a "
                    + "column for each item: write a row for each of both instead, as melt of pandas or "
                    + "unpivot of polars does; or --candidate names the column of items")
        }
        let ids = [query.index, candidate.index]
        let final = table.names ?? roles.names
        let isTime = { (index: Int) in index == roles.time?.index }
        let read = final.indices.filter { final[$0] != "" }
        columns = read.map {
            table.guesses[$0].completeDeclaration(
                final[$0], isID: ids.contains($0), isTime: isTime($0))
        }
        self.query = Role(column: final[query.index], reason: query.reason)
        self.candidate = Role(column: final[candidate.index], reason: candidate.reason)
        time = roles.time.map { Role(column: final[$0.index], reason: $0.reason) }
        self.path = path
        switch sample.form {
        case .delimited: (source, sourcePath) = ("csv", path)
        case .jsonLines: (source, sourcePath) = ("jsonl", path)
        case .parquet: (source, sourcePath) = ("parquet", path)
        case .atomic(let prefix): (source, sourcePath) = ("recbole", prefix)
        }
        if case .parquet(let moments) = sample.form {
            let timeName = roles.time.map { final[$0.index] }
            declared = columns.filter {
                $0.name == timeName && $0.kind == .timestamp && !moments.contains($0.name)
            }
        } else {
            declared = columns.filter { table.names == nil || $0.kind != .string }
        }
        delimiter = sample.dialect.delimiter
        textOptions = sample.dialect.options
        hasHeader = table.names != nil
        decimal = table.decimal
        rowCount = table.rows.count
        isWhole = sample.isWhole
        // What a row must have: ids, a time, and numbers that are numbers.
        let asked =
            ids
            + read.filter { index in
                let type = table.guesses[index].declaration("", isID: false, isTime: isTime(index))
                return !ids.contains(index) && type.kind != .string && type.kind != .list
            }
        let bad = asked.map { index in
            let guess = table.guesses[index]
            let missing = ids.contains(index) || isTime(index) ? guess.missingCount : 0
            return missing + (ids.contains(index) ? 0 : guess.misfits(isTime: isTime(index)))
        }
        badRowCount = sample.badCount + (bad.max() ?? 0)
        guard (bad.max() ?? 0) < table.rows.count else {
            let names = asked.filter { table.guesses[$0].missingCount == table.rows.count }
            throw .unreadable(
                file: path,
                reason: "not one of its first \(table.rows.count) rows is whole"
                    + (names.isEmpty ? "" : ": they hold nothing in '\(final[names[0]])'"))
        }
        missing = Set(asked.flatMap { table.guesses[$0].missingTexts }).sorted()
        candidates = Set(table.rows.map { $0[candidate.index] })
        candidateCount = candidates.count
        let dated = time == nil ? final.indices.filter { ColumnRoles.isTime(final[$0]) } : []
        let undated = dated.prefix(1).map { index in
            let text = table.rows.lazy.map { $0[index] }.first { !$0.isEmpty } ?? []
            return "'\(final[index])' is called as times are, but '"
                + String(decoding: text.prefix(40), as: UTF8.self)
                + "' is of no usual form: declare it with 'type: timestamp' and its 'format'"
        }
        evidence =
            HeldOutFilesBeside(path, in: environment).notes + undated
            + asked.flatMap {
                table.evidence(
                    of: $0, final[$0], isID: ids.contains($0), isTime: isTime($0))
            }
    }
}

/// A sample with its header told from its rows, and what its columns may be.
struct GuessedTable {
    /// Nil where there is no header.
    let names: [String]?
    let rows: [[[UInt8]]]
    private(set) var guesses: [ColumnGuess]
    let decimal: String
    private let first: [String]

    init(_ sample: InteractionSample, path: String) throws(DataError) {
        guard let first = sample.records.first else {
            throw .unreadable(file: path, reason: "it has no rows")
        }
        self.first = sample.names ?? first.map { String(decoding: $0, as: UTF8.self) }
        let body = sample.names == nil ? Array(sample.records.dropFirst()) : sample.records
        var typed = Self.columns(first.count, of: body, UInt8(ascii: "."))
        let hasHeader =
            sample.names != nil || Self.isHeader(first, self.first, typed, body)
        names = hasHeader ? self.first : nil
        rows = hasHeader ? body : sample.records
        guard !rows.isEmpty else {
            throw .unreadable(file: path, reason: "it has a header and no rows")
        }
        if !hasHeader { typed = Self.columns(first.count, of: rows, UInt8(ascii: ".")) }
        // Numbers with commas are no numbers but where nothing is cut at commas.
        let comma =
            sample.form == .delimited && sample.dialect.delimiter.first != ","
            ? Self.columns(first.count, of: rows, UInt8(ascii: ",")) : []
        let gains = zip(typed, comma).contains { !$0.isFraction && $1.isFraction }
        guesses = gains ? comma : typed
        decimal = gains ? "," : "."
    }

    /// Lets the majority of the cells decide of the first column that is called as times are, or
    /// of the one that is known to hold them; false where none holds times even so.
    mutating func guessTimes(of known: String?) -> Bool {
        guard let names else { return false }
        let called = known.map { [$0] } ?? ColumnRoles.called(asTimes: names)
        for index in called.compactMap({ names.firstIndex(of: $0) }) {
            let guess = ColumnGuess(
                rows.map { $0[index] }, decimal: UInt8(ascii: decimal == "," ? "," : "."),
                isCalledTime: true)
            guard guess.isMoment else { continue }
            guesses[index] = guess
            return true
        }
        return false
    }

    /// What a message says that the table has.
    var words: String { first.joined(separator: ", ") }

    private static func columns(
        _ count: Int, of rows: [[[UInt8]]], _ decimal: UInt8
    ) -> [ColumnGuess] {
        (0..<count).map { column in
            ColumnGuess(rows.map { row in row[column] }, decimal: decimal)
        }
    }

    /// Whether the first record names the columns: it does where it is of another type than the
    /// rest, or holds a name that columns have. Some may have no name, as those of row numbers have.
    private static func isHeader(
        _ first: [[UInt8]], _ names: [String], _ columns: [ColumnGuess], _ body: [[[UInt8]]]
    ) -> Bool {
        let given = names.filter { !$0.isEmpty }
        guard !given.isEmpty, Set(given).count == given.count else { return false }
        if names.contains(where: { name in Double(name) != nil }) { return false }
        for (cell, column) in zip(first, columns) where !cell.isEmpty && !column.accepts(cell) {
            return true
        }
        if names.contains(where: ColumnRoles.isUsual) { return true }
        guard !names.contains("") else { return false }
        for (index, cell) in first.enumerated() {
            if body.contains(where: { row in row[index] == cell }) { return false }
        }
        return true
    }

    /// Whether all columns but one hold numbers, and many, and no name is a usual one.
    func isWide(besides id: Int) -> Bool {
        guard let names, names.count >= 6 else { return false }
        return names.indices.allSatisfy { index in
            index == id || guesses[index].isNumber && !ColumnRoles.isUsual(names[index])
        }
    }

    /// What there is to say of a column that is asked for.
    func evidence(of index: Int, _ name: String, isID: Bool, isTime: Bool) -> [String] {
        let guess = guesses[index]
        let share = { (count: Int) in
            let percent = 100 * Double(count) / Double(rows.count)
            let digits = percent < 1 ? 100.0 : 10
            return "\(count) of \(rows.count) rows (\((percent * digits).rounded() / digits)%)"
        }
        var lines: [String] = []
        if guess.missingCount > 0 {
            let texts = guess.missingTexts.map { "'\($0)'" }
            lines.append(
                "\(name): nothing in \(share(guess.missingCount)), as "
                    + (texts.isEmpty ? "empty cells" : texts.joined(separator: ", "))
                    + (isID ? ": such rows are skipped" : ""))
        }
        if !isID, guess.misfits(isTime: isTime) > 0 {
            lines.append("\(name): \(share(guess.misfits(isTime: isTime))) do not fit its type")
        }
        if isTime, guess.strayCount > 0 {
            lines.append("\(name): \(share(guess.strayCount)) hold times before 1990 or after 2100")
        }
        if guess.isAmbiguousDate {
            lines.append("\(name): read day first, though month first fits as well")
        }
        return lines
    }
}
