/// A variance that suits the number of inputs and outputs: `tf.keras.initializers.VarianceScaling`
/// and the initializers of Glorot, He and LeCun, which are cases of it.
///
/// The variance is `scale / n`, where n is the number of rows (fan_in), of columns (fan_out) or
/// their mean (fan_avg), at least 1. All three are the length of a vector: Keras's `compute_fans`.
public struct VarianceScaling: Initializer {
    /// What the scale is divided by.
    public enum Mode: String, FieldChoice {
        /// The number of inputs.
        case fanIn = "fan_in"
        /// The number of outputs.
        case fanOut = "fan_out"
        /// The mean of both.
        case fanAverage = "fan_avg"
    }

    /// What numbers are drawn from.
    public enum Distribution: String, FieldChoice {
        /// A normal distribution without what lies beyond two standard deviations, widened to have
        /// the variance nevertheless.
        case truncatedNormal = "truncated_normal"
        /// A normal distribution.
        case untruncatedNormal = "untruncated_normal"
        /// Uniform about 0.
        case uniform
    }

    /// The variance, before it is divided; above 0.
    public var scale: Double
    /// What it is divided by.
    public var mode: Mode
    /// What numbers are drawn from.
    public var distribution: Distribution

    /// Standard deviation of a standard normal that is truncated at ±2.
    static let truncatedDeviation = 0.87962566103423978

    public init(
        scale: Double = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal
    ) {
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
    }

    /// `tf.keras.initializers.GlorotUniform`.
    public static let glorotUniform = VarianceScaling(mode: .fanAverage, distribution: .uniform)

    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        drawing(rows, columns).makeMatrix(rows: rows, columns: columns, stream: &stream)
    }

    public func drawingRows(of rows: Int, columns: Int) -> (any Initializer)? {
        drawing(rows, columns)
    }

    private func drawing(_ rows: Int, _ columns: Int) -> any Initializer {
        let fan =
            switch mode {
            case .fanIn: Double(rows)
            case .fanOut: Double(columns)
            case .fanAverage: Double(rows + columns) / 2
            }
        return drawing(scale / max(1, fan))
    }

    public func makeVector(length: Int, stream: inout RandomStream) -> Matrix {
        drawing(scale / max(1, Double(length)))
            .makeMatrix(rows: 1, columns: length, stream: &stream)
    }

    private func drawing(_ variance: Double) -> any Initializer {
        switch distribution {
        case .truncatedNormal:
            return RandomNormal(
                stddev: Float(variance.squareRoot() / Self.truncatedDeviation), isTruncated: true)
        case .untruncatedNormal:
            return RandomNormal(stddev: Float(variance.squareRoot()))
        case .uniform:
            let limit = Float((3 * variance).squareRoot())
            return RandomUniform(minval: -limit, maxval: limit)
        }
    }
}

extension VarianceScaling: CatalogComponent {
    static let scaleField = Field<Double>(
        "scale", default: 1, .greaterThan(0), "Variance times the number of units.")
    static let modeField = Field<Mode>(
        "mode", default: .fanIn, "Which units count: inputs, outputs or their mean.")
    static let distributionField = Field<Distribution>(
        "distribution", default: .truncatedNormal, "What is drawn.")

    public static let entry = ComponentEntry<any Initializer>(
        "variance_scaling", summary: "A variance that suits the number of units.",
        source: "tf.keras.initializers.VarianceScaling",
        fields: [scaleField.description, modeField.description, distributionField.description]
    ) {
        VarianceScaling(
            scale: $0[scaleField], mode: $0[modeField], distribution: $0[distributionField])
    }

    /// The cases with names of their own, a uniform and a normal one of each.
    public static let namedEntries =
        pair(
            "glorot", "Glorot", scale: 1, .fanAverage,
            "for layers that keep the variance both ways (Glorot and Bengio, 2010).")
        + pair("he", "He", scale: 2, .fanIn, "for layers that rectify (He et al., 2015).")
        + pair(
            "lecun", "Lecun", scale: 1, .fanIn,
            "with a variance of one over the inputs (LeCun et al., 1998).")

    /// - Parameter symbol: Keras's class is called so, followed by `Uniform` or `Normal`.
    private static func pair(
        _ name: String, _ symbol: String, scale: Double, _ mode: Mode, _ use: String
    ) -> [ComponentEntry<any Initializer>] {
        [(Distribution.uniform, "Uniform"), (.truncatedNormal, "Normal")].map {
            distribution, shape in
            ComponentEntry(
                "\(name)_\(shape.lowercased())", summary: "\(shape), \(use)",
                source: "tf.keras.initializers.\(symbol)\(shape)"
            ) { _ in VarianceScaling(scale: scale, mode: mode, distribution: distribution) }
        }
    }
}
