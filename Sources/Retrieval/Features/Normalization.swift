/// A number, standardised to mean 0 and variance 1: `tf.keras.layers.Normalization`.
///
/// Mean and variance that are not given are learned from the training interactions alone, in
/// float32 over batches of 32 as Keras's `adapt()` does by default, or of `adapt_batch_size`.
/// Stand-ins for what is missing teach nothing.
public struct Normalization: FeatureDefinition {
    public var column: String
    /// What is subtracted; nil: the training rows' mean.
    public var mean: Double?
    /// Whose root is divided by; at least 0; nil: the training rows' population variance.
    public var variance: Double?
    /// Rows of a batch whose statistics are merged in float32, as Keras merges them.
    public var adaptBatchSize: Int

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let values = try NumericValues.floats(input.values, name: column)
        let statistics = try builder.learning(path) { fact throws(DataError) in
            try Standardizer(fact)
        } _: { _ throws(DataError) in
            try self.statistics(of: input.presentKeys.map { values[Int($0)] })
        }
        let standardized = values.map { statistics.standardized($0) }
        return NumericEncoder(
            values: Matrix(rows: values.count, columns: 1, values: standardized))
    }

    private func statistics(of training: [Float]) throws(DataError) -> Standardizer {
        switch (mean, variance) {
        case (let mean?, let variance?):
            return Standardizer(mean: [Float(mean)], variance: [Float(variance)])
        case (nil, nil):
            var learned = Standardizer(columns: 1)
            for start in stride(from: 0, to: training.count, by: adaptBatchSize) {
                let batch = training[start..<min(start + adaptBatchSize, training.count)]
                learned.adapt(Matrix(rows: batch.count, columns: 1, values: Array(batch)))
            }
            return learned
        case (.some, nil), (nil, .some):
            throw .impossible(
                "normalization requires 'mean' and 'variance' together, or neither; found only "
                    + (mean == nil ? "'variance'" : "'mean'"))
        }
    }
}

extension Normalization: CatalogComponent {
    static let meanField = Field<Double?>(
        "mean", optional: .any, "The mean; null: that of the training interactions.")
    static let varianceField = Field<Double?>(
        "variance", optional: .atLeast(0), "The variance; null: that of the training interactions.")
    static let adaptBatchSizeField = Field<Int>(
        "adapt_batch_size", default: 32, .between(1, and: 1 << 30), unit: "interactions",
        "How many at a time the statistics are learned from.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "normalization", summary: "A number, standardised by mean and variance.",
        source: "tf.keras.layers.Normalization(axis=None)",
        fields: [
            StringLookup.columnField.description, meanField.description,
            varianceField.description, adaptBatchSizeField.description,
        ]
    ) { values in
        Normalization(
            column: values[StringLookup.columnField], mean: values[meanField],
            variance: values[varianceField], adaptBatchSize: values[adaptBatchSizeField])
    }
}
