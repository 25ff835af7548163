/// A table that a source reads, wherever it is.
protocol SourceTable: Sendable {
    /// As messages and results name it.
    var location: String { get }

    /// Whether the declaration makes sense.
    func check() throws(DataError)

    func read(
        named name: String, in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> FileTable.Outcome
}

/// The tables of a user's own data.
struct SourceTables<Source: SourceTable> {
    let interactions: Source
    let users: Source?
    let items: Source?

    init(_ interactions: Source, _ users: Source?, _ items: Source?) {
        self.interactions = interactions
        self.users = users
        self.items = items
    }

    func check() throws(DataError) {
        for table in [interactions, users, items] { try table?.check() }
    }

    /// - Parameter source: what the results call the source.
    func load(
        _ source: String, in environment: DataEnvironment, _ progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        var origin = DataOrigin(source: source, location: interactions.location)
        let interactions = try read(
            interactions, "interactions", &origin, environment, progress)
        var queries: Table?
        if let users { queries = try read(users, "users", &origin, environment, progress) }
        var candidates: Table?
        if let items { candidates = try read(items, "items", &origin, environment, progress) }
        return Dataset(
            interactions: interactions, queries: queries, candidates: candidates, origin: origin)
    }

    private func read(
        _ table: Source, _ name: String, _ origin: inout DataOrigin,
        _ environment: DataEnvironment, _ progress: (DataProgress) -> Void
    ) throws(DataError) -> Table {
        let outcome = try table.read(named: name, in: environment, progress: progress)
        if let first = outcome.firstSkipped {
            origin.skippedRows += outcome.skipped
            origin.notes.append(
                "\(outcome.skipped) bad rows of the \(name) were skipped; the first: \(first)")
        }
        return outcome.table
    }
}
