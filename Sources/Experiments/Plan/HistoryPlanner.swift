import Retrieval

/// What the towers read of the data.
struct ColumnReading {
    /// The columns of what asks.
    private(set) var queryColumns: [String] = []
    /// The columns of what is retrieved; histories read those too.
    private(set) var candidateColumns: [String] = []
    /// What the query tower reads of the past, and the position of the feature that does.
    private(set) var histories: [(request: HistoryRequest, feature: Int)] = []

    init(of towers: TowersSection, _ catalog: Catalog) throws {
        for choice in towers.candidate.features {
            candidateColumns.append(try catalog.features.make(choice).column)
        }
        for (index, choice) in towers.query.features.enumerated() {
            let feature = try catalog.features.make(choice)
            if let history = feature.history {
                candidateColumns.append(feature.column)
                histories.append((history, index))
            } else {
                queryColumns.append(feature.column)
            }
        }
    }
}

/// The history of each interaction, in one order of time.
struct OrderedHistories: Sendable {
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

    /// One for each order, as long as the longest that is asked for: the end of equal histories is
    /// equal.
    func histories(
        _ requests: [(request: HistoryRequest, feature: Int)]
    ) throws -> [OrderedHistories] {
        var histories: [OrderedHistories] = []
        for (request, feature) in requests
        where !histories.contains(where: { $0.orderBy == request.orderBy }) {
            let longest = requests.filter { $0.request.orderBy == request.orderBy }
                .map(\.request.maximumLength).max()
            let lists = try spec.pointing(at: "towers.query.features[\(feature)].order_by") {
                try Histories(
                    of: interactions, query: spec.data.query,
                    candidateKeys: candidates.keyOfInteraction, orderBy: request.orderBy,
                    split: split, maximumLength: longest ?? request.maximumLength)
            }
            histories.append(OrderedHistories(orderBy: request.orderBy, lists: lists))
        }
        return histories
    }
}
