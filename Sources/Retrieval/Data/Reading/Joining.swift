/// How a table of users or items is joined to the interactions.
public struct Joining: Hashable, Sendable {
    /// What becomes of interactions with an id that the table lacks.
    public enum Unlisted: String, FieldChoice {
        /// Ends the reading, with the id.
        case error
        /// Leaves the interactions out.
        case drop
        /// Gives the id a row that holds nothing.
        case unknown
    }

    /// What becomes of rows of one id that differ.
    public enum Duplicate: String, FieldChoice {
        /// Ends the reading, or keeps the first or the last of them.
        case error, first, last
    }

    /// The table's column of ids; nil: the one that the interactions have.
    public var key: String?
    /// What becomes of interactions with an id that the table lacks.
    public var onUnlisted = Unlisted.error
    /// What becomes of rows of one id that differ.
    public var onDuplicate = Duplicate.error

    public init(
        key: String? = nil, onUnlisted: Unlisted = .error, onDuplicate: Duplicate = .error
    ) {
        self.key = key
        self.onUnlisted = onUnlisted
        self.onDuplicate = onDuplicate
    }
}

extension Joining {
    static let keyField = Field<String?>(
        "key", default: nil,
        "The column of ids, which becomes the one that the interactions have; null: it has its name."
    )
    static let unlistedField = Field<Unlisted>(
        "on_unlisted", default: .error,
        "Interactions with an id that the table lacks: error; drop leaves them out and counts them; "
            + "unknown gives the id a row of empty values.")
    static let duplicateField = Field<Duplicate>(
        "on_duplicate", default: .error,
        "Rows of one id that differ: error, or which of them stays.")

    static let fields = [
        keyField.description, unlistedField.description, duplicateField.description,
    ]

    init(_ values: FieldValues) {
        self.init(
            key: values[Self.keyField], onUnlisted: values[Self.unlistedField],
            onDuplicate: values[Self.duplicateField])
    }

    /// The table as it is joined: its ids called as the interactions call them, of rows of one id
    /// the one that stays.
    ///
    /// - Parameters:
    ///   - id: the column of the interactions; nil: whoever reads does not join.
    ///   - notes: gets what was done.
    func prepared(
        _ table: Table, for id: String?, _ notes: inout [String]
    ) throws(DataError) -> Table {
        guard let id else { return table }
        var table = table
        if let key, key != id {
            guard table[key] != nil else {
                throw .missingColumn(name: key, table: table.name, available: table.names)
            }
            guard table[id] == nil else {
                throw .misjoined(
                    table: table.name,
                    reason: "the \(table.name) have a column '\(id)' beside their 'key', '\(key)'")
            }
            table = table.renaming(key, to: id)
        }
        guard table[id] != nil else {
            throw .misjoined(
                table: table.name,
                reason: "the \(table.name) have no column '\(id)', by which they are joined to the "
                    + "interactions; there are \(table.names.joined(separator: ", ")): name the one "
                    + "of ids by 'key'" + DataError.hint(on: table.names))
        }
        guard onDuplicate != .error else { return table }
        let rows = try rows(of: table.tokens(id))
        guard rows.count < table.rowCount else { return table }
        notes.append(
            "\(table.rowCount - rows.count) rows of the \(table.name) repeat an id; the "
                + "\(onDuplicate.rawValue) of each stays")
        return table.selecting(rows).compacted()
    }

    /// The row of each id that stays, ascending.
    private func rows(of ids: TokenColumn) -> [Int32] {
        var chosen = [Int32](repeating: -1, count: ids.dictionary.count)
        for (row, code) in ids.codes.enumerated()
        where onDuplicate == .last || chosen[Int(code)] < 0 {
            chosen[Int(code)] = Int32(row)
        }
        return chosen.filter { $0 >= 0 }.sorted()
    }

    /// What becomes of interactions whose id the table lacks.
    ///
    /// - Parameter notes: gets what was done.
    func listing(
        _ interactions: Table, in table: Table, by id: String, _ notes: inout [String]
    ) throws(DataError) -> (interactions: Table, table: Table) {
        guard onUnlisted != .error else { return (interactions, table) }
        let ids = try interactions.tokens(id)
        let isListed = try table.rowsByCode(of: ids, matching: id).map { $0 >= 0 }
        let unlisted = isListed.indices.filter { !isListed[$0] }
        guard !unlisted.isEmpty else { return (interactions, table) }
        let kept = ids.codes.indices.filter { isListed[Int(ids.codes[$0])] }.map { Int32($0) }
        let count = ids.count - kept.count
        let words =
            "\(count) interactions with \(unlisted.count) values of \(id) that the "
            + "\(table.name) lack"
        guard onUnlisted == .unknown else {
            guard !kept.isEmpty else {
                throw .misjoined(
                    table: table.name,
                    reason: "the \(table.name) list no \(id) of the interactions")
            }
            notes.append(words + " were left out")
            return (interactions.selecting(kept).compacted(), table)
        }
        notes.append(words + " have rows of empty values")
        return (
            interactions,
            table.appendingUnknown(unlisted.map { ids.dictionary[$0] }, as: id)
        )
    }
}

extension Table {
    fileprivate func renaming(_ old: String, to new: String) -> Table {
        Table(
            name: name,
            columns: names.compactMap { name in
                self[name].map { (name == old ? new : name, $0) }
            },
            standIns: Dictionary(
                uniqueKeysWithValues: standIns.map { ($0 == old ? new : $0, $1) }))
    }

    /// The table with a row for each id more, which holds nothing: empty tokens, and for numbers
    /// stand-ins, their mean.
    fileprivate func appendingUnknown(_ ids: [String], as id: String) -> Table {
        var standIns = standIns
        let added = Array(rowCount..<(rowCount + ids.count))
        let columns = names.compactMap { name -> (name: String, values: Column)? in
            guard let column = self[name] else { return nil }
            if name == id, case .tokens(let own) = column {
                let new = own.dictionary.count..<(own.dictionary.count + ids.count)
                return (
                    name,
                    .tokens(
                        TokenColumn(
                            codes: own.codes + new.map(Int32.init),
                            dictionary: own.dictionary + ids))
                )
            }
            if column.doubles != nil { standIns[name, default: []] += added }
            return (name, column.appendingNothing(ids.count))
        }
        return Table(name: name, columns: columns, standIns: standIns)
    }
}

extension Column {
    fileprivate func appendingNothing(_ count: Int) -> Column {
        let mean = doubles.flatMap { Fill.mean.value(of: $0) } ?? 0
        switch self {
        case .tokens(let tokens):
            var tokens = tokens
            let empty = tokens.dictionary.firstIndex(of: "") ?? tokens.dictionary.count
            if empty == tokens.dictionary.count { tokens.dictionary.append("") }
            tokens.codes += [Int32](repeating: Int32(empty), count: count)
            return .tokens(tokens)
        case .tokenLists(var lists):
            for _ in 0..<count { lists.append(EmptyCollection()) }
            return .tokenLists(lists)
        case .integers(let values):
            return .integers(values + [Int64](repeating: Int64(nearest: mean), count: count))
        case .numbers(let values):
            return .numbers(values + [Double](repeating: mean, count: count))
        case .times(let times):
            let tick = Int64(nearest: mean * Double(times.perSecond))
            return .times(
                TimeColumn(
                    ticks: times.ticks + [Int64](repeating: tick, count: count),
                    perSecond: times.perSecond))
        }
    }
}
