import Platform

/// Student's t distribution, by the regularised incomplete beta function.
package enum StudentT {
    /// P(T > t): the one-sided p-value.
    package static func upperTail(_ t: Double, degreesOfFreedom n: Double) -> Double {
        guard t.isFinite else { return t > 0 ? 0 : 1 }
        let tail = 0.5 * regularizedBeta(n / (n + t * t), n / 2, 0.5)
        return t >= 0 ? tail : 1 - tail
    }

    /// The t that a share of 0.5 to 1 of the distribution lies below, by bisection.
    package static func quantile(_ share: Double, degreesOfFreedom n: Double) -> Double {
        precondition(share >= 0.5 && share < 1, "the quantile of \(share) is not computed here")
        var low = 0.0
        var high = 1.0
        while upperTail(high, degreesOfFreedom: n) > 1 - share, high < 1e12 { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if upperTail(middle, degreesOfFreedom: n) > 1 - share {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }

    /// I_x(a, b) by its continued fraction, evaluated by Lentz's method (Abramowitz and Stegun,
    /// 26.5.8; Thompson and Barnett, 1986).
    static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction converges fast only below the mean.
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(
            logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x))
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for index in 1...300 {
            let m = Double(index)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                c = abs(c) < tiny ? tiny : c
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return front * fraction / a
    }

    /// ln Γ(x) for positive x: recurrence up to 10, then Stirling's series. Reentrant, unlike
    /// `lgamma`, which sets a global.
    private static func logGamma(_ value: Double) -> Double {
        var x = value
        var shift = 0.0
        while x < 10 {
            shift -= log(x)
            x += 1
        }
        let inverse = 1 / (x * x)
        let series =
            (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680)))) / x
        return shift + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
    }
}
