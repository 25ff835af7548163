/// Each column with its mean taken off, divided by its deviation, scaled and shifted:
/// `tf.keras.layers.BatchNormalization` (Ioffe and Szegedy, 2015).
///
/// In training the statistics are the batch's, copies counted, with the variance of a population;
/// moving averages of them (`moving · momentum + batch · (1 − momentum)`) serve inference.
public struct BatchNormalization: Layer {
    public let outputDimension: Int
    let momentum: Float
    let epsilon: Float
    /// [1, outputDimension]; nil: 1.
    let gamma: ParameterID?
    /// [1, outputDimension]; nil: 0.
    let beta: ParameterID?
    /// [1, outputDimension], not trainable.
    let movingMean: ParameterID
    let movingVariance: ParameterID

    public init(
        outputDimension: Int, momentum: Float = 0.99, epsilon: Float = 1e-3,
        gamma: ParameterID?, beta: ParameterID?,
        movingMean: ParameterID, movingVariance: ParameterID
    ) {
        self.outputDimension = outputDimension
        self.momentum = momentum
        self.epsilon = epsilon
        self.gamma = gamma
        self.beta = beta
        self.movingMean = movingMean
        self.movingVariance = movingVariance
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let counts = context.multiplicities ?? [Float](repeating: 1, count: inputs.rows)
        let (oldMean, oldVariance) = (parameters[movingMean], parameters[movingVariance])
        let isTraining = context.isTraining
        let batch = isTraining ? BatchMoments(of: inputs, counts) : nil
        let mean = batch?.mean ?? oldMean.values
        let scales = (batch?.variance ?? oldVariance.values).map {
            1 / ($0 + epsilon).squareRoot()
        }
        var normalized = inputs
        for row in 0..<inputs.rows {
            for column in 0..<inputs.columns {
                normalized[row, column] = (inputs[row, column] - mean[column]) * scales[column]
            }
        }
        let weights = gamma.map { parameters[$0] }
        let shift = beta.map { parameters[$0] }
        return LayerOutput(outputs: normalized.scaledColumns(by: weights, shiftedBy: shift)) {
            [normalized] gradient, gradients in
            if let beta { gradients.add(.dense(gradient.columnSums()), to: beta) }
            if let gamma {
                gradients.add(
                    .dense(gradient.multiplied(by: normalized).columnSums()), to: gamma)
            }
            if let batch {
                gradients.setState(moved(oldMean, towards: batch.mean), of: movingMean)
                gradients.setState(moved(oldVariance, towards: batch.variance), of: movingVariance)
            }
            let own = gradient.scaledColumns(by: weights, shiftedBy: nil)
            return inputGradient(own, normalized, scales, batch == nil ? nil : counts)
        }
    }

    private func moved(_ old: Matrix, towards batch: [Float]) -> Matrix {
        var new = old
        for index in batch.indices {
            new.values[index] -= (old.values[index] - batch[index]) * (1 - momentum)
        }
        return new
    }

    /// Rows hold the sums over an input's copies: g − n·(mean(g) + x̂ mean(g x̂)) for an input that
    /// stands n times, all over √(variance + ε). Without counts the statistics are constants.
    private func inputGradient(
        _ gradient: Matrix, _ normalized: Matrix, _ scales: [Float], _ counts: [Float]?
    ) -> Matrix {
        var result = gradient
        if let counts {
            let total = counts.reduce(0, +)
            let sums = gradient.columnSums()
            let slopes = gradient.multiplied(by: normalized).columnSums()
            for row in 0..<gradient.rows {
                for column in 0..<gradient.columns {
                    let shared =
                        (sums.values[column] + normalized[row, column] * slopes.values[column])
                        / total
                    result[row, column] -= counts[row] * shared
                }
            }
        }
        return result.scaledColumns(
            by: Matrix(rows: 1, columns: scales.count, values: scales), shiftedBy: nil)
    }
}

/// Mean and variance of the columns of a batch in which row i stands `counts[i]` times.
private struct BatchMoments: Sendable {
    var mean: [Float]
    var variance: [Float]

    init(of values: Matrix, _ counts: [Float]) {
        let total = Double(counts.reduce(0, +))
        var sums = [Double](repeating: 0, count: values.columns)
        for row in 0..<values.rows {
            for column in 0..<values.columns {
                sums[column] += Double(counts[row]) * Double(values[row, column])
            }
        }
        let means = sums.map { $0 / total }
        var squares = [Double](repeating: 0, count: values.columns)
        for row in 0..<values.rows {
            for column in 0..<values.columns {
                let difference = Double(values[row, column]) - means[column]
                squares[column] += Double(counts[row]) * difference * difference
            }
        }
        mean = means.map(Float.init)
        variance = squares.map { Float($0 / total) }
    }
}

/// `batch_normalization` as a spec declares it.
public struct BatchNormalizationDefinition: LayerDefinition {
    /// The share of the moving statistics that a step keeps, in 0 ... 1.
    public var momentum: Double
    /// What is added to the variance; above 0.
    public var epsilon: Double
    /// Whether an offset is learned.
    public var center: Bool
    /// Whether a factor is learned.
    public var scale: Bool

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) -> any Layer {
        let dimension = input.dimension
        let ones = Matrix(rows: 1, columns: dimension, repeating: 1)
        let zeros = Matrix(rows: 1, columns: dimension)
        let fixed = ParameterTraits(isTrainable: false)
        return BatchNormalization(
            outputDimension: dimension, momentum: Float(momentum), epsilon: Float(epsilon),
            gamma: scale ? builder.addParameter(path + "/gamma", ones) : nil,
            beta: center ? builder.addParameter(path + "/beta", zeros) : nil,
            movingMean: builder.addParameter(path + "/moving_mean", zeros, fixed),
            movingVariance: builder.addParameter(path + "/moving_variance", ones, fixed))
    }
}

extension BatchNormalizationDefinition: CatalogComponent {
    static let momentumField = Field<Double>(
        "momentum", default: 0.99, .between(0, and: 1), "What a step leaves of the moving averages."
    )
    static let epsilonField = Field<Double>(
        "epsilon", default: 1e-3, .greaterThan(0), "Added to the variance."
    ).alsoKnown(as: "eps")
    static let centerField = Field("center", default: true, "Whether a learned shift is added.")
    static let scaleField = Field("scale", default: true, "Whether a learned scale is applied.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "batch_normalization", summary: "Gives each column of a batch mean 0 and variance 1.",
        source: "tf.keras.layers.BatchNormalization; Ioffe and Szegedy, 2015",
        fields: [
            momentumField.description, epsilonField.description, centerField.description,
            scaleField.description,
        ]
    ) {
        BatchNormalizationDefinition(
            momentum: $0[momentumField], epsilon: $0[epsilonField], center: $0[centerField],
            scale: $0[scaleField])
    }
}
