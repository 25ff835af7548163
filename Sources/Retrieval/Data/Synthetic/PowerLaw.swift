/// Weights that fall with rank by a power law, without a mathematical library.
enum PowerLaw {
    /// Weight of rank r, from 0: ((q + 1) / (r + q + 1))^exponent with q = count / 20, so that the
    /// first rank has weight 1 and the head is not a single item.
    static func weights(count: Int, exponent: Double) -> [Double] {
        let offset = Double(count / 20 + 1)
        return (0..<count).map { power(offset / (Double($0) + offset), exponent) }
    }

    /// `base` to the power `exponent`, both not negative: by squaring for the whole part, by square
    /// roots for 24 binary digits of the rest. Each step rounds as IEEE 754 says, so the result is
    /// the same everywhere; it is close to the power, not the nearest number to it.
    static func power(_ base: Double, _ exponent: Double) -> Double {
        var result = 1.0
        var whole = Int(exponent)
        var factor = base
        while whole > 0 {
            if whole & 1 == 1 { result *= factor }
            factor *= factor
            whole >>= 1
        }
        var rest = exponent - Double(Int(exponent))
        var root = base
        for _ in 0..<24 where rest > 0 {
            root = root.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= root
                rest -= 1
            }
        }
        return result
    }
}
