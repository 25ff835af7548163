/// A feature as a spec declares it: what it reads and how it becomes an encoder.
public protocol FeatureDefinition: Sendable {
    /// The data column that the feature reads.
    var column: String { get }

    /// Prepares the column's values once per key, adds the parameters, and returns the encoder.
    ///
    /// - Parameter path: what the feature's parameters are called, such as `query/user_id`.
    func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder
}

/// What a feature sees of the data.
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

    public init(
        values: Column, trainingKeys: [Int32], evaluationKeys: [Int32] = [], isListed: Bool = false
    ) {
        self.values = values
        self.trainingKeys = trainingKeys
        self.evaluationKeys = evaluationKeys
        self.isListed = isListed
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
        case .integers, .numbers:
            return nil
        }
    }
}
