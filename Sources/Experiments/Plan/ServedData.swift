import Retrieval

/// What a saved model keeps of the data beside what was learned from them: who is known, and what
/// of them the towers read. Of interactions it has those of training and validation alone: what a
/// test part holds is not known to the model.
struct ServedData: Sendable {
    /// A row for each of the candidate tower's keys: the id, what the tower reads and what else is
    /// known of candidates.
    var candidates: Table
    /// A row for each known query: the id, and what of a side table the tower reads.
    var queries: Table
    /// What the query tower reads that is not known beforehand, but comes with each query.
    var context: [(name: String, column: Column)]
    /// What histories read; nil where no feature does.
    var history: ServedHistory?
    /// The known interactions of each row of ``queries``, oldest first.
    var past: PastRows
    /// The candidate's key of each interaction.
    var candidateOfInteraction: [Int32]
}

/// What histories read.
struct ServedHistory: Sendable {
    /// Most steps that any feature sees.
    var maximumLength: Int
    /// Columns of the interactions.
    var columns: [(name: String, column: Column)]
    /// Whether a step is told by its candidate.
    var hasCandidates: Bool
}

/// Rows of the interactions in groups.
struct PastRows: Sendable {
    private var offsets: [Int]
    private var rows: [Int32]

    /// - Parameters:
    ///   - groupOf: the group of each row; below 0: none.
    ///   - order: the rows to gather, in the order that each group's have.
    init(groupOf: [Int32], order: [Int32], count: Int) {
        offsets = [Int](repeating: 0, count: count + 1)
        for row in order where groupOf[Int(row)] >= 0 { offsets[Int(groupOf[Int(row)]) + 1] += 1 }
        for group in 0..<count { offsets[group + 1] += offsets[group] }
        var next = offsets
        rows = [Int32](repeating: 0, count: offsets[count])
        for row in order where groupOf[Int(row)] >= 0 {
            let group = Int(groupOf[Int(row)])
            rows[next[group]] = row
            next[group] += 1
        }
    }

    subscript(group: Int) -> ArraySlice<Int32> { rows[offsets[group]..<offsets[group + 1]] }
}

/// Gathers what a saved model keeps of the data.
struct ServedDataPlanner {
    let spec: ExperimentSpec
    let dataset: Dataset
    let split: DataSplit
    let reading: ColumnReading
    let candidates: EntitySpace

    func served() throws -> ServedData {
        let interactions = dataset.interactions
        var isKnown = [Bool](repeating: false, count: interactions.rowCount)
        for row in split.train + (split.validation ?? []) { isKnown[Int(row)] = true }
        let queries = try queries(isKnown)
        let ids = try interactions.tokens(spec.data.query)
        let rowOfCode = try queries.rowsByCode(of: ids, matching: spec.data.query)
        let groupOf = ids.codes.indices.map { isKnown[$0] ? rowOfCode[Int(ids.codes[$0])] : -1 }
        let order = try RowOrder.ascending(
            interactions, by: reading.histories.first?.request.orderBy)
        let own = dataset.queries
        return ServedData(
            candidates: candidates.table, queries: queries,
            context: try reading.queryColumns.uniqued.filter {
                $0 != spec.data.query && own?[$0] == nil
            }.map { ($0, try interactions.column($0)) },
            history: try history(),
            past: PastRows(groupOf: groupOf, order: order, count: queries.rowCount),
            candidateOfInteraction: candidates.keyOfInteraction)
    }

    /// Who is known: those of the side table, or who stands in a known interaction.
    private func queries(_ isKnown: [Bool]) throws -> Table {
        let id = spec.data.query
        let table: Table
        if let side = dataset.queries, side[id] != nil {
            table = side
        } else {
            table = dataset.interactions
        }
        let tokens = try table.tokens(id)
        let isListed = table.name != dataset.interactions.name
        var seen = [Bool](repeating: false, count: tokens.dictionary.count)
        var rows: [Int32] = []
        for (row, code) in tokens.codes.enumerated()
        where (isListed || isKnown[row]) && !seen[Int(code)] {
            seen[Int(code)] = true
            rows.append(Int32(row))
        }
        let read = isListed ? reading.queryColumns.uniqued : []
        let columns = [id] + read.filter { $0 != id && table[$0] != nil }
        return Table(
            name: table.name,
            columns: try columns.map { (name: $0, values: try table.column($0).selecting(rows)) })
    }

    private func history() throws -> ServedHistory? {
        guard let longest = reading.histories.map(\.request.maximumLength).max() else { return nil }
        let columns = reading.histories.flatMap(\.columns)
        return ServedHistory(
            maximumLength: longest,
            columns: try columns.filter(\.isOfInteractions).map(\.name).uniqued.map {
                ($0, try dataset.interactions.column($0))
            },
            hasCandidates: columns.contains { !$0.isOfInteractions })
    }
}
