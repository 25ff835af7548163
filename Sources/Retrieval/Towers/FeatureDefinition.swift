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
    /// The tokens of the column that may be learned: those of the side table where there is one,
    /// else those of the training interactions, in that order; nil for a column of numbers.
    public var vocabulary: [String]?

    public init(values: Column, vocabulary: [String]?) {
        self.values = values
        self.vocabulary = vocabulary
    }
}

/// A layer as a spec declares it.
public protocol LayerDefinition: Sendable {
    /// Adds the layer's parameters and returns the layer.
    func prepare(
        inputDimension: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer
}
