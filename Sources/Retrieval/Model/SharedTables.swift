/// A table that features share by name.
struct SharedTable: Sendable {
    var parameter: ParameterID
    var rows: Int
    var columns: Int
    /// What each row stands for; nil where rows are numbers, as those of a hash.
    var vocabulary: [String?]?
    var initializer: ComponentChoice
    var regularizer: ComponentChoice?
    var trainable: Bool
    var weights: PretrainedWeights?
    /// The feature that brought it in.
    var path: String
}

/// The features that share one set of hashed tables.
struct MultiplexedTables: Sendable {
    var buckets: Int
    var tables: Int
    var features = 0
    var chunks = 0
}
