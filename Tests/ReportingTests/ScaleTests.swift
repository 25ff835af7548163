import Reporting
import TestSupport
import Testing

struct ScaleTests {
    /// Whatever the values: they lie on the axis, and so do a few ticks with words of their own.
    @Test func ticksAreSane() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<600 {
            let size = Double.random(in: -12...12, using: &random)
            let values = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Double.random(in: -1...1, using: &random) * exponent(size)
            }
            for scale in [
                Scale.linear(values), .linear(values, includesZero: true),
                .logarithmic(values.map { abs($0) }),
            ] {
                check(scale, values: scale.isLogarithmic ? values.map { abs($0) } : values)
            }
        }
    }

    private func exponent(_ size: Double) -> Double {
        // 10^size without a C library: only the order matters.
        var value = 1.0
        for _ in 0..<Int(abs(size)) { value *= 10 }
        return size < 0 ? 1 / value : value
    }

    private func check(_ scale: Scale, values: [Double]) {
        #expect(scale.lower < scale.upper)
        for value in values where !scale.isLogarithmic || value > 0 {
            let place = scale.fraction(of: value)
            #expect(place >= -1e-9 && place <= 1 + 1e-9, "\(value) in \(scale)")
        }
        #expect((1...12).contains(scale.ticks.count), "\(scale) of \(values)")
        for (tick, next) in zip(scale.ticks, scale.ticks.dropFirst()) {
            #expect(tick.value < next.value)
            #expect(tick.label != next.label, "\(scale.ticks)")
        }
        for tick in scale.ticks {
            let place = scale.fraction(of: tick.value)
            #expect(place >= -1e-6 && place <= 1 + 1e-6, "\(tick) in \(scale)")
        }
    }

    @Test func ordinaryAxesAreOrdinary() {
        #expect(
            Scale.linear([0.02, 0.25], includesZero: true).ticks.map(\.label)
                == ["0", "0.05", "0.10", "0.15", "0.20", "0.25"])
        #expect(Scale.whole([1, 4]).ticks.map(\.label) == ["1", "2", "3", "4"])
        #expect(
            Scale.linear([0, 70_000], includesZero: true).ticks.map(\.label)
                == ["0", "20k", "40k", "60k"])
        #expect(Scale.logarithmic([1, 1682]).ticks.map(\.label) == ["1", "10", "100", "1k"])
    }

    @Test func equalValuesHaveAnAxis() {
        for value in [0, 1, -3, 0.1, 1e-300, 1e300] {
            let scale = Scale.linear([value, value])
            #expect(scale.lower < value && value < scale.upper)
        }
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"), (893_286_638, "1998-04-22T23:10:38Z"),
        (4_102_444_800, "2100-01-01T00:00:00Z"),
    ])
    func dates(seconds: Double, text: String) {
        #expect(DateText.time(seconds) == text)
    }
}
