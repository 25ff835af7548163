/// A feature as a spec declares it: what it reads and how it becomes an encoder.
public protocol FeatureDefinition: Sendable {
    /// The data column that the feature reads.
    var column: String { get }

    /// What the feature's parameters are called.
    var name: String { get }

    /// The length of its vectors, where that is known before any data are; nil where it is not.
    var outputDimension: Int? { get }

    /// What it reads of the user's earlier interactions, whose column it then is or that of their
    /// candidates; nil: the column is that of what the tower encodes.
    var history: HistoryRequest? { get }

    /// Further columns of the same earlier interactions, or of their candidates.
    var columnsBeside: [String] { get }

    /// The tables that it shares with others by their names, as far as they are known before any
    /// data are.
    var sharedTables: [SharedTableUse] { get }

    /// Prepares the column's values once per key, adds the parameters, and returns the encoder.
    ///
    /// - Parameter path: what the feature's parameters are called, such as `query/user_id`.
    func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder
}

extension ComponentKind where Product == any FeatureDefinition {
    /// Inputs of a tower: ``FeatureDefinition``.
    public static var feature: ComponentKind {
        ComponentKind(noun: "feature", pluralNoun: "features")
    }
}

extension FeatureDefinition {
    public var name: String { column }
    public var outputDimension: Int? { nil }
    public var history: HistoryRequest? { nil }
    public var columnsBeside: [String] { [] }
    public var sharedTables: [SharedTableUse] { [] }
}

/// The history that a feature asks for.
public struct HistoryRequest: Hashable, Sendable {
    /// Steps; earlier ones are left out.
    public var maximumLength: Int
    /// The interactions' column of times; nil: the order in which they stand.
    public var orderBy: String?
    /// Which steps are left out.
    public var window: Histories.Window

    public init(
        maximumLength: Int, orderBy: String?, window: Histories.Window = .sliding
    ) {
        self.maximumLength = maximumLength
        self.orderBy = orderBy
        self.window = window
    }

    /// Whether the ends of histories that were made for another request are this one's.
    public func isServed(by other: HistoryRequest) -> Bool {
        orderBy == other.orderBy && window == other.window
            && (window == .sliding
                ? maximumLength <= other.maximumLength : maximumLength == other.maximumLength)
    }
}

/// What a feature of histories sees beside the steps' column.
public struct HistoryInput: Sendable {
    /// The history of each of the tower's keys, each step a row of the column.
    public var lists: Histories
    /// The tower's key of each interaction that is held out.
    public var evaluationKeys: [Int32]
    /// The feature's ``FeatureDefinition/columnsBeside``, one row for each step.
    public var beside: [FeatureInput]

    public init(
        lists: Histories, evaluationKeys: [Int32], beside: [FeatureInput] = []
    ) {
        self.lists = lists
        self.evaluationKeys = evaluationKeys
        self.beside = beside
    }
}

/// What a feature sees of the data. All of it is of the tower's own keys but for a feature of
/// histories: column and interactions are then those of the steps.
public struct FeatureInput: Sendable {
    /// The column, one row for each of the tower's keys.
    public var values: Column
    /// The key of each training interaction, in the split's order. Statistics and frequencies are
    /// learned from these rows alone.
    public var trainingKeys: [Int32]
    /// The key of each interaction that is held out; only to report what training never saw.
    public var evaluationKeys: [Int32]
    /// Whether a side table lists the column: all its tokens are then a vocabulary, which is known
    /// before any interaction.
    public var isListed: Bool
    /// For a feature that asks for ``FeatureDefinition/history``.
    public var history: HistoryInput?
    /// The keys that hold a stand-in for what is missing, ascending.
    public var standIns: [Int]

    public init(
        values: Column, trainingKeys: [Int32], evaluationKeys: [Int32] = [], isListed: Bool = false,
        history: HistoryInput? = nil, standIns: [Int] = []
    ) {
        self.standIns = standIns
        self.values = values
        self.trainingKeys = trainingKeys
        self.evaluationKeys = evaluationKeys
        self.isListed = isListed
        self.history = history
    }

    /// The tokens of the column that may be learned: those of the side table where there is one,
    /// else those of the training interactions, in that order; nil for a column of numbers.
    public var vocabulary: [String]? {
        switch values {
        case .tokens(let column):
            let rows = isListed ? nil : trainingKeys
            return rows.map { Vocabulary(of: column, rows: $0).tokens } ?? column.dictionary
        case .tokenLists(let column):
            guard !isListed else { return column.dictionary }
            return Vocabulary(
                of: TokenColumn(
                    codes: trainingKeys.flatMap { column.codes(of: Int($0)) },
                    dictionary: column.dictionary)
            ).tokens
        case .integers, .numbers, .times:
            return nil
        }
    }
}

extension FeatureInput {
    /// The key of each training interaction, without those whose value is a stand-in.
    var presentKeys: [Int32] {
        guard !standIns.isEmpty else { return trainingKeys }
        let missing = Set(standIns.map { Int32($0) })
        let present = trainingKeys.filter { !missing.contains($0) }
        return present.isEmpty ? trainingKeys : present
    }
}
