import Retrieval

/// `checkpoint:` how often a run keeps what it has come to, so that one that is killed goes on.
public struct CheckpointSection: Sendable {
    /// When a checkpoint is due.
    public enum Cadence: Hashable, Sendable {
        /// After so many epochs, at least 1.
        case epochs(Int)
        /// After so many steps of training, at least 1.
        case steps(Int)
        /// After so many seconds, above 0.
        case seconds(Double)
    }

    /// As it is written: `1 epoch`, `500 steps`, `10 min`.
    public var every: String
    /// Checkpoints that stay; at least 1.
    public var keep: Int
    /// Where they are; nil: beside the results.
    public var directory: String?

    public init(every: String = "1 epoch", keep: Int = 2, directory: String? = nil) {
        self.every = every
        self.keep = keep
        self.directory = directory
    }

    init(_ values: FieldValues) {
        every = values[Self.everyField]
        keep = values[Self.keepField]
        directory = values[Self.directoryField]
    }

    /// What ``every`` means; nil where it is nothing of the kind.
    public var cadence: Cadence? {
        let words = every.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, let number = Double(words[0]), number > 0, number < 1e9 else {
            return nil
        }
        let whole = Int(exactly: number)
        switch words[1] {
        case "epoch", "epochs": return whole.map(Cadence.epochs)
        case "step", "steps": return whole.map(Cadence.steps)
        case "s", "second", "seconds": return .seconds(number)
        case "min", "minute", "minutes": return .seconds(number * 60)
        case "h", "hour", "hours": return .seconds(number * 3600)
        default: return nil
        }
    }

    static let everyField = Field<String>(
        "every", default: "1 epoch",
        """
        When a checkpoint is written: a number of epochs ('1 epoch'), steps ('500 steps') or a time \
        ('10 min', also s and h). The results do not depend on it.
        """
    ).alsoKnown(as: "save_freq", "interval", "frequency")
    static let keepField = Field<Int>(
        "keep", default: 2, .between(1, and: 1000), unit: "checkpoints",
        "How many stay, the last ones: where one is damaged, the one before it serves.")
    static let directoryField = Field<String?>(
        "directory", type: .optional(.path), default: .null,
        """
        The folder of the checkpoints, of this experiment alone; null: beside the results, their \
        name with .checkpoints.
        """)

    static let description = ObjectDescription(
        name: "checkpoint",
        fields: [everyField.description, keepField.description, directoryField.description])
}
