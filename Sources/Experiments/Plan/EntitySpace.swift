import Retrieval

/// The distinct inputs of one tower: a key for each, with the values of every column that the
/// tower reads.
///
/// A tower that reads the id and what a side table knows of it has one key for each id. A query
/// tower that also reads columns of the interactions, such as a timestamp or a device, has one for
/// each distinct combination of what it reads, compared exactly: equal inputs are encoded once.
struct EntitySpace: Sendable {
    /// One row per key.
    let table: Table
    /// The key of each interaction.
    let keyOfInteraction: [Int32]
    /// The entity of each interaction: a number for each distinct id.
    let entityOfInteraction: [Int32]
    let entityCount: Int
    /// The columns that the side table lists, whose tokens are a vocabulary.
    private let listedColumns: Set<String>
    /// Why a column that the tower asks for cannot be had.
    private let problems: [String: DataError]
    /// What came before each key.
    private let histories: [StepHistories]
    /// Keys.
    let count: Int

    /// Whether keys are more than ids.
    var hasContext: Bool { keyOfInteraction != entityOfInteraction }

    /// What may stand in the interactions beside the id.
    enum InteractionColumns {
        /// Whatever the interaction has: a query's context.
        case varying
        /// What is the same in all interactions of an id: a candidate's features.
        case fixed
    }

    /// - Parameters:
    ///   - id: the column that identifies the thing.
    ///   - columns: what the tower reads; a column that both tables have is the side table's.
    ///   - histories: what the tower reads of the past, one row for each interaction.
    ///   - sideTable: what is known of the things beside the interactions; its ids come first, in
    ///     its order.
    init(
        id: String, reading columns: [String] = [], histories: [StepHistories] = [],
        of interactions: Table, sideTable: Table?,
        interactionColumns: InteractionColumns = .varying
    ) throws(DataError) {
        var entities = try Entities(id: id, interactions: interactions, sideTable: sideTable)
        entityOfInteraction = entities.ofInteraction
        entityCount = entities.table.rowCount
        listedColumns = entities.isListed ? Set(entities.table.names) : []
        var problems: [String: DataError] = [:]
        var own: [String] = []
        for name in columns where entities.table[name] == nil && !own.contains(name) {
            do throws(DataError) {
                switch interactionColumns {
                case .fixed: try entities.add(name, of: interactions, id: id)
                case .varying:
                    try entities.checkContext(name, of: interactions)
                    own.append(name)
                }
            } catch {
                problems[name] = error
            }
        }
        self.problems = problems
        let known = entities.table
        guard !own.isEmpty || !histories.isEmpty else {
            table = known
            count = known.rowCount
            self.histories = []
            keyOfInteraction = entities.ofInteraction
            return
        }
        var inputs = DistinctRows(rowCount: interactions.rowCount)
        if columns.contains(where: { known[$0] != nil }) {
            inputs.combine(entities.ofInteraction, below: entityCount)
        }
        for name in own { inputs.combine(try interactions.column(name)) }
        for history in histories { inputs.combine(history.lists) }
        keyOfInteraction = inputs.keys
        let first = inputs.firstRows
        count = first.count
        self.histories = histories.map {
            StepHistories(
                steps: $0.steps, request: $0.request, lists: $0.lists.selecting(first))
        }
        let entityOfKey = first.map { entities.ofInteraction[Int($0)] }
        var kept: [(String, Column)] = []
        for name in known.names where columns.contains(name) {
            kept.append((name, try known.column(name).selecting(entityOfKey)))
        }
        for name in own {
            kept.append((name, try interactions.column(name).selecting(first)))
        }
        // Rows of both tables by key.
        var standIns: [String: [Int]] = [:]
        for name in known.names where columns.contains(name) {
            standIns[name] = known.standIns[name]?.selected(
                by: entityOfKey, of: known.rowCount)
        }
        for name in own {
            standIns[name] = interactions.standIns[name]?.selected(
                by: first, of: interactions.rowCount)
        }
        table = Table(name: interactions.name, columns: kept, standIns: standIns)
    }

    /// A column that the tower reads, one row per key.
    func column(_ name: String) throws(DataError) -> Column {
        if let problem = problems[name] { throw problem }
        return try table.column(name)
    }

