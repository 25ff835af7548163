/// Where the positives of an evaluated part were found.
public struct PartProfile: Hashable, Sendable {
    /// The share of interactions, by sample weight, whose positive has at most some rank.
    public var ranks: [RankShare]
    /// Interactions by how popular their positive is in the training part.
    public var popularity: [PopularityBin]
    /// Some queries, the best ranked first.
    public var examples: [QueryExample]

    public init(
        ranks: [RankShare] = [], popularity: [PopularityBin] = [], examples: [QueryExample] = []
    ) {
        self.ranks = ranks
        self.popularity = popularity
        self.examples = examples
    }

    var json: JSONValue {
        .record([
            (
                "ranks",
                ranks.isEmpty
                    ? nil
                    : [
                        "at_most": .array(ranks.map { .integer($0.rank) }),
                        "share": .array(ranks.map { .number($0.share) }),
                    ]
            ),
            ("popularity", popularity.isEmpty ? nil : .array(popularity.map(\.json))),
            ("examples", examples.isEmpty ? nil : .array(examples.map(\.json))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        let ranks = try node.optional("ranks")
        let places = try ranks?.required("at_most").numbers() ?? []
        let shares = try ranks?.required("share").numbers() ?? []
        self.ranks = zip(places, shares).compactMap { place, share in
            Int(exactly: place).map { RankShare(rank: $0, share: share) }
        }
        popularity = try node.optional("popularity")?.list(PopularityBin.init) ?? []
        examples = try node.optional("examples")?.list(QueryExample.init) ?? []
    }
}

/// A point of the cumulative distribution of ranks.
public struct RankShare: Hashable, Sendable {
    /// From 1.
    public var rank: Int
    /// Of interactions, in 0 ... 1.
    public var share: Double

    public init(rank: Int, share: Double) {
        self.rank = rank
        self.share = share
    }
}

/// How positives were found whose number of training interactions lies between two.
public struct PopularityBin: Hashable, Sendable {
    /// The least number of training interactions.
    public var from: Int
    /// The largest one.
    public var to: Int
    /// Evaluated interactions.
    public var examples: Int
    /// The share found among the first so many, by that number.
    public var found: OrderedMap<Double>

    public init(from: Int, to: Int, examples: Int, found: OrderedMap<Double>) {
        self.from = from
        self.to = to
        self.examples = examples
        self.found = found
    }

    var json: JSONValue {
        [
            "from": .integer(from), "to": .integer(to), "examples": .integer(examples),
            "found": .object(found.mapValues(JSONValue.number)),
        ]
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        from = try node.required("from").integer()
        to = try node.required("to").integer()
        examples = try node.required("examples").integer()
        found = try node.required("found").doubles()
    }
}

/// One query: what it is known by, what it was to find, and what was recommended.
public struct QueryExample: Hashable, Sendable {
    /// Its id.
    public var query: String
    /// The rank of its positive; nil where it has no place.
    public var rank: Double?
    /// What it was to find.
    public var positive: NamedCandidate
    /// Some of its training interactions.
    public var history: [NamedCandidate]
    /// What the model recommends, the best first.
    public var recommended: [NamedCandidate]

    public init(
        query: String, rank: Double?, positive: NamedCandidate, history: [NamedCandidate],
        recommended: [NamedCandidate]
    ) {
        self.query = query
        self.rank = rank
        self.positive = positive
        self.history = history
        self.recommended = recommended
    }

    var json: JSONValue {
        .record([
            ("query", .string(query)), ("rank", rank.map(JSONValue.number)),
            ("positive", positive.json), ("history", .array(history.map(\.json))),
            ("recommended", .array(recommended.map(\.json))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        query = try node.required("query").string()
        rank = try node.optional("rank")?.double()
        positive = try NamedCandidate(node.required("positive"))
        history = try node.required("history").list(NamedCandidate.init)
        recommended = try node.required("recommended").list(NamedCandidate.init)
    }
}

/// A candidate as people know it.
public struct NamedCandidate: Hashable, Sendable {
    /// As the data have it.
    public var id: String
    /// Its title, where the table of candidates has one.
    public var title: String?

    public init(id: String, title: String? = nil) {
        self.id = id
        self.title = title
    }

    var json: JSONValue {
        .record([("id", .string(id)), ("title", title.map(JSONValue.string))])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        id = try node.required("id").string()
        title = try node.optional("title")?.string()
    }
}
