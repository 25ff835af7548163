/// Named columns of equal length, in a fixed order.
public struct Table: Hashable, Sendable {
    /// What messages call the table, such as "interactions".
    public let name: String
    /// Column names in order; distinct.
    public private(set) var names: [String]
    /// Rows of every column.
    public let rowCount: Int
    private var columns: [Column]
    /// Where the column of each name stands.
    private let places: [String: Int]
    /// The rows of a column that hold a stand-in for what is missing, ascending; by its name.
    public let standIns: [String: [Int]]
    /// Columns of the source that nobody asked for, and that were not read.
    package private(set) var unread: [String] = []
    /// Rows of the source that were not read, for the first filter keeps none of them.
    package private(set) var passedOver = 0

    /// Traps where names repeat or lengths differ: a source makes tables, input does not.
    public init(name: String, columns: KeyValuePairs<String, Column>) {
        self.init(name: name, columns: columns.map { ($0.key, $0.value) })
    }

    /// Traps where names repeat or lengths differ: a source makes tables, input does not.
    public init(
        name: String, columns: [(name: String, values: Column)], standIns: [String: [Int]] = [:]
    ) {
        let rowCount = columns.first?.values.count ?? 0
        precondition(
            columns.allSatisfy { $0.values.count == rowCount },
            "the columns of '\(name)' differ in length")
        places = Dictionary(
            columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        precondition(places.count == columns.count, "'\(name)' has two columns of one name")
        self.name = name
        self.names = columns.map(\.name)
        self.columns = columns.map(\.values)
        self.rowCount = rowCount
        self.standIns = standIns
    }

    /// The column of that name, or nil.
    public subscript(name: String) -> Column? {
        places[name].map { columns[$0] }
    }

    /// The column of that name.
    ///
    /// - Throws: ``DataError/missingColumn(name:table:available:)``, which names those there are.
    public func column(_ name: String) throws(DataError) -> Column {
        guard let column = self[name] else {
            throw .missingColumn(name: name, table: self.name, available: names + unread)
        }
        return column
    }

    /// The same table, which says what was not read of it.
    package func leaving(_ unread: [String]) -> Table {
        var table = self
        table.unread = unread
        return table
    }

    /// The same table, which says how many rows before the first filter it lacks.
    package func passingOver(_ rows: Int) -> Table {
        var table = self
        table.passedOver = rows
        return table
    }

    /// SHA-256 in lower-case hexadecimal over names, kinds and values of all columns.
    package var digest: String {
        var digest = ContentDigest(domain: "tfrs-run/table/1")
        digest.update(self)
        return digest.finalize()
    }

    /// The column of that name, which must hold tokens.
    ///
    /// - Throws: ``DataError/missingColumn(name:table:available:)`` or
    ///   ``DataError/wrongColumn(name:table:required:found:)``.
    public func tokens(_ name: String) throws(DataError) -> TokenColumn {
        let column = try column(name)
        guard case .tokens(let tokens) = column else { throw wrong(name, "tokens", column) }
        return tokens
    }

    /// The column of that name, which must hold lists of tokens; throws as ``tokens(_:)`` does.
    public func tokenLists(_ name: String) throws(DataError) -> TokenListColumn {
        let column = try column(name)
        guard case .tokenLists(let lists) = column else {
            throw wrong(name, "lists of tokens", column)
        }
        return lists
    }

    /// The column of that name, which must hold integers; throws as ``tokens(_:)`` does.
    public func integers(_ name: String) throws(DataError) -> [Int64] {
        let column = try column(name)
        guard case .integers(let values) = column else { throw wrong(name, "integers", column) }
        return values
    }

    /// The column of that name, which must hold integers or numbers, as 32-bit floats; throws as
    /// ``tokens(_:)`` does. Values are rounded to the nearest float.
    public func numbers(_ name: String) throws(DataError) -> [Float] {
        if case .integers(let values) = try column(name) { return values.map { Float($0) } }
        return try doubles(name).map { Float($0) }
    }

    /// The column of that name, which must hold integers, numbers or times (these in seconds);
    /// throws as ``tokens(_:)`` does.
    public func doubles(_ name: String) throws(DataError) -> [Double] {
        let column = try column(name)
        guard let values = column.doubles else { throw wrong(name, "numbers", column) }
        return values
    }

    /// The table with one more column, after its others. Traps as ``init(name:columns:standIns:)``.
    package func adding(_ column: String, _ values: Column) -> Table {
        Table(
            name: name, columns: Array(zip(names, columns)) + [(column, values)],
            standIns: standIns
        ).leaving(unread)
    }

    /// The table of the given rows, in their order. Traps on a row that the table does not have.
    public func selecting(_ rows: [Int32]) -> Table {
        Table(
            name: name,
            columns: zip(names, columns).map { ($0, $1.selecting(rows)) },
            standIns: standIns.mapValues { $0.selected(by: rows, of: rowCount) }
        ).leaving(unread)
    }

    private func wrong(_ name: String, _ required: String, _ found: Column) -> DataError {
        .wrongColumn(name: name, table: self.name, required: required, found: found.kind)
    }
}

extension Table {
    /// Row of each key: the join of a side table to codes of the same ids.
    ///
    /// Answers, for every code of `keys.dictionary`, the row of this table whose `column` holds
    /// that token, or −1 where no row does. Where several rows do, the first counts. One look-up
    /// per distinct token, however many rows `keys` has.
    ///
    /// - Throws: as ``tokens(_:)`` for `column`.
    public func rowsByCode(
        of keys: TokenColumn, matching column: String
    ) throws(DataError) -> [Int32] {
        let own = try tokens(column)
        var rowOfToken = [Int32](repeating: -1, count: own.dictionary.count)
        for (row, code) in own.codes.enumerated() where rowOfToken[Int(code)] < 0 {
            rowOfToken[Int(code)] = Int32(row)
        }
        let rowByName = [String: Int32](
            zip(own.dictionary, rowOfToken), uniquingKeysWith: { first, _ in first })
        return keys.dictionary.map { rowByName[$0] ?? -1 }
    }
}

extension [Int] {
    /// Which of some rows, by their places, are among these.
    package func selected(by rows: [Int32], of count: Int) -> [Int] {
        var isMarked = [Bool](repeating: false, count: count)
        for row in self { isMarked[row] = true }
        return rows.indices.filter { isMarked[Int(rows[$0])] }
    }
}
