import Hashing

/// What was run: the specification with every default filled in.
public struct ExperimentRecord: Hashable, Sendable {
    /// The experiment's name.
    public var name: String
    /// The fully resolved specification.
    public let spec: JSONValue
    /// Members of ``spec`` that say where or how a machine ran it and not what was computed:
    /// folders, the number of threads. They stand in the file and outside both hashes.
    public let localMembers: [JSONPath]
    /// SHA-256, 64 lower-case hexadecimal digits, of the canonical text of ``spec`` without its
    /// ``localMembers``: equal wherever the experiment runs.
    public let specSHA256: String

    /// A record of a specification, hashed here.
    ///
    /// - Parameters:
    ///   - spec: the resolved specification.
    ///   - localMembers: paths from the root of `spec`, such as `["data", "directory"]`; a path
    ///     that leads nowhere does no harm.
    /// - Throws: ``JSONEncodingError`` if the specification holds a NaN or an infinity.
    public init(
        name: String, spec: JSONValue, localMembers: [JSONPath] = []
    ) throws(JSONEncodingError) {
        self.name = name
        self.spec = spec
        self.localMembers = localMembers
        let shared = localMembers.reduce(spec) { $0.removing($1) }
        specSHA256 = SHA256.hexadecimal(of: try shared.jsonText(.canonical))
    }

    var json: JSONValue {
        .record([
            ("name", .string(name)),
            ("spec", spec),
            ("local_members", .array(localMembers.map { .string($0.text) })),
            ("spec_sha256", .string(specSHA256)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        name = try node.required("name").string()
        spec = try node.required("spec").value
        localMembers = try node.optional("local_members", Self.paths) ?? []
        specSHA256 = try node.required("spec_sha256").string()
    }

    private static func paths(_ node: JSONNode) throws(ResultsDecodingError) -> [JSONPath] {
        try node.list { element throws(ResultsDecodingError) in
            let text = try element.string()
            guard let path = JSONPath(parsing: text) else {
                throw element.error(.invalid(expected: "a path like a.b[0]", found: "'\(text)'"))
            }
            return path
        }
    }
}
