/// Normal around `mean`: `tf.keras.initializers.RandomNormal`, and `TruncatedNormal`, which draws
/// again what is beyond two standard deviations.
public struct RandomNormal: Initializer {
    /// The distribution's mean.
    public var mean: Float
    /// Its standard deviation, before anything is cut off; at least 0.
    public var stddev: Float
    /// Whether numbers beyond two standard deviations are drawn again.
    public var isTruncated: Bool

    public init(mean: Float = 0, stddev: Float = 0.05, isTruncated: Bool = false) {
        self.mean = mean
        self.stddev = stddev
        self.isTruncated = isTruncated
    }

    public func drawingRows(of rows: Int, columns: Int) -> (any Initializer)? { self }

    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        for index in matrix.values.indices {
            let deviate = isTruncated ? stream.truncatedGaussian() : stream.gaussian()
            matrix.values[index] = mean + stddev * Float(deviate)
        }
        return matrix
    }
}

extension RandomNormal: CatalogComponent {
    static let meanField = Field<Double>("mean", default: 0, "Centre.")
    static let stddevField = Field<Double>(
        "stddev", default: 0.05, .atLeast(0), "Standard deviation."
    ).alsoKnown(as: "std", "sigma")

    public static let entry = ComponentEntry<any Initializer>(
        "random_normal", summary: "Normal around a centre.",
        source: "tf.keras.initializers.RandomNormal",
        fields: [meanField.description, stddevField.description]
    ) { RandomNormal(mean: Float($0[meanField]), stddev: Float($0[stddevField])) }

    /// `truncated_normal`.
    public static let truncatedEntry = ComponentEntry<any Initializer>(
        "truncated_normal",
        summary: "Normal around a centre, drawn again beyond two standard deviations.",
        source: "tf.keras.initializers.TruncatedNormal",
        fields: [meanField.description, stddevField.description]
    ) {
        RandomNormal(
            mean: Float($0[meanField]), stddev: Float($0[stddevField]), isTruncated: true)
    }
}
