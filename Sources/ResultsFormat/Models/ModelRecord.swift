import Hashing

/// What `model.json` says: what a saved model is, which run it comes from, and what each of its
/// files holds.
///
/// A format with a version of its own; what one version wrote, every later program reads.
public struct ModelRecord: Hashable, Sendable {
    /// The version of the format that this library writes, and the newest that it reads.
    public static let formatVersion = 1
    /// What tells the format from others.
    public static let format = "tfrs-run model"

    /// The experiment's name.
    public var experiment: String
    /// The spec with every default filled in, paths of this machine as far as they tell no secret.
    public var spec: JSONValue
    /// As the run's results state it.
    public var specSHA256: String
    /// Over content and split of the data that the run saw.
    public var dataFingerprint: String
    /// The run's seed.
    public var seed: Int
    /// The program that wrote it; outside of the digest.
    public var toolVersion: String
    /// Epochs that were trained.
    public var epochs: Int
    /// The metrics of the run's test part.
    public var metrics: OrderedMap<Double>
    /// Length of an embedding.
    public var dimension: Int
    /// Embeddings of each query.
    public var heads: Int
    /// Who asks.
    public var query: Side
    /// What is retrieved.
    public var candidate: Side
    /// Nil where the query tower reads no history.
    public var history: History?
    /// Tables by the name of their parameter.
    public var tables: OrderedMap<Table>
    /// The file of what each part of the model learned, by the part's path.
    public var vocabularies: OrderedMap<String>
    /// All files beside `model.json` itself.
    public var files: OrderedMap<File>

    public init(
        experiment: String, spec: JSONValue, specSHA256: String, dataFingerprint: String,
        seed: Int, toolVersion: String, epochs: Int, metrics: OrderedMap<Double>, dimension: Int,
        heads: Int, query: Side, candidate: Side, history: History?, tables: OrderedMap<Table>,
        vocabularies: OrderedMap<String>, files: OrderedMap<File>
    ) {
        self.experiment = experiment
        self.spec = spec
        self.specSHA256 = specSHA256
        self.dataFingerprint = dataFingerprint
        self.seed = seed
        self.toolVersion = toolVersion
        self.epochs = epochs
        self.metrics = metrics
        self.dimension = dimension
        self.heads = heads
        self.query = query
        self.candidate = candidate
        self.history = history
        self.tables = tables
        self.vocabularies = vocabularies
        self.files = files
    }

    /// SHA-256 over all of it but the version of the program: that of the files, too, for theirs
    /// are part of it. The same run gives the same.
    public var digest: String {
        var content = content
        content["tool_version"] = nil
        // What a record holds was read from JSON or is finite.
        return SHA256.hexadecimal(of: (try? content.jsonText(.canonical)) ?? "")
    }
}

// MARK: - JSON

extension ModelRecord {
    /// As `model.json` shows it.
    public var json: JSONValue {
        var json = content
        json["digest"] = .string(digest)
        return json
    }

    private var content: JSONValue {
        .record([
            ("format", .string(Self.format)),
            ("format_version", .integer(Self.formatVersion)),
            ("experiment", .string(experiment)),
            ("seed", .integer(seed)),
            ("spec_sha256", .string(specSHA256)),
            ("data_fingerprint", .string(dataFingerprint)),
            ("tool_version", .string(toolVersion)),
            ("epochs", .integer(epochs)),
            ("metrics", .object(metrics.mapValues(JSONValue.number))),
            ("dimension", .integer(dimension)),
            ("heads", .integer(heads)),
            ("query", query.json),
            ("candidate", candidate.json),
            ("history", history?.json),
            ("tables", .object(tables.mapValues(\.json))),
            ("vocabularies", .object(vocabularies.mapValues(JSONValue.string))),
            ("files", .object(files.mapValues(\.json))),
            ("spec", spec),
        ])
    }

    /// Reads a record and compares it with the digest that it states.
    ///
    /// - Throws: ``ResultsDecodingError`` naming the first member that is missing or wrong.
    public init(json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        try root.check(format: Self.format, version: Self.formatVersion)
        experiment = try root.required("experiment").string()
        seed = try root.required("seed").count()
        specSHA256 = try root.required("spec_sha256").string()
        dataFingerprint = try root.required("data_fingerprint").string()
        toolVersion = try root.required("tool_version").string()
        epochs = try root.required("epochs").count()
        metrics = try root.required("metrics").doubles()
        dimension = try root.required("dimension").count(from: 1)
        heads = try root.required("heads").count(from: 1)
        query = try Side(root.required("query"))
        candidate = try Side(root.required("candidate"))
        history = try root.optional("history", History.init)
        tables = try root.required("tables").map(Table.init)
        vocabularies = try root.required("vocabularies").map {
            member throws(ResultsDecodingError) in try member.string()
        }
        files = try root.required("files").map(File.init)
        spec = try root.required("spec").value
        let stated = try root.required("digest")
        guard try stated.string() == digest else {
            throw stated.error(
                .invalid(
                    expected: "'\(digest)', that of the rest of the file",
                    found: "'\(try stated.string())'"))
        }
    }
}

// MARK: - Schema

extension ModelRecord {
    /// The JSON Schema of `model.json`.
    public static var schemaDocument: JSONValue {
        var document: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "tfrs-run model",
        ]
        for member in schema.json { document[member.key] = member.value }
        return .object(document)
    }

    private static var schema: RecordSchema {
        RecordSchema(
            .required("format", ["const": .string(format)], "What tells the format from others."),
            .required("format_version", ["const": .integer(formatVersion)], "Of this format."),
            .required("experiment", .text, "The experiment's name."),
            .required("seed", .integer(from: 0), "Of the run."),
            .required("spec_sha256", .sha256, "As the run's results state it."),
            .required(
                "data_fingerprint", .text, "Over content and split of the data of the run."),
            .required("tool_version", .text, "Of the program that wrote it."),
            .required("epochs", .integer(from: 0), "Epochs that were trained."),
            .required("metrics", .map(of: .anyNumber), "Of the run's test part."),
            .required("dimension", .integer(from: 1), "Length of an embedding."),
            .required("heads", .integer(from: 1), "Embeddings of each query."),
            .required("query", Side.schema.json, "Who asks."),
            .required("candidate", Side.schema.json, "What is retrieved."),
            .optional("history", History.schema.json, "What the steps of histories have."),
            .required(
                "tables", .map(of: Table.schema.json),
                "Tables of embeddings whose rows stand for tokens, by their parameter."),
            .required(
                "vocabularies", .map(of: .text),
                "The file of what each part of the model learned, by the part's path."),
            .required("files", .map(of: File.schema.json), "All files beside model.json itself."),
            .required("spec", ["type": "object"], "The spec with every default filled in."),
            .required("digest", .sha256, "SHA-256 over all of this but tool_version."))
    }
}
