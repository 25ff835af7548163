/// The model that a training started from, and how much of it was taken.
public struct WarmStartRecord: Hashable, Sendable {
    /// What became of the rows of a parameter.
    public struct Rows: Hashable, Sendable {
        /// Rows that went on from what they were.
        public var kept: Int
        /// Rows that the earlier model did not have.
        public var new: Int
        /// Rows of the earlier model that this one had no use for.
        public var dropped: Int

        public init(kept: Int, new: Int, dropped: Int) {
            self.kept = kept
            self.new = new
            self.dropped = dropped
        }
    }

    /// SHA-256 over the whole model.
    public var modelDigest: String
    /// Whether what was taken stayed as it was.
    public var frozen: Bool
    /// Parameters whose optimizer went on with what it remembered.
    public var continuedOptimizers: Int
    /// By the name of each parameter that was taken.
    public var parameters: OrderedMap<Rows>

    public init(
        modelDigest: String, frozen: Bool, continuedOptimizers: Int, parameters: OrderedMap<Rows>
    ) {
        self.modelDigest = modelDigest
        self.frozen = frozen
        self.continuedOptimizers = continuedOptimizers
        self.parameters = parameters
    }

    var json: JSONValue {
        .record([
            ("model_digest", .string(modelDigest)), ("frozen", .bool(frozen)),
            ("continued_optimizers", .integer(continuedOptimizers)),
            (
                "parameters",
                .object(
                    parameters.mapValues { rows in
                        .record([
                            ("kept", .integer(rows.kept)), ("new", .integer(rows.new)),
                            ("dropped", .integer(rows.dropped)),
                        ])
                    })
            ),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        modelDigest = try node.required("model_digest").string()
        frozen = try node.required("frozen").boolean()
        continuedOptimizers = try node.required("continued_optimizers").integer()
        parameters = try node.required("parameters").map { node throws(ResultsDecodingError) in
            Rows(
                kept: try node.required("kept").integer(),
                new: try node.required("new").integer(),
                dropped: try node.required("dropped").integer())
        }
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("model_digest", .sha256, "Over the whole model."),
            .required("frozen", ["type": "boolean"], "Whether what was taken stayed as it was."),
            .required(
                "continued_optimizers", .integer(from: 0),
                "Parameters whose optimizer went on with what it remembered."),
            .required(
                "parameters",
                .map(
                    of: RecordSchema(
                        .required("kept", .integer(from: 0), "Rows that went on."),
                        .required("new", .integer(from: 0), "Rows that the model did not have."),
                        .required(
                            "dropped", .integer(from: 0), "Rows of the model without use here.")
                    ).json), "What was taken, by parameter."))
    }
}

/// The model that a run has written.
public struct ModelReference: Hashable, Sendable {
    /// Its folder, as the user named it; outside of the digest.
    public var path: String
    /// SHA-256 over the whole model, as `model.json` states it.
    public var digest: String

    public init(path: String, digest: String) {
        self.path = path
        self.digest = digest
    }

    var json: JSONValue {
        .record([("path", .string(path)), ("digest", .string(digest))])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        path = try node.required("path").string()
        digest = try node.required("digest").string()
    }

    static var schema: RecordSchema {
        RecordSchema(
            .required("path", .text, "Its folder, as it was named."),
            .required("digest", .sha256, "As its model.json states it."))
    }
}
