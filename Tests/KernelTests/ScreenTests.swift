import CKernels
import TestSupport
import Testing

extension Kernels {
    struct ScreenTests {
        /// The shapes of tiles: no pairs, one row of them too many for a vector, several panels.
        private static let shapes = [
            (12, 16, 0), (12, 16, 1), (24, 48, 7), (48, 32, 32), (12, 64, 33),
        ]

        @Test(arguments: Level.supported) func sumsAreExact(_ level: Level) {
            var random = SeededGenerator(seed: 70)
            for (m, n, pairs) in Self.shapes {
                // Within the length that is allowed, up to the largest numbers.
                let most = pairs > 0 ? Int(32_767 / Double(2 * pairs).squareRoot()) : 0
                func numbers(_ count: Int) -> [Int16] {
                    (0..<count).map { _ in
                        let value = Float(most) * random.floats(1)[0]
                        return Int16(random.below(10) == 0 ? -Float(most) : value)
                    }
                }
                let (a, packed) = (numbers(m * 2 * pairs), numbers(n * 2 * pairs))
                let ld = n + 3
                var sums = [Int32](repeating: -7, count: m * ld)
                level.run { tk_integer_products(m, n, pairs, a, packed, &sums, ld) }
                for row in 0..<m {
                    for column in 0..<ld {
                        guard column < n else {
                            #expect(sums[row * ld + column] == -7)
                            continue
                        }
                        let expected = (0..<2 * pairs).reduce(0) { sum, p in
                            let place = column / 16 * 32 * pairs + p / 2 * 32 + column % 16 * 2
                            return sum + Int(a[row * 2 * pairs + p]) * Int(packed[place + p % 2])
                        }
                        #expect(Int(sums[row * ld + column]) == expected, "\(m) x \(n) x \(pairs)")
                    }
                }
            }
        }

        @Test(arguments: Level.supported) func bandsAreCounted(_ level: Level) {
            var random = SeededGenerator(seed: 71)
            for n in [0, 1, 15, 16, 17, 31, 32, 100, 256] {
                let (rows, ld) = (5, (n + 15) / 16 * 16 + 16)
                // Beyond the columns stands what every band would count.
                var sums = [Int32](repeating: 0, count: rows * ld)
                for row in 0..<rows {
                    for column in 0..<ld {
                        sums[row * ld + column] =
                            column >= n
                            ? 50 : column % 23 == 0 ? .min : Int32(random.below(199) - 99)
                    }
                }
                let offsets: [UInt32] = [0, 1, 1, 4, 6, 7]
                let low: [Int32] = [0, -10, 99, .min, .max, .min, -200]
                let high: [Int32] = [3, 10, 99, .min, .max, 5, 200]
                var expected: [[UInt32]] = []
                var above = [UInt32](repeating: 0, count: low.count)
                for row in 0..<rows {
                    for t in Int(offsets[row])..<Int(offsets[row + 1]) {
                        for column in 0..<n {
                            let sum = sums[row * ld + column]
                            if sum > high[t] { above[t] += 1 }
                            if sum > low[t] && sum <= high[t] {
                                expected.append([UInt32(t), UInt32(column)])
                            }
                        }
                    }
                }
                for capacity in [expected.count, expected.count + 9, expected.count / 2] {
                    var counted = [UInt32](repeating: 9, count: low.count)
                    var found = [tk_undecided](
                        repeating: tk_undecided(threshold: 77, column: 77), count: capacity + 1)
                    let count = level.run {
                        tk_count_bands(
                            sums, ld, rows, n, offsets, low, high, &counted, &found, capacity)
                    }
                    #expect(found[capacity].threshold == 77 && found[capacity].column == 77)
                    guard capacity >= expected.count else {
                        #expect(count == capacity + 1)
                        continue
                    }
                    #expect(count == expected.count && counted == above)
                    #expect(found.prefix(count).map { [$0.threshold, $0.column] } == expected)
                }
            }
        }

        @Test func integersAreTheNearest() {
            var random = SeededGenerator(seed: 72)
            for k in [1, 2, 3, 7, 64, 65] {
                for magnitude: Float in [0x1p-140, 1e-30, 1, 1e30] {
                    let row = random.floats(k).map { $0 * magnitude }
                    let length = tk_length(row, k)
                    let exact = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                    #expect(abs(length - exact) <= 1e-14 * exact)
                    let scale = length > 0 ? 32_000 / length : 1
                    let stride = 5
                    var pairs = [Int16](repeating: 99, count: (k + 1) / 2 * stride)
                    let left = tk_quantize(row, k, scale, &pairs, stride)
                    var rest = 0.0
                    for p in 0..<(k + 1) / 2 * 2 {
                        let value = p < k ? Double(row[p]) : 0
                        let whole = Double(pairs[p / 2 * stride + p % 2])
                        #expect(abs(whole - value * scale) <= 0.5001)
                        rest += (value - whole / scale) * (value - whole / scale)
                    }
                    #expect(abs(left - rest.squareRoot()) <= 1e-12 * (length + left))
                    #expect(pairs.indices.allSatisfy { $0 % stride < 2 || pairs[$0] == 99 })
                }
            }
        }
    }
}
