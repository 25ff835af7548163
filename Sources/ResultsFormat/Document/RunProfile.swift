/// What reports draw of a run beside its figures: how the data are distributed, where the positives
/// were found, some queries as examples. All of it outside the digest.
public struct RunProfile: Hashable, Sendable {
    /// Numbers that the model has learnt or could.
    public var parameters: Int?
    /// How popular candidates are in the training part; some ranks from the most popular on.
    public var popularity: [PopularityPoint]
    /// The share of training interactions that the most popular tenth of the candidates has.
    public var shareOfTopTenth: Double?
    /// Queries by their number of training interactions.
    public var histories: [HistoryBin]
    /// Half of the queries have at most so many training interactions.
    public var medianHistory: Int?
    /// Interactions over time; nil where the data have no times.
    public var time: TimeProfile?
    /// What was found in each evaluated part, by its name.
    public var evaluation: OrderedMap<PartProfile>

    public init(
        parameters: Int? = nil, popularity: [PopularityPoint] = [],
        shareOfTopTenth: Double? = nil, histories: [HistoryBin] = [], medianHistory: Int? = nil,
        time: TimeProfile? = nil, evaluation: OrderedMap<PartProfile> = [:]
    ) {
        self.parameters = parameters
        self.popularity = popularity
        self.shareOfTopTenth = shareOfTopTenth
        self.histories = histories
        self.medianHistory = medianHistory
        self.time = time
        self.evaluation = evaluation
    }

    var json: JSONValue {
        .record([
            ("parameters", parameters.map(JSONValue.integer)),
            (
                "candidate_popularity",
                popularity.isEmpty
                    ? nil
                    : .record([
                        ("ranks", .array(popularity.map { .integer($0.rank) })),
                        ("interactions", .array(popularity.map { .integer($0.interactions) })),
                        ("share_of_top_tenth", shareOfTopTenth.map(JSONValue.number)),
                    ])
            ),
            (
                "query_histories",
                histories.isEmpty
                    ? nil
                    : .record([
                        ("median", medianHistory.map(JSONValue.integer)),
                        ("bins", .array(histories.map(\.json))),
                    ])
            ),
            ("time", time?.json),
            ("evaluation", evaluation.isEmpty ? nil : .object(evaluation.mapValues(\.json))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        parameters = try node.optional("parameters")?.integer()
        let popularity = try node.optional("candidate_popularity")
        let ranks = try popularity?.required("ranks").numbers() ?? []
        let counts = try popularity?.required("interactions").numbers() ?? []
        self.popularity = zip(ranks, counts).compactMap {
            guard let rank = Int(exactly: $0), let count = Int(exactly: $1) else { return nil }
            return PopularityPoint(rank: rank, interactions: count)
        }
        shareOfTopTenth = try popularity?.optional("share_of_top_tenth")?.double()
        let histories = try node.optional("query_histories")
        medianHistory = try histories?.optional("median")?.integer()
        self.histories = try histories?.required("bins").list(HistoryBin.init) ?? []
        time = try node.optional("time").map(TimeProfile.init)
        evaluation = try node.optional("evaluation")?.map(PartProfile.init) ?? [:]
    }
}

/// How many training interactions the candidate at a place from the most popular on has.
public struct PopularityPoint: Hashable, Sendable {
    /// From 1.
    public var rank: Int
    /// In the training part.
    public var interactions: Int

    public init(rank: Int, interactions: Int) {
        self.rank = rank
        self.interactions = interactions
    }
}

/// How many queries have a number of training interactions between two.
public struct HistoryBin: Hashable, Sendable {
    /// The least number.
    public var from: Int
    /// The largest one.
    public var to: Int
    /// Those that have so many.
    public var queries: Int

    public init(from: Int, to: Int, queries: Int) {
        self.from = from
        self.to = to
        self.queries = queries
    }

    var json: JSONValue {
        ["from": .integer(from), "to": .integer(to), "queries": .integer(queries)]
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        from = try node.required("from").integer()
        to = try node.required("to").integer()
        queries = try node.required("queries").integer()
    }
}

/// Interactions in stretches of time of equal length.
public struct TimeProfile: Hashable, Sendable {
    /// The column of the times.
    public var column: String
    /// When the first stretch begins, in seconds since 1970.
    public var start: Double
    /// How long each of them is.
    public var stepSeconds: Double
    /// Interactions of each stretch, by part of the data.
    public var parts: OrderedMap<[Int]>

    public init(column: String, start: Double, stepSeconds: Double, parts: OrderedMap<[Int]>) {
        self.column = column
        self.start = start
        self.stepSeconds = stepSeconds
        self.parts = parts
    }

    var json: JSONValue {
        [
            "column": .string(column), "start": .number(start),
            "step_seconds": .number(stepSeconds),
            "parts": .object(parts.mapValues { .array($0.map(JSONValue.integer)) }),
        ]
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        column = try node.required("column").string()
        start = try node.required("start").double()
        stepSeconds = try node.required("step_seconds").double()
        parts = try node.required("parts").map { part throws(ResultsDecodingError) in
            try part.list { count throws(ResultsDecodingError) in try count.integer() }
        }
    }
}
