import Retrieval

/// What the towers read of the data.
struct ColumnReading {
    /// What a feature of the query tower reads of the past.
    struct History {
        var request: HistoryRequest
        /// The position of the feature.
        var feature: Int
        var column: String
        /// Whether that is a column of the interactions, and not of the candidates.
        var isOfInteractions: Bool

        /// The column of the interactions; nil: it is the candidates'.
        var ownColumn: String? { isOfInteractions ? column : nil }
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
            // A column that both tables have is that of the candidates.
            let isOwn =
                feature.column != candidate && dataset.candidates?[feature.column] == nil
                && dataset.interactions[feature.column] != nil
            if !isOwn { candidateColumns.append(feature.column) }
            histories.append(
                History(
                    request: request, feature: index, column: feature.column,
                    isOfInteractions: isOwn))
        }
    }
}

/// What the steps of histories are: candidates, or values that earlier interactions have.
struct HistorySteps: Sendable {
    /// The column of the interactions; nil: steps are candidates.
    let column: String?
    /// What each interaction is as a step.
    let keyOfInteraction: [Int32]
    /// The value of each key of a column; nil: the candidates know.
    let values: Column?

    /// The candidates of the interactions.
    init(_ candidates: EntitySpace) {
        column = nil
        keyOfInteraction = candidates.keyOfInteraction
        values = nil
    }

    /// What a column of the interactions holds, each distinct value once.
    init(_ name: String, of interactions: Table) throws(DataError) {
        let column = try interactions.column(name)
        self.column = name
        switch column {
        case .tokens(let tokens):
            keyOfInteraction = tokens.codes
            values = .tokens(
                TokenColumn(
                    codes: tokens.dictionary.indices.map(Int32.init),
                    dictionary: tokens.dictionary))
        case .integers:
            var distinct = DistinctRows(rowCount: interactions.rowCount)
            distinct.combine(column)
            keyOfInteraction = distinct.keys
            values = column.selecting(distinct.firstRows)
        case .numbers, .times, .tokenLists:
            throw .wrongColumn(
                name: name, table: interactions.name, required: History.requiredColumn,
                found: column.kind)
        }
    }
}

/// The history of each interaction, of one kind of steps in one order of time.
struct StepHistories: Sendable {
    var steps: HistorySteps
    /// Nil: the order in which the interactions stand.
    var orderBy: String?
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
            let steps = try spec.pointing(at: place + ".column") { try makeSteps(of: reading) }
            guard !histories.contains(where: { $0.isOf(reading.request, column: steps.column) })
            else { continue }
            let longest = readings.filter {
                $0.request.orderBy == reading.request.orderBy && $0.ownColumn == steps.column
            }.map(\.request.maximumLength).max()
            let lists = try spec.pointing(at: place + ".order_by") {
                try Histories(
                    of: interactions, query: spec.data.query, stepKeys: steps.keyOfInteraction,
                    orderBy: reading.request.orderBy, split: split,
                    maximumLength: longest ?? reading.request.maximumLength)
            }
            histories.append(
                StepHistories(steps: steps, orderBy: reading.request.orderBy, lists: lists))
        }
        return histories
    }

    private func makeSteps(of reading: ColumnReading.History) throws(DataError) -> HistorySteps {
        if let column = reading.ownColumn { return try HistorySteps(column, of: interactions) }
        do throws(DataError) {
            _ = try candidates.column(reading.column)
        } catch .missingColumn(let name, let table, let available)
            where table != interactions.name
        {
            throw .missingColumn(
                name: name, table: "\(table) and \(interactions.name)",
                available: available + interactions.names.filter { !available.contains($0) })
        }
        return HistorySteps(candidates)
    }
}

extension StepHistories {
    /// - Parameter column: a column of the interactions; nil: of the candidates.
    func isOf(_ request: HistoryRequest, column: String?) -> Bool {
        orderBy == request.orderBy && steps.column == column
    }
}
