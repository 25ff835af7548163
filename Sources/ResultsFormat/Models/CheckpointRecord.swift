import Hashing

/// What `checkpoint.json` says: how far a run had come, and what it had measured by then.
public struct CheckpointRecord: Hashable, Sendable {
    /// The version of the format that this library writes, and the newest that it reads.
    public static let formatVersion = 1
    /// What tells the format from others.
    public static let format = "tfrs-run checkpoint"

    /// How the scores of the batches were computed so far.
    public struct Engine: Hashable, Sendable {
        /// Scores that the batches asked for.
        public var denseScores: Int
        /// Scores that were computed.
        public var computedScores: Int
        /// Whether equal queries were scored once in some batch.
        public var sharesQueries: Bool
        /// Whether equal candidates were.
        public var sharesCandidates: Bool

        public init(
            denseScores: Int, computedScores: Int, sharesQueries: Bool, sharesCandidates: Bool
        ) {
            self.denseScores = denseScores
            self.computedScores = computedScores
            self.sharesQueries = sharesQueries
            self.sharesCandidates = sharesCandidates
        }
    }

    /// Of what is run: a checkpoint of another spec, or of other data, is of no use.
    public var specSHA256: String
    /// Over content and split of the data.
    public var dataFingerprint: String
    /// The program that wrote it: another may compute other bits.
    public var toolVersion: String
    /// The epoch under way, from 1.
    public var epoch: Int
    /// The steps taken in it.
    public var step: Int
    /// The finished epochs.
    public var epochs: [EpochRecord]
    /// How their scores were computed.
    public var engine: Engine
    /// Parameters whose optimizer went on with what an earlier training's remembered.
    public var continuedOptimizers: Int
    /// All files beside `checkpoint.json` itself.
    public var files: OrderedMap<ModelRecord.File>

    public init(
        specSHA256: String, dataFingerprint: String, toolVersion: String, epoch: Int, step: Int,
        epochs: [EpochRecord], engine: Engine, continuedOptimizers: Int = 0,
        files: OrderedMap<ModelRecord.File> = [:]
    ) {
        self.specSHA256 = specSHA256
        self.dataFingerprint = dataFingerprint
        self.toolVersion = toolVersion
        self.epoch = epoch
        self.step = step
        self.epochs = epochs
        self.engine = engine
        self.continuedOptimizers = continuedOptimizers
        self.files = files
    }

    /// SHA-256 over all of it.
    public var digest: String {
        SHA256.hexadecimal(of: (try? content.jsonText(.canonical)) ?? "")
    }

    /// As the file shows it.
    public var json: JSONValue {
        var json = content
        json["digest"] = .string(digest)
        return json
    }

    private var content: JSONValue {
        .record([
            ("format", .string(Self.format)), ("format_version", .integer(Self.formatVersion)),
            ("spec_sha256", .string(specSHA256)), ("data_fingerprint", .string(dataFingerprint)),
            ("tool_version", .string(toolVersion)), ("epoch", .integer(epoch)),
            ("step", .integer(step)), ("epochs", .array(epochs.map(\.json))),
            ("engine", engine.json), ("continued_optimizers", .integer(continuedOptimizers)),
            ("files", .object(files.mapValues(\.json))),
        ])
    }

    /// Reads a record and compares it with the digest that it states.
    public init(json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        try root.check(format: Self.format, version: Self.formatVersion)
        specSHA256 = try root.required("spec_sha256").string()
        dataFingerprint = try root.required("data_fingerprint").string()
        toolVersion = try root.required("tool_version").string()
        epoch = try root.required("epoch").count(from: 1)
        step = try root.required("step").count()
        epochs = try root.required("epochs").list(EpochRecord.init)
        engine = try Engine(root.required("engine"))
        continuedOptimizers = try root.required("continued_optimizers").count()
        files = try root.required("files").map(ModelRecord.File.init)
        let stated = try root.required("digest")
        guard try stated.string() == digest else {
            throw stated.error(
                .invalid(
                    expected: "'\(digest)', that of the rest of the file",
                    found: "'\(try stated.string())'"))
        }
    }
}

extension CheckpointRecord.Engine {
    var json: JSONValue {
        .record([
            ("dense_scores", .integer(denseScores)), ("computed_scores", .integer(computedScores)),
            ("shares_queries", .bool(sharesQueries)),
            ("shares_candidates", .bool(sharesCandidates)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        denseScores = try node.required("dense_scores").count()
        computedScores = try node.required("computed_scores").count()
        sharesQueries = try node.required("shares_queries").boolean()
        sharesCandidates = try node.required("shares_candidates").boolean()
    }
}
