/// Division as Keras's metrics have it (`div_no_nan`).
enum Ratio {
    /// a / b, and 0 where b is 0.
    static func orZero(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }
}
