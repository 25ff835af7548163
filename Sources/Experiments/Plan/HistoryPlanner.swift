import Retrieval

/// What the towers read of the data.
struct ColumnReading {
    /// What a feature of the query tower reads of the past.
    struct History {
        var request: HistoryRequest
        /// The position of the feature.
        var feature: Int
        /// The feature's own column, and those beside it.
        var columns: [StepColumn]
    }

    /// The columns of what asks.
    private(set) var queryColumns: [String] = []
    /// The columns of what is retrieved, those that histories read too.
    private(set) var candidateColumns: [String] = []
    private(set) var histories: [History] = []

    /// - Parameter candidate: the column that identifies candidates.
    init(
        of towers: TowersSection, _ dataset: Dataset, candidate: String, _ catalog: Catalog
    ) throws {
        for choice in towers.candidate.features {
            candidateColumns.append(try catalog.make(.feature, choice).column)
        }
        for (index, choice) in towers.query.features.enumerated() {
            let feature = try catalog.make(.feature, choice)
            guard let request = feature.history else {
                queryColumns.append(feature.column)
                continue
            }
            let columns = ([feature.column] + feature.columnsBeside).map { name in
                // A column that both tables have is that of the candidates.
                StepColumn(
                    name: name,
                    isOfInteractions: name != candidate && dataset.candidates?[name] == nil
                        && dataset.interactions[name] != nil)
            }
            candidateColumns += columns.filter { !$0.isOfInteractions }.map(\.name)
            histories.append(History(request: request, feature: index, columns: columns))
        }
    }
}

/// A column that histories read.
struct StepColumn: Hashable, Sendable {
    var name: String
    /// Whether it is one of the interactions, and not of the candidates.
    var isOfInteractions: Bool
}

/// What the steps of histories are: candidates, values that earlier interactions have, or both.
struct HistorySteps: Sendable {
    /// What tells one step from another.
    struct Kind: Hashable, Sendable {
        /// Whether steps are of different candidates.
        var hasCandidates: Bool
        /// The columns of the interactions.
        var columns: [String]

        init(_ columns: [StepColumn]) {
            hasCandidates = columns.contains { !$0.isOfInteractions }
            self.columns = columns.filter(\.isOfInteractions).map(\.name)
        }
    }

    let kind: Kind
    /// What each interaction is as a step.
    let keyOfInteraction: [Int32]
    /// What the steps hold of each column of the interactions.
    private let values: [String: Column]
    /// The candidate of each step; nil: they are the candidates.
    private let candidates: [Int32]?

    /// The candidates of the interactions.
    init(_ candidates: EntitySpace) {
        kind = Kind([])
        keyOfInteraction = candidates.keyOfInteraction
        values = [:]
        self.candidates = nil
    }

    /// Each distinct combination of what is read once.
    init(
        _ columns: [StepColumn], of interactions: Table, _ candidates: EntitySpace
    ) throws(DataError) {
        kind = Kind(columns)
        guard !kind.columns.isEmpty else {
            keyOfInteraction = candidates.keyOfInteraction
            values = [:]
            self.candidates = nil
            return
        }
        var distinct = DistinctRows(rowCount: interactions.rowCount)
        if kind.hasCandidates {
            distinct.combine(candidates.keyOfInteraction, below: candidates.count)
        }
        for name in kind.columns {
            let column = try interactions.column(name)
            switch column {
            case .tokens, .integers: distinct.combine(column)
            case .numbers, .times, .tokenLists:
                throw .wrongColumn(
                    name: name, table: interactions.name, required: History.requiredColumn,
                    found: column.kind)
            }
        }
        keyOfInteraction = distinct.keys
        let first = distinct.firstRows
        var values: [String: Column] = [:]
        for name in kind.columns {
            values[name] = try interactions.column(name).selecting(first)
        }
        self.values = values
        self.candidates = first.map { candidates.keyOfInteraction[Int($0)] }
    }

    /// What the steps hold of a column, one row for each.
    func column(_ name: String, _ space: EntitySpace) throws(DataError) -> Column {
        if let own = values[name] { return own }
        let column = try space.column(name)
        return candidates.map { column.selecting($0) } ?? column
    }

    /// Whether a column is one of the interactions.
    func isOfInteractions(_ name: String) -> Bool { values[name] != nil }
}

/// The history of each interaction, of one kind of steps in one order of time.
struct StepHistories: Sendable {
    var steps: HistorySteps
    /// Whom the lists are for: this request, and all that it serves.
    var request: HistoryRequest
    var lists: Histories
}

/// Prepares what the query tower reads of the past.
struct HistoryPlanner {
    let spec: ExperimentSpec
    let interactions: Table
    let candidates: EntitySpace
    let split: DataSplit

    /// One for each order and kind of steps, as long as the longest that is asked for: the end of
    /// equal histories is equal.
    func histories(_ readings: [ColumnReading.History]) throws -> [StepHistories] {
        var histories: [StepHistories] = []
        for reading in readings {
            let place = "towers.query.features[\(reading.feature)]"
            let steps = try makeSteps(of: reading, at: place)
            guard !histories.contains(where: { $0.isOf(reading.request, steps.kind) })
            else { continue }
            let request = longest(reading, readings)
            let lists = try spec.pointing(at: place + ".order_by") {
                try Histories(
                    of: interactions, query: spec.data.query, stepKeys: steps.keyOfInteraction,
                    orderBy: request.orderBy, split: split, maximumLength: request.maximumLength,
                    window: request.window)
            }
            histories.append(StepHistories(steps: steps, request: request, lists: lists))
        }
        return histories
    }

    /// The longest of the requests that serve one, of the same steps.
    private func longest(
        _ reading: ColumnReading.History, _ readings: [ColumnReading.History]
    ) -> HistoryRequest {
        readings.filter {
            HistorySteps.Kind($0.columns) == HistorySteps.Kind(reading.columns)
                && reading.request.isServed(by: $0.request)
        }.map(\.request).max { $0.maximumLength < $1.maximumLength } ?? reading.request
    }

    private func makeSteps(of reading: ColumnReading.History, at place: String) throws
        -> HistorySteps
    {
        for (index, column) in reading.columns.enumerated() {
            let path = index == 0 ? place : "\(place).beside[\(index - 1)]"
            try spec.pointing(at: path + ".column") {
                if column.isOfInteractions {
                    _ = try HistorySteps([column], of: interactions, candidates)
                } else {
                    try check(column.name)
                }
            }
        }
        return try HistorySteps(reading.columns, of: interactions, candidates)
    }

    /// Whether candidates have the column; else neither table has.
    private func check(_ column: String) throws(DataError) {
        do throws(DataError) {
            _ = try candidates.column(column)
        } catch .missingColumn(let name, let table, let available)
            where table != interactions.name
        {
            throw .missingColumn(
                name: name, table: "\(table) and \(interactions.name)",
                available: available + interactions.names.filter { !available.contains($0) })
        }
    }
}

extension StepHistories {
    func isOf(_ request: HistoryRequest, _ kind: HistorySteps.Kind) -> Bool {
        request.isServed(by: self.request) && steps.kind == kind
    }
}
