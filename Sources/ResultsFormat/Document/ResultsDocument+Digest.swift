import Hashing

// A run that is repeated with the same specification, seed and data must find the same: that is
// what the digest states in one line. It covers the whole document except what is named here.

extension ResultsDocument {
    /// What a document holds besides the reproducible: where it ran, how long it took, how much
    /// memory it needed, what reports draw of it, where its model is, what was noticed about the
    /// files, what the model is held against, what the figures of epochs are called, and the digest
    /// itself.
    private static let outsideDigest: [JSONPath] = [
        ["digest"],
        ["environment"],
        ["timing"],
        ["peak_memory_bytes"],
        ["profile"],
        ["model"],
        ["experiment", "local_members"],
        ["data", "notes"],
        ["training", "figures"],
    ]

    /// What an epoch holds besides the reproducible.
    private static let outsideDigestOfEpoch: [JSONPath] = [["seconds"], ["examples_per_second"]]

    /// Everything that must be the same when the run is repeated, on any machine and with any
    /// number of threads: the document without its environment, times, memory, profile, local
    /// members of the specification, notes on the data, baselines, descriptions of epochs' figures
    /// and digest.
    public func reproducibleContent() -> JSONValue {
        Self.reproducibleContent(of: json)
    }

    /// The same for the JSON of a document, members unknown to this library included.
    ///
    /// Values that are no results document are returned as far as they go.
    public static func reproducibleContent(of document: JSONValue) -> JSONValue {
        var paths = outsideDigest
        for part in document["evaluation"]?.objectValue ?? [:] {
            paths.append(["evaluation", .key(part.key), "baselines"])
        }
        let localMembers = document[path: ["experiment", "local_members"]]?.arrayValue ?? []
        let spec: JSONPath = ["experiment", "spec"]
        paths += localMembers.compactMap { $0.stringValue.flatMap(JSONPath.init(parsing:)) }
            .map(spec.appending)
        return paths.reduce(withoutTimesOfEpochs(document)) { $0.removing($1) }
    }

    /// All epochs in one pass: a path for each would copy their list as often as there are epochs.
    private static func withoutTimesOfEpochs(_ document: JSONValue) -> JSONValue {
        guard case .object(var members) = document,
            case .object(var training)? = members["training"],
            case .array(let epochs)? = training["epochs"]
        else { return document }
        training["epochs"] = .array(
            epochs.map { epoch in outsideDigestOfEpoch.reduce(epoch) { $0.removing($1) } })
        members["training"] = .object(training)
        return .object(members)
    }

    /// The lower-case hexadecimal SHA-256 of the canonical text (compact, members sorted) of
    /// ``reproducibleContent(of:)``.
    ///
    /// - Throws: ``JSONEncodingError`` if the document holds a NaN or an infinity.
    public static func digest(of document: JSONValue) throws(JSONEncodingError) -> String {
        SHA256.hexadecimal(of: try reproducibleContent(of: document).jsonText(.canonical))
    }

    /// Why the content of a document's JSON cannot be believed; nil where it agrees with its
    /// digest.
    public static func objection(to document: JSONValue) -> String? {
        guard let stated = document["digest"]?.stringValue else {
            return "the results have no digest"
        }
        return (try? digest(of: document)) == stated
            ? nil : "the results were changed after they were written: their digest does not fit"
    }

    /// This document with the digest of its present content.
    ///
    /// - Throws: ``JSONEncodingError`` if the document holds a NaN or an infinity.
    public func sealed() throws(JSONEncodingError) -> ResultsDocument {
        var document = self
        document.digest = try Self.digest(of: json)
        return document
    }
}
