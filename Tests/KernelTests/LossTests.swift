import CKernels
import Foundation
import TestSupport
import Testing

extension Kernels {
    /// What losses make of rows of scores.
    struct LossTests {
        /// Four vectors at once, and far positives, against one by one.
        @Test(arguments: Level.supported) func columnsThatCountAlike(_ level: Level) {
            var random = SeededGenerator(seed: 60)
            for n in [64, 65, 100, 128, 200] {
                // At most 1, as where they are about the largest; some nothing.
                let odds = random.floats(n, scale: 20).map { score -> Float in
                    score > 19 ? 0 : exp(-abs(score))
                }
                let blocks = (0..<n).map { column -> Float in
                    let lane = column / 64 * 16 + column % 16
                    return Float(1 + lane % 5)
                }
                let before = random.floats(n)
                for counts in [nil, blocks] {
                    for factor in [Float(1e-3), 1, 1e4, 0x1p30, 0x1p50] {
                        func run(alike: Int) -> (Float, Float, [Float]) {
                            var slope: Float = 0
                            let out = Guarded(before, shift: n % 4)
                            let cost = level.run {
                                tk_pair_logistic(
                                    odds, counts, out.pointer, n, alike, factor, 0.5, &slope)
                            }
                            #expect(out.isIntact)
                            return (cost, slope, out.values)
                        }
                        let (cost, slope, slopes) = run(alike: n / 64 * 64)
                        let single = run(alike: 0)
                        #expect(abs(cost - single.0) <= 2e-6 * single.0, "\(n), \(factor)")
                        #expect(abs(slope - single.1) <= 2e-6 * single.1, "\(n), \(factor)")
                        for (found, expected) in zip(slopes, single.2) {
                            #expect(abs(found - expected) <= 1e-6, "\(n), \(factor)")
                        }
                    }
                }
            }
        }

        @Test(arguments: Level.supported) func theLargestBelowALimit(_ level: Level) {
            var random = SeededGenerator(seed: 61)
            for n in RowTests.lengths {
                let row = random.wildFloats(n)
                for limit in [0, 0.25, -.infinity, .infinity] + row.prefix(3) {
                    let expected = row.filter { $0 < limit }.max() ?? -.infinity
                    #expect(level.run { tk_max_below(row, n, limit) } == expected)
                }
            }
        }

        @Test(arguments: Level.supported) func scaledProducts(_ level: Level) {
            var random = SeededGenerator(seed: 62)
            for n in RowTests.lengths {
                let (a, b) = (random.floats(n), random.floats(n))
                for weights in [nil, b] {
                    let exact = a.indices.reduce(0.0) { sum, j -> Double in
                        let weight = Double(weights?[j] ?? 1)
                        return sum + Double(a[j]) * 0.3 * weight
                    }
                    let found = level.run { tk_scaled_dot(a, weights, n, 0.3) }
                    #expect(abs(Double(found) - exact) <= Double(n + 1) * 0x1p-24)
                }
            }
            // Multiplied first.
            #expect(level.run { tk_scaled_dot([3e38, 3e38], nil, 2, 0.25) } == 1.5e38)
        }

        @Test(arguments: Level.supported) func logarithmsOfWhatIsClipped(_ level: Level) {
            var random = SeededGenerator(seed: 63)
            let (low, high): (Float, Float) = (1e-3, 0.9)
            for n in RowTests.lengths {
                let row = random.floats(n).map { abs($0) < 0.1 ? 0 : abs($0) }
                for counts in [nil, random.floats(n).map { ($0 * 4).rounded().magnitude }] {
                    let out = Guarded(random.floats(n), shift: n % 4)
                    let sum = level.run { tk_clipped_logs(row, counts, n, low, high, out.pointer) }
                    let exact = row.indices.reduce(0.0) { sum, j -> Double in
                        let clipped = Double(min(max(row[j], low), high))
                        let count = Double(counts?[j] ?? 1)
                        return sum + count * log(clipped)
                    }
                    let through = row.indices.map { j -> Float in
                        row[j] < low || row[j] > high ? 0 : counts?[j] ?? 1
                    }
                    #expect(out.isIntact)
                    #expect(abs(Double(sum) - exact) <= 2e-6 * max(1, abs(exact)), "\(n)")
                    #expect(out.values == through)
                }
            }
            var passed: [Float] = [0, 0]
            #expect(level.run { tk_clipped_logs([.nan, 0.5], nil, 2, low, high, &passed) }.isNaN)
            #expect(passed == [1, 1])
        }

        @Test(arguments: Level.supported) func softplusAndSigmoidAtOnce(_ level: Level) {
            var random = SeededGenerator(seed: 64)
            for n in RowTests.lengths {
                for row in [random.floats(n, scale: 30), random.wildFloats(n)] {
                    let softplus = Guarded(random.floats(n), shift: 1)
                    let sigmoid = Guarded(row, shift: n % 4)
                    var (first, second) = (row, row)
                    level.run {
                        tk_softplus_sigmoid(softplus.pointer, sigmoid.pointer, n)
                        tk_softplus(&first, row, n)
                        tk_sigmoid(&second, row, n)
                    }
                    #expect(softplus.isIntact && sigmoid.isIntact)
                    #expect(bits(softplus.values) == bits(first), "\(n)")
                    #expect(bits(sigmoid.values) == bits(second), "\(n)")
                }
            }
        }

        @Test(arguments: Level.supported) func countsOfColumns(_ level: Level) {
            var random = SeededGenerator(seed: 66)
            for n in RowTests.lengths {
                let row = random.wildFloats(n)
                let counts = random.floats(n).map { abs($0) < 0.3 ? 0 : $0 }
                let (hidden, weighed) = (Guarded(row, shift: n % 4), Guarded(row, shift: 1))
                level.run {
                    tk_hide_uncounted(hidden.pointer, counts, n, -7)
                    tk_multiply(weighed.pointer, counts, n)
                }
                #expect(hidden.isIntact && weighed.isIntact)
                let seen = row.indices.map { j -> Float in counts[j] == 0 ? -7 : row[j] }
                #expect(bits(hidden.values) == bits(seen))
                #expect(bits(weighed.values) == bits(row.indices.map { row[$0] * counts[$0] }))
            }
        }

        @Test(arguments: Level.supported) func hidesWhatIsNotSeen(_ level: Level) {
            var random = SeededGenerator(seed: 65)
            for n in RowTests.lengths {
                let row = random.wildFloats(n)
                let seen = random.floats(n).map { $0 > 0 }
                let out = Guarded(row, shift: n % 4)
                level.run { tk_hide(out.pointer, seen, n, -7) }
                #expect(out.isIntact)
                let expected = row.indices.map { j -> Float in seen[j] ? row[j] : -7 }
                #expect(bits(out.values) == bits(expected))
            }
        }
    }
}
