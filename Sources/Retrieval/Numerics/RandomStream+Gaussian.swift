extension RandomStream {
    /// Standard normal (Box and Muller, "A note on the generation of random normal deviates",
    /// 1958), the same bits on every machine. Takes two words.
    public mutating func gaussian() -> Double {
        // 1 − u is in (0, 1], so that its logarithm is finite.
        let radius = (-2 * Kernels.log(1 - uniform())).squareRoot()
        return radius * Kernels.cos(2 * .pi * uniform())
    }

    /// Standard normal, drawn again while it is beyond two standard deviations, as TensorFlow's
    /// truncated normal.
    public mutating func truncatedGaussian() -> Double {
        while true {
            let value = gaussian()
            if abs(value) <= 2 { return value }
        }
    }
}
