/// The data a run saw.
public struct DataRecord: Hashable, Sendable {
    /// The kind of source, as the specification names it: `movielens`, `csv`, `synthetic`.
    public var source: String
    /// Which of the source's data sets: `100k`.
    public var variant: String?
    /// What the data stand in for, if they are not what the experiment asks for.
    public var standInFor: String?
    /// A hash of the interactions and their split, the same wherever the files lie.
    public var fingerprint: String
    /// A hash of the data alone, whatever the split: which of the two differs where the
    /// fingerprints do.
    public var contentSHA256: String?
    /// How many there are of each: `interactions`, `queries`, `candidates`, `train`, `test`.
    public var counts: OrderedMap<Int>
    /// What each filter left, in order.
    public var filters: [FilterRecord]
    /// What a held-out part holds that training never sees, by part and then by what is counted:
    /// `queries`, `candidates`, `interactions_with_unseen_candidate`.
    public var unseen: OrderedMap<OrderedMap<Int>>
    /// What a reader should know about the data, a sentence each; outside the digest, for they
    /// may name folders.
    public var notes: [String]

    public init(
        source: String, variant: String? = nil, standInFor: String? = nil, fingerprint: String,
        contentSHA256: String? = nil, counts: OrderedMap<Int>,
        filters: [FilterRecord] = [], unseen: OrderedMap<OrderedMap<Int>> = [:],
        notes: [String] = []
    ) {
        self.source = source
        self.variant = variant
        self.standInFor = standInFor
        self.fingerprint = fingerprint
        self.contentSHA256 = contentSHA256
        self.counts = counts
        self.filters = filters
        self.unseen = unseen
        self.notes = notes
    }

    var json: JSONValue {
        .record([
            ("source", .string(source)),
            ("variant", variant.map(JSONValue.string)),
            ("stand_in_for", standInFor.map(JSONValue.string)),
            ("fingerprint", .string(fingerprint)),
            ("content_sha256", contentSHA256.map(JSONValue.string)),
            ("counts", .object(counts.mapValues(JSONValue.integer))),
            ("filters", filters.isEmpty ? nil : .array(filters.map(\.json))),
            (
                "unseen",
                unseen.isEmpty
                    ? nil
                    : .object(unseen.mapValues { .object($0.mapValues(JSONValue.integer)) })
            ),
            ("notes", .array(notes.map(JSONValue.string))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        source = try node.required("source").string()
        variant = try node.optional("variant")?.string()
        standInFor = try node.optional("stand_in_for")?.string()
        fingerprint = try node.required("fingerprint").string()
        contentSHA256 = try node.optional("content_sha256")?.string()
        counts = try node.required("counts").integers()
        filters = try node.optional("filters")?.list(FilterRecord.init) ?? []
        unseen =
            try node.optional("unseen")?.map { part throws(ResultsDecodingError) in
                try part.integers()
            } ?? [:]
        notes = try node.required("notes").strings()
    }
}

/// What one filter of the data left.
public struct FilterRecord: Hashable, Sendable {
    public var name: String
    /// Interactions that it left out.
    public var removed: Int
    /// What was left: interactions, and the distinct ids among them.
    public var interactions: Int
    /// Distinct queries among them.
    public var queries: Int
    /// Distinct candidates among them.
    public var candidates: Int

    public init(name: String, removed: Int, interactions: Int, queries: Int, candidates: Int) {
        self.name = name
        self.removed = removed
        self.interactions = interactions
        self.queries = queries
        self.candidates = candidates
    }

    var json: JSONValue {
        .record([
            ("name", .string(name)), ("removed", .integer(removed)),
            ("interactions", .integer(interactions)), ("queries", .integer(queries)),
            ("candidates", .integer(candidates)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        removed = try node.required("removed").integer()
        interactions = try node.required("interactions").integer()
        queries = try node.required("queries").integer()
        candidates = try node.required("candidates").integer()
    }
}
