/// The parts of a model's record, each with its JSON and its schema.
extension ModelRecord {
    /// A file of the folder.
    public struct File: Hashable, Sendable {
        /// Its length.
        public var bytes: Int
        /// Of its content.
        public var sha256: String

        public init(bytes: Int, sha256: String) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// A column that a tower reads.
    public struct InputColumn: Hashable, Sendable {
        /// Its name in the data.
        public var name: String
        /// What it holds: tokens, token_lists, integers, numbers or times.
        public var kind: String
        /// Of times, ticks of a second.
        public var ticksPerSecond: Int?

        public init(name: String, kind: String, ticksPerSecond: Int? = nil) {
            self.name = name
            self.kind = kind
            self.ticksPerSecond = ticksPerSecond
        }
    }

    /// What asks, or what is retrieved.
    public struct Side: Hashable, Sendable {
        /// The column that identifies it.
        public var id: String
        /// How many are known.
        public var count: Int
        /// What its tower reads, beside histories.
        public var columns: [InputColumn]

        public init(id: String, count: Int, columns: [InputColumn]) {
            self.id = id
            self.count = count
            self.columns = columns
        }
    }

    /// What the steps of histories have.
    public struct History: Hashable, Sendable {
        /// Most steps that any feature sees.
        public var maximumLength: Int
        /// The columns of interactions that steps have beside their candidate.
        public var columns: [InputColumn]
        /// Whether a step is told by its candidate.
        public var hasCandidates: Bool

        public init(maximumLength: Int, columns: [InputColumn], hasCandidates: Bool) {
            self.maximumLength = maximumLength
            self.columns = columns
            self.hasCandidates = hasCandidates
        }
    }

    /// A table of embeddings whose rows stand for tokens.
    public struct Table: Hashable, Sendable {
        /// The part of the model whose vocabulary names its rows.
        public var vocabulary: String
        /// Rows before those of tokens: for padding, for what is out of vocabulary.
        public var specialRows: Int

        public init(vocabulary: String, specialRows: Int) {
            self.vocabulary = vocabulary
            self.specialRows = specialRows
        }
    }
}

extension ModelRecord.File {
    var json: JSONValue {
        .record([("bytes", .integer(bytes)), ("sha256", .string(sha256))])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        bytes = try node.required("bytes").count()
        sha256 = try node.required("sha256").string()
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("bytes", .integer(from: 0), "Its length."),
            .required("sha256", .sha256, "Of its content."))
    }
}

extension ModelRecord.InputColumn {
    var json: JSONValue {
        .record([
            ("name", .string(name)), ("kind", .string(kind)),
            ("ticks_per_second", ticksPerSecond.map(JSONValue.integer)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        kind = try node.required("kind").string()
        ticksPerSecond = try node.optional("ticks_per_second")?.count(from: 1)
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("name", .text, "Its name in the data."),
            .required("kind", .text, "tokens, token_lists, integers, numbers or times."),
            .optional("ticks_per_second", .integer(from: 1), "Of times."))
    }
}

extension ModelRecord.Side {
    var json: JSONValue {
        .record([
            ("id", .string(id)), ("count", .integer(count)),
            ("columns", .array(columns.map(\.json))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        id = try node.required("id").string()
        count = try node.required("count").count()
        columns = try node.required("columns").list(ModelRecord.InputColumn.init)
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("id", .text, "The column that identifies it."),
            .required("count", .integer(from: 0), "How many are known."),
            .required(
                "columns", .list(of: ModelRecord.InputColumn.schema.json),
                "What its tower reads, beside histories."))
    }
}

extension ModelRecord.History {
    var json: JSONValue {
        .record([
            ("maximum_length", .integer(maximumLength)),
            ("columns", .array(columns.map(\.json))), ("has_candidates", .bool(hasCandidates)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        maximumLength = try node.required("maximum_length").count()
        columns = try node.required("columns").list(ModelRecord.InputColumn.init)
        hasCandidates = try node.required("has_candidates").boolean()
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("maximum_length", .integer(from: 0), "Most steps that are seen."),
            .required(
                "columns", .list(of: ModelRecord.InputColumn.schema.json),
                "Columns of interactions that steps have."),
            .required(
                "has_candidates", ["type": "boolean"], "Whether a step is told by its candidate."))
    }
}

extension ModelRecord.Table {
    var json: JSONValue {
        .record([
            ("vocabulary", .string(vocabulary)), ("special_rows", .integer(specialRows)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        vocabulary = try node.required("vocabulary").string()
        specialRows = try node.required("special_rows").count()
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("vocabulary", .text, "The part whose vocabulary names its rows."),
            .required("special_rows", .integer(from: 0), "Rows before those of tokens."))
    }
}
