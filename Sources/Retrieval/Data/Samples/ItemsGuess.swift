/// What a file of items seems to hold, and by which of its columns it is joined to interactions.
public struct ItemsGuess: Sendable {
    /// The file, or a pattern of files.
    public let path: String
    /// The data source that reads it.
    public let source: String
    /// What stands between the fields of a line.
    public let delimiter: String
    /// Whether a spec must name the delimiter.
    public let needsDelimiter: Bool
    /// Whether the first line names the columns.
    public let hasHeader: Bool
    /// How fields are quoted, and what else there is to say of the text, a field of the source each.
    public let textOptions: [(name: String, value: FieldValue)]
    /// What stands before the fraction of a number.
    public let decimal: String
    /// The columns in the file's order.
    public let columns: [ColumnDeclaration]
    /// The column of ids.
    public let key: String
    /// Candidates of the interactions' sample, and how many of them the table lacks.
    public let candidateCount: Int
    /// Of the sample's candidates, those that the table lacks.
    public let unlistedCount: Int
    /// Whether an id has several rows.
    public let hasDuplicates: Bool

    /// - Throws: `DataError` where it cannot be read, or no column holds the candidates' ids.
    public init(
        path: String, joining interactions: DelimitedGuess, in environment: DataEnvironment
    ) throws(DataError) {
        let sample = try InteractionSample(path: path, in: environment)
        let table = try GuessedTable(sample, path: path)
        guard case .delimited = sample.form, interactions.source == "csv" else {
            throw .unreadable(
                file: path,
                reason: "items are joined to delimited text where they are delimited text as well; "
                    + "recbole reads NAME.item by itself, and jsonl takes 'items' by hand")
        }
        let width = table.guesses.count
        let names = table.names ?? ColumnRoles.numbered(width)
        let covers = (0..<width).map { column in
            Set(table.rows.map { $0[column] }).intersection(interactions.candidates).count
        }
        let named = names.firstIndex(of: interactions.candidate.column)
        guard let best = named ?? covers.indices.max(by: { (covers[$0], $1) < (covers[$1], $0) }),
            covers[best] > 0
        else {
            throw .unreadable(
                file: path,
                reason: "no column holds ids of '\(interactions.candidate.column)'; there are "
                    + names.joined(separator: ", "))
        }
        key = names[best]
        columns = names.indices.filter { names[$0] != "" }.map {
            table.guesses[$0].completeDeclaration(names[$0], isID: $0 == best, isTime: false)
        }
        self.path = path
        source = "csv"
        delimiter = sample.dialect.delimiter
        textOptions = sample.dialect.options
        let usual = path.hasSuffix(".tsv") || path.hasSuffix(".tab") ? "\t" : ","
        needsDelimiter = delimiter != usual
        hasHeader = table.names != nil
        decimal = table.decimal
        candidateCount = interactions.candidateCount
        unlistedCount = sample.isWhole ? interactions.candidateCount - covers[best] : 0
        let ids = table.rows.map { $0[best] }
        hasDuplicates = Set(ids).count < ids.count
    }
}
