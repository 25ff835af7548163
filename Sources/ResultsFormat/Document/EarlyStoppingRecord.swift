/// What became of early stopping: which epoch was best, whether training stopped and why.
public struct EarlyStoppingRecord: Hashable, Sendable {
    /// The watched figure, as the epochs call it.
    public var monitor: String
    /// Which way the figure is better.
    public var direction: MetricDirection
    /// The epoch with the best figure, from 1; nil where the figure was never measured.
    public var bestEpoch: Int?
    /// The best figure; nil where it was never measured.
    public var bestValue: Double?
    /// The epoch after which training stopped before its last; nil where it did not.
    public var stoppedEpoch: Int?
    /// The epoch whose weights were evaluated in place of the last one's; nil: the last one's were.
    public var restoredEpoch: Int?
    /// Why training stopped or went on, in a sentence.
    public var reason: String

    public init(
        monitor: String, direction: MetricDirection, bestEpoch: Int? = nil,
        bestValue: Double? = nil, stoppedEpoch: Int? = nil, restoredEpoch: Int? = nil,
        reason: String
    ) {
        self.monitor = monitor
        self.direction = direction
        self.bestEpoch = bestEpoch
        self.bestValue = bestValue
        self.stoppedEpoch = stoppedEpoch
        self.restoredEpoch = restoredEpoch
        self.reason = reason
    }

    /// Whether training ended otherwise than it would have without.
    public var hasIntervened: Bool { stoppedEpoch != nil || restoredEpoch != nil }

    var json: JSONValue {
        .record([
            ("monitor", .string(monitor)),
            ("direction", .string(direction.rawValue)),
            ("best_epoch", bestEpoch.map(JSONValue.integer)),
            ("best_value", bestValue.map(JSONValue.number)),
            ("stopped_epoch", stoppedEpoch.map(JSONValue.integer)),
            ("restored_epoch", restoredEpoch.map(JSONValue.integer)),
            ("reason", .string(reason)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        monitor = try node.required("monitor").string()
        direction = try MetricDirection(node.required("direction"))
        bestEpoch = try node.optional("best_epoch")?.integer()
        bestValue = try node.optional("best_value")?.double()
        stoppedEpoch = try node.optional("stopped_epoch")?.integer()
        restoredEpoch = try node.optional("restored_epoch")?.integer()
        reason = try node.required("reason").string()
    }
}

extension EarlyStoppingRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("monitor", .text, "The watched figure, as the epochs call it."),
            .required(
                "direction",
                ["enum": .array(MetricDirection.allCases.map { .string($0.rawValue) })],
                "Which way the figure is better."),
            .optional("best_epoch", .integer(from: 1), "The epoch with the best figure, from 1."),
            .optional("best_value", .anyNumber, "The best figure."),
            .optional(
                "stopped_epoch", .integer(from: 1),
                "The epoch after which training stopped before its last."),
            .optional(
                "restored_epoch", .integer(from: 1),
                "The epoch whose weights were evaluated in place of the last one's."),
            .required("reason", .text, "Why training stopped or went on, in a sentence."))
    }
}
