/// A table that a source reads, wherever it is.
protocol SourceTable: Sendable {
    /// As messages and results name it.
    var location: String { get }

    /// Whether the declaration makes sense.
    func check() throws(DataError)

    func read(
        named name: String, for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> FileTable.Outcome
}

/// The tables of a user's own data.
struct SourceTables<Source: SourceTable> {
    let interactions: Source
    let users: Source?
    let items: Source?
    var usersJoining = Joining()
    var itemsJoining = Joining()

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
        _ source: String, for request: DataRequest, in environment: DataEnvironment,
        _ progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        var origin = DataOrigin(source: source, location: interactions.location)
        var request = request
        request.ids.formUnion([usersJoining.key, itemsJoining.key].compactMap { $0 })
        // What a table lacks is done about before anything is filtered.
        if usersJoining.onUnlisted != .error || itemsJoining.onUnlisted != .error {
            request.bounds = nil
        }
        var hashes: [[String]] = []
        func read(_ table: Source, _ name: String) throws(DataError) -> Table {
            let outcome = try table.read(
                named: name, for: request, in: environment, progress: progress)
            origin.note(outcome)
            hashes.append(outcome.hashes)
            return outcome.table
        }
        var interactions = try read(interactions, "interactions")
        // What is told of users and items is little, and may have to agree in all columns.
        request.columns = nil
        request.bounds = nil
        func side(
            _ source: Source?, _ name: String, _ joining: Joining, _ id: String?
        ) throws(DataError) -> Table? {
            guard let source else { return nil }
            var table = try joining.prepared(read(source, name), for: id, &origin.notes)
            guard let id, interactions[id] != nil else { return table }
            (interactions, table) = try joining.listing(
                interactions, in: table, by: id, &origin.notes)
            return table
        }
        let queries = try side(users, "users", usersJoining, request.query)
        let candidates = try side(items, "items", itemsJoining, request.candidate)
        guard hashes.allSatisfy({ !$0.isEmpty }) else {
            return Dataset(
                interactions: interactions, queries: queries, candidates: candidates,
                origin: origin)
        }
        return Dataset(
            interactions: interactions, queries: queries, candidates: candidates, origin: origin,
            files: hashes)
    }
}

extension DataOrigin {
    /// Adds what was left out of a table, and what else there is to say of it.
    fileprivate mutating func note(_ outcome: FileTable.Outcome) {
        notes += outcome.notes
        guard let first = outcome.firstSkipped else { return }
        skippedRows += outcome.skipped
        let reasons = outcome.reasons.map(BadRowReason.init)
        let shown = reasons.prefix(5).map(\.words) + (reasons.count > 5 ? ["…"] : [])
        let counts = shown.count < 2 ? "" : " (\(shown.joined(separator: "; ")))"
        notes.append(
            "\(outcome.skipped) bad rows of the \(outcome.table.name) were skipped\(counts); "
                + "the first: \(first)")
        // What helps stands by itself, and not among numbers.
        var told: Set<String> = []
        for case let remedy? in reasons.map(\.remedy)
        where !first.contains(remedy) && told.insert(remedy).inserted {
            notes.append("of the bad rows of the \(outcome.table.name): \(remedy)")
        }
    }
}