    /// What came before each key, for a feature of some columns; nil where the tower reads none.
    func history(_ request: HistoryRequest, of columns: [String]) -> StepHistories? {
        histories.first { history in
            request.isServed(by: history.request)
                && history.steps.kind
                    == HistorySteps.Kind(
                        columns.map {
                            StepColumn(
                                name: $0, isOfInteractions: history.steps.isOfInteractions($0))
                        })
        }
    }

    /// Whether a side table lists the column.
    func isListed(_ column: String) -> Bool { listedColumns.contains(column) }
}

/// The ids of one side of the data, and what is known of each.
private struct Entities {
    /// One row per entity.
    var table: Table
    var ofInteraction: [Int32]
    /// Whether a side table lists them.
    var isListed: Bool

    init(id: String, interactions: Table, sideTable: Table?) throws(DataError) {
        let ids = try interactions.tokens(id)
        guard let sideTable, sideTable[id] != nil else {
            let codes = ids.dictionary.indices.map(Int32.init)
            table = Table(
                name: interactions.name,
                columns: [(id, .tokens(TokenColumn(codes: codes, dictionary: ids.dictionary)))])
            ofInteraction = ids.codes
            isListed = false
            return
        }
        let listed = try sideTable.tokens(id)
        var entityOfCode = [Int32](repeating: -1, count: listed.dictionary.count)
        var rows: [Int32] = []
        for (row, code) in listed.codes.enumerated() {
            if entityOfCode[Int(code)] < 0 {
                entityOfCode[Int(code)] = Int32(rows.count)
                rows.append(Int32(row))
                continue
            }
            let first = Int(rows[Int(entityOfCode[Int(code)])])
            if let column = sideTable.firstDifference(between: first, and: row) {
                throw .misjoined(
                    table: sideTable.name,
                    reason:
                        "the \(sideTable.name) have two rows of \(id) '\(listed[row])' that differ in "
                        + "'\(column)': row \(first + 1) and row \(row + 1) (their table's "
                        + "'on_duplicate' says which stays)")
            }
        }
        let keyOfToken = Dictionary(
            zip(listed.dictionary, entityOfCode), uniquingKeysWith: { first, _ in first })
        let keyOfCode = ids.dictionary.map { keyOfToken[$0] ?? -1 }
        let unlisted = keyOfCode.indices.filter { keyOfCode[$0] < 0 }
        if let first = unlisted.first {
            let others =
                unlisted.count == 1 ? "" : " and \(unlisted.count - 1) more"
            throw .misjoined(
                table: sideTable.name,
                reason:
                    "the interactions mention \(id) '\(ids.dictionary[first])'\(others), which the "
                    + "\(sideTable.name) lack (their table's 'on_unlisted' drops such interactions, "
                    + "or makes them unknown)")
        }
        table = rows.count == sideTable.rowCount ? sideTable : sideTable.selecting(rows)
        ofInteraction = ids.codes.map { keyOfCode[Int($0)] }
        isListed = true
    }

    /// Whether a tower can read a column of the interactions beside what is known of the ids.
    func checkContext(_ name: String, of interactions: Table) throws(DataError) {
        guard interactions[name] == nil else { return }
        throw .missingColumn(
            name: name, table: isListed ? "\(table.name) and \(interactions.name)" : table.name,
            available: table.names + interactions.names.filter { table[$0] == nil })
    }

    /// Adds a column of the interactions that depends on the id alone.
    mutating func add(
        _ name: String, of interactions: Table, id: String
    ) throws(DataError) {
        guard !isListed, let column = interactions[name] else {
            throw .missingColumn(
                name: name, table: table.name,
                available: isListed ? table.names : interactions.names)
        }
        var firstRow = [Int32](repeating: -1, count: table.rowCount)
        for (row, entity) in ofInteraction.enumerated() {
            let first = Int(firstRow[Int(entity)])
            guard first >= 0 else {
                firstRow[Int(entity)] = Int32(row)
                continue
            }
            guard column.isEqual(first, row) else {
                throw .impossible(
                    "a candidate's features must be the same in all its interactions; "
                        + "\(id) '\(try interactions.tokens(id)[row])' has two values of "
                        + "'\(name)', in interactions \(first + 1) and \(row + 1)")
            }
        }
        var columns: [(String, Column)] = []
        for known in table.names { columns.append((known, try table.column(known))) }
        columns.append((name, column.selecting(firstRow)))
        var standIns = table.standIns
        standIns[name] = interactions.standIns[name]?.selected(
            by: firstRow, of: interactions.rowCount)
        table = Table(name: table.name, columns: columns, standIns: standIns)
    }
}
