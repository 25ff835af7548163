/// A number as the bin that it falls into: `tf.keras.layers.Discretization`, embedded or encoded.
///
/// Boundaries that are not given are learned from the training interactions alone by Keras's
/// quantile sketch, in batches of 32 as `adapt()` does by default, or of `adapt_batch_size`.
public struct Discretization: FeatureDefinition {
    public var column: String
    /// The boundaries, ascending; nil: learned from the training rows.
    public var binBoundaries: [Double]?
    /// How many bins are learned; nil where the boundaries are given.
    public var numBins: Int?
    /// The error of the quantiles that boundaries are learned by, in 0 ... 1.
    public var epsilon: Double
    /// Rows of a batch of the sketch that learns them; results depend on it, as in Keras.
    public var adaptBatchSize: Int
    /// What becomes of the bin's index.
    public var output: CategoricalOutput

    public var outputDimension: Int? { output.embedding?.outputDim }

    public var sharedTables: [SharedTableUse] {
        output.sharedTables(rows: binBoundaries.map { $0.count + 1 })
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let values = try NumericValues.floats(input.values, name: column)
        let buckets = try builder.learning(path) { fact throws(DataError) in
            try Buckets(fact)
        } _: { _ throws(DataError) in
            try Buckets(
                boundaries: try boundaries(of: input.trainingKeys.map { values[Int($0)] }))
        }
        return try output.prepare(
            IndexLists(single: values.map { Int32(buckets.bin(of: $0)) }), depth: buckets.count,
            path: path, &builder)
    }

    private func boundaries(of training: [Float]) throws(DataError) -> [Float] {
        switch (binBoundaries, numBins) {
        case (let given?, nil): return given.map { Float($0) }
        case (nil, let count?):
            var sketch = QuantileSketch(epsilon: epsilon)
            sketch.add(training, batchSize: adaptBatchSize)
            return sketch.boundaries(numBins: count)
        case (.some, .some), (nil, nil):
            throw notEither
        }
    }
}

extension Discretization: SelfChecking {
    public func check() throws(DataError) {
        try output.check()
        guard (binBoundaries == nil) != (numBins == nil) else { throw notEither }
        _ = try Buckets(boundaries: (binBoundaries ?? []).map { Float($0) })
    }

    public func advice() -> [Advice] { output.advice() }

    fileprivate var notEither: DataError {
        .impossible(
            "discretization requires either 'bin_boundaries' or 'num_bins'; found "
                + (numBins == nil ? "neither" : "both"))
    }
}

extension Discretization: CatalogComponent {
    static let boundariesField = Field<[Double]?>(
        "bin_boundaries", type: .optional(.list(.number(.any), count: .any)), default: .null,
        "Where one bin ends and the next starts, ascending; a value at a boundary is in the upper."
    ).alsoKnown(as: "boundaries", "buckets")
    static let numBinsField = Field<Int?>(
        "num_bins", optional: .between(1, and: 1 << 20),
        "How many bins of about equal weight to learn."
    ).alsoKnown(as: "bins", "num_buckets")
    static let epsilonField = Field<Double>(
        "epsilon", default: 0.01, .between(1e-6, and: 1),
        "The error that learned bins may have, as a share of the interactions.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "discretization", summary: "A number as the bin that it falls into.",
        source: "tf.keras.layers.Discretization and tf.keras.layers.Embedding",
        fields: [
            StringLookup.columnField.description, boundariesField.description,
            numBinsField.description, CategoricalOutput.embeddingField.description,
            CategoricalOutput.unweightedModeField.description, epsilonField.description,
            Normalization.adaptBatchSizeField.description,
        ]
    ) { values, components in
        try Discretization(
            column: values[StringLookup.columnField], binBoundaries: values[boundariesField],
            numBins: values[numBinsField], epsilon: values[epsilonField],
            adaptBatchSize: values[Normalization.adaptBatchSizeField],
            output: CategoricalOutput(unweighted: values, components))
    }
}
