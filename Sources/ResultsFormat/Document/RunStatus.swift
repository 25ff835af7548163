/// How a run ended.
public enum RunStatus: String, Hashable, Sendable, CaseIterable {
    /// Everything the experiment declares was done.
    case completed
    /// The run ended by an error; the document says which.
    case failed
    /// The run was told to stop.
    case interrupted

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        let text = try node.string()
        guard let status = RunStatus(rawValue: text) else {
            let allowed = Self.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw node.error(.invalid(expected: allowed, found: "'\(text)'"))
        }
        self = status
    }
}

/// Why a run did not complete.
public struct RunFailure: Hashable, Sendable {
    /// A sentence for people.
    public var reason: String
    /// The epoch in which it happened, counted from 1.
    public var epoch: Int?
    /// The step of that epoch, counted from 1.
    public var step: Int?

    public init(reason: String, epoch: Int? = nil, step: Int? = nil) {
        self.reason = reason
        self.epoch = epoch
        self.step = step
    }

    var json: JSONValue {
        .record([
            ("reason", .string(reason)),
            ("epoch", epoch.map(JSONValue.integer)),
            ("step", step.map(JSONValue.integer)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        reason = try node.required("reason").string()
        epoch = try node.optional("epoch")?.integer()
        step = try node.optional("step")?.integer()
    }
}
