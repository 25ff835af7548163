import Platform

/// Where values stand along an axis, and the ticks that make them readable.
package struct Scale: Sendable {
    package struct Tick: Sendable {
        package var value: Double
        package var label: String
    }

    package internal(set) var lower: Double
    package internal(set) var upper: Double
    package internal(set) var ticks: [Tick] = []
    package internal(set) var isLogarithmic = false

    /// Where a value stands between the ends, from 0 to 1.
    package func fraction(of value: Double) -> Double {
        guard isLogarithmic else { return (value - lower) / (upper - lower) }
        return value <= 0 ? 0 : (log(value) - log(lower)) / (log(upper) - log(lower))
    }

    /// A scale whose ends are ticks.
    ///
    /// - Parameter includesZero: whether lengths are to be compared, not positions.
    package static func linear(
        _ values: [Double], includesZero: Bool = false, count: Int = 4
    ) -> Scale {
        var (low, high) = extent(of: values)
        if includesZero { (low, high) = (min(low, 0), max(high, 0)) }
        if low == high {
            let reach = low == 0 ? 1 : abs(low) * 0.1
            (low, high) =
                includesZero ? (min(0, low), max(0, high, reach)) : (low - reach, high + reach)
        }
        let step = niceStep((high - low) / Double(count))
        let (first, last) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
        // A little air instead of a whole step where the data end just past a tick.
        let slack = (high - low) * 0.04
        var scale = Scale(
            lower: low >= first * step - 1e-12 * step ? min(low, first * step) : low,
            upper: max(high, last * step))
        if !includesZero || low < 0 { scale.lower = low - slack }
        if !includesZero || high > 0 { scale.upper = high + slack }
        let labels = TickLabels(step: step, largest: max(abs(low), abs(high)))
        for index in Int(first)...max(Int(first), Int(last)) {
            let value = Double(index) * step
            scale.ticks.append(Tick(value: value, label: labels.text(value)))
        }
        return scale
    }

    /// A scale of positive values; others have no place on it.
    package static func logarithmic(_ values: [Double]) -> Scale {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        var (low, high) = positive.isEmpty ? (1, 10) : extent(of: positive)
        // Two ticks are at most a factor of 2 apart, so that one is always on the axis.
        if high / low < 2 { (low, high) = (low / 1.5, high * 1.5) }
        var scale = Scale(lower: low * 0.93, upper: high * 1.07)
        scale.isLogarithmic = true
        let decades = log10(high / low)
        let factors: [Double] = decades > 2.2 ? [1] : decades > 1 ? [1, 3] : [1, 2, 3, 5]
        let stride = max(1, Int((decades / 5).rounded(.up)))
        var exponent = Int(log10(low).rounded(.down))
        if stride > 1 { exponent -= ((exponent % stride) + stride) % stride }
        while pow(10, Double(exponent)) <= high * 1.07 {
            for factor in factors {
                let value = factor * pow(10, Double(exponent))
                if value >= scale.lower, value <= scale.upper {
                    scale.ticks.append(Tick(value: value, label: TickLabels.plain(value)))
                }
            }
            exponent += stride
        }
        return scale
    }

    /// Equal places for so many things with names of their own.
    static func places(_ names: [String]) -> Scale {
        Scale(
            lower: -0.5, upper: Double(max(1, names.count)) - 0.5,
            ticks: names.enumerated().map { Tick(value: Double($0), label: $1) })
    }

    /// Whole numbers such as epochs: never a tick between two.
    package static func whole(_ values: [Double]) -> Scale {
        var scale = linear(values)
        if scale.ticks.contains(where: { $0.value != $0.value.rounded() }) {
            let (low, high) = extent(of: values)
            scale.ticks = stride(from: low.rounded(), through: high.rounded(), by: 1).map {
                Tick(value: $0, label: TickLabels.plain($0))
            }
        }
        return scale
    }

    /// The same scale with other ticks.
    func with(_ ticks: [Tick]) -> Scale {
        var scale = self
        scale.ticks = ticks
        return scale
    }

    private static func extent(of values: [Double]) -> (Double, Double) {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return (0, 1) }
        return (low, high)
    }

    /// 1, 2 or 5 times a power of ten, near a step.
    static func niceStep(_ step: Double) -> Double {
        guard step > 0, step.isFinite else { return 1 }
        let power = pow(10, log10(step).rounded(.down))
        let factor = step / power
        return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
    }
}

/// The words of ticks.
struct TickLabels {
    let step: Double
    let largest: Double

    /// As many digits as tell neighbours apart.
    func text(_ value: Double) -> String {
        if value == 0 { return "0" }
        if largest >= 1e12 || largest < 1e-4 {
            return value.significant(min(15, max(3, Int(log10(largest / step).rounded(.up)) + 1)))
        }
        for (size, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where largest >= 10 * size {
            return (value / size).fixed(Self.digits(step / size)) + suffix
        }
        return value.fixed(Self.digits(step))
    }

    /// 0.01, 1, 10, 1k, 1M.
    static func plain(_ value: Double) -> String {
        if value >= 1e12 || value < 1e-4 { return value.significant(2) }
        for (size, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size {
            return (value / size).significant(3) + suffix
        }
        return value.significant(3)
    }

    private static func digits(_ step: Double) -> Int {
        min(12, max(0, Int((-log10(step) - 1e-6).rounded(.up))))
    }
}
