/// A learned temperature is kept as its logarithm, so that no step can make it negative.
public enum LogTemperature {
    /// The parameter's start, [1, 1].
    public static func initial(_ temperature: Float) -> Matrix {
        Matrix(rows: 1, columns: 1, values: [Kernels.log(temperature)])
    }
}
