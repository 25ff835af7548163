/// One rate up to and including each boundary, the last one after:
/// `tf.keras.optimizers.schedules.PiecewiseConstantDecay`.
public struct PiecewiseConstantDecay: LearningRateSchedule {
    /// Steps, ascending.
    public let boundaries: [Int]
    /// One more than boundaries.
    public let values: [Double]

    /// - Throws: ``OptimizerError/badSchedule(_:)``
    public init(boundaries: [Int], values: [Double]) throws(OptimizerError) {
        guard values.count == boundaries.count + 1 else {
            throw .badSchedule(
                "piecewise_constant_decay requires one value more than boundaries; found "
                    + "\(values.count) values and \(boundaries.count) boundaries")
        }
        guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .badSchedule(
                "piecewise_constant_decay requires ascending boundaries; found "
                    + boundaries.map(String.init).joined(separator: ", "))
        }
        self.boundaries = boundaries
        self.values = values
    }

    public func learningRate(at step: Int) -> Double {
        values[boundaries.firstIndex { step <= $0 } ?? boundaries.count]
    }
}

extension PiecewiseConstantDecay: CatalogComponent {
    static let boundariesField = Field<[Int]>(
        "boundaries", type: .list(.integer(.atLeast(0)), count: .atLeast(1)), default: nil,
        unit: "optimizer steps", "The last step of each value but the last, ascending."
    ).examples([1000, 2000])
    static let valuesField = Field<[Double]>(
        "values", type: .list(.number(.atLeast(0)), count: .atLeast(2)), default: nil,
        "The rates, one more than boundaries."
    ).examples([0.1, 0.01, 0.001])

    public static let entry = ComponentEntry<any LearningRateSchedule>(
        "piecewise_constant_decay", summary: "Jumps from value to value at given steps.",
        source: "tf.keras.optimizers.schedules.PiecewiseConstantDecay",
        fields: [boundariesField.description, valuesField.description]
    ) { values in
        try PiecewiseConstantDecay(
            boundaries: values[boundariesField], values: values[valuesField])
    }
}
