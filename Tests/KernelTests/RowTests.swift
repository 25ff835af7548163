import CKernels
import Foundation
import TestSupport
import Testing

extension Kernels {
    struct RowTests {
        static let lengths = [0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 131, 250]

        /// Adds in 16 lanes and folds them, as the contract says.
        private func fold(_ terms: [Float]) -> Float {
            var lanes = [Float](repeating: 0, count: 16)
            for (index, term) in terms.enumerated() { lanes[index % 16] += term }
            return folded(lanes)
        }

        private func folded(_ lanes: [Float]) -> Float {
            var lanes = lanes
            for width in [8, 4, 2, 1] {
                for lane in 0..<width { lanes[lane] += lanes[lane + width] }
            }
            return lanes[0]
        }

        @Test(arguments: Level.supported) func sumsAddInSixteenLanes(_ level: Level) {
            var random = SeededGenerator(seed: 10)
            for n in Self.lengths {
                let (a, b) = (random.floats(n), random.floats(n))
                var lanes = [Float](repeating: 0, count: 16)
                for j in 0..<n {
                    lanes[j % 16] = level.multiplyAdd(a[j], b[j], lanes[j % 16])
                }
                level.run {
                    #expect(bits(tk_sum(a, n)) == bits(fold(a)), "\(n)")
                    #expect(bits(tk_dot(a, b, n)) == bits(folded(lanes)), "\(n)")
                }
                let exact = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                #expect(abs(Double(folded(lanes)) - exact) <= Double(n) * 0x1p-24)
            }
            #expect(level.run { tk_sum([.infinity, -.infinity], 2) }.isNaN)
            #expect(level.run { tk_dot([0, 1], [.infinity, 1], 2) }.isNaN)
        }

        @Test(arguments: Level.supported) func maximaPassOverNaNs(_ level: Level) {
            var random = SeededGenerator(seed: 11)
            for n in Self.lengths {
                for values in [random.floats(n), random.wildFloats(n)] {
                    let numbers = values.filter { !$0.isNaN }
                    let (maximum, index) = level.run { (tk_max(values, n), tk_argmax(values, n)) }
                    #expect(maximum == numbers.max() ?? -.infinity)
                    #expect(index == values.firstIndex(of: maximum) ?? 0)
                }
            }
            let ties: [Float] = [1] + [Float](repeating: 2, count: 40)
            #expect(level.run { tk_argmax(ties, ties.count) } == 1)
            #expect(level.run { tk_argmax([.nan, .nan], 2) } == 0)
            #expect(level.run { tk_argmax([.nan, -.infinity], 2) } == 1)
        }

        @Test(arguments: Level.supported) func exponentialsAndTheirSum(_ level: Level) {
            var random = SeededGenerator(seed: 12)
            for n in Self.lengths {
                for counts in [nil, random.floats(n).map { 1 + abs($0) }] {
                    let row = random.floats(n, scale: 95)
                    let out = Guarded(row, shift: n % 4)
                    let sum = level.run { tk_exp_shift_sum(out.pointer, n, 0.5, counts) }
                    let expected = level.run {
                        row.indices.map { tk_exp1(row[$0] - 0.5) * (counts?[$0] ?? 1) }
                    }
                    #expect(out.isIntact)
                    #expect(bits(out.values) == bits(expected), "\(n)")
                    #expect(bits(sum) == bits(fold(expected)), "\(n)")
                }
            }
            let lost = Guarded([-.infinity, -.infinity])
            #expect(level.run { tk_exp_shift_sum(lost.pointer, 2, -.infinity, nil) }.isNaN)
        }

        /// Where all values are ordinary, and where some are huge, infinite or NaNs.
        @Test(arguments: Level.supported) func exponentialsAboutTheMaximum(_ level: Level) {
            var random = SeededGenerator(seed: 14)
            for n in Self.lengths {
                for row in [
                    random.floats(n), random.floats(n, scale: 60), random.wildFloats(n),
                ] {
                    for counts in [nil, random.floats(n)] {
                        let out = Guarded(row, shift: n % 4)
                        let plain = Guarded(row, shift: n % 4)
                        var maximum: Float = 1
                        let (sum, expected) = level.run {
                            let sum = tk_exp_max_sum(out.pointer, n, counts, &maximum)
                            let shift = tk_max(row, n)
                            return (sum, tk_exp_shift_sum(plain.pointer, n, shift, counts))
                        }
                        #expect(out.isIntact)
                        #expect(maximum == level.run { tk_max(row, n) }, "\(n)")
                        #expect(bits(out.values) == bits(plain.values), "\(n)")
                        #expect(bits(sum) == bits(expected), "\(n)")
                    }
                }
            }
        }

        @Test(arguments: Level.supported) func updatesInPlace(_ level: Level) {
            var random = SeededGenerator(seed: 13)
            for n in Self.lengths {
                let (row, x) = (random.wildFloats(n), random.floats(n))
                func expect(
                    _ expected: [Float], _ body: (UnsafeMutablePointer<Float>?) -> Void
                ) {
                    let out = Guarded(row, shift: n % 4)
                    level.run { body(out.pointer) }
                    #expect(out.isIntact)
                    #expect(bits(out.values) == bits(expected), "\(n)")
                }
                expect(row.map { $0 * 0.3 }) { tk_scale($0, n, 0.3) }
                expect(row.indices.map { level.multiplyAdd(x[$0], 0.7, row[$0]) }) {
                    tk_axpy($0, x, 0.7, n)
                }
                expect(row) { tk_affine($0, n, 1, nil) }
                expect(row.map { $0 / 0.07 }) { tk_affine($0, n, 0.07, nil) }
                expect(row.indices.map { row[$0] + x[$0] }) { tk_affine($0, n, 1, x) }
                expect(row.indices.map { row[$0] / 0.07 + x[$0] }) { tk_affine($0, n, 0.07, x) }
            }
        }

        @Test(arguments: Level.supported) func countsAgainstAThreshold(_ level: Level) {
            var random = SeededGenerator(seed: 14)
            for n in Self.lengths {
                var row = random.wildFloats(n)
                for j in stride(from: 0, to: n, by: 3) { row[j] = 0.25 }
                for threshold: Float in [0.25, 0, -.infinity, .infinity, .nan] {
                    var counts: (UInt32, UInt32, UInt32) = (9, 9, 9)
                    level.run {
                        tk_count_greater(row, n, threshold, &counts.0, &counts.1, &counts.2)
                    }
                    #expect(Int(counts.0) == row.count { $0 > threshold })
                    #expect(Int(counts.1) == row.count { $0 == threshold })
                    #expect(Int(counts.2) == row.count { !$0.isFinite })
                }
                var greater: UInt32 = 0
                var equal: UInt32 = 0
                level.run { tk_count_greater(row, n, 0.1, &greater, &equal, nil) }
                #expect(Int(greater) == row.count { $0 > 0.1 })
            }
        }

        @Test(arguments: Level.supported) func findsWhatIsAboveALimit(_ level: Level) {
            var random = SeededGenerator(seed: 16)
            for n in Self.lengths {
                let row = random.wildFloats(n)
                for limit: Float in [0.25, 0, -.infinity, .infinity, .nan] {
                    for start in [0, 1, n / 2, n] where start <= n {
                        let found = level.run { tk_find_above(row, n, start, limit) }
                        let expected = row[start...].firstIndex { !($0 <= limit) } ?? n
                        #expect(found == expected, "\(n) from \(start) above \(limit)")
                    }
                }
            }
        }

        @Test(arguments: Level.supported) func maximaOfGroups(_ level: Level) {
            var random = SeededGenerator(seed: 17)
            for n in Self.lengths {
                let row = random.wildFloats(n)
                let out = Guarded(random.floats(64), shift: n % 4)
                level.run { tk_group_max(row, n, out.pointer) }
                let expected = (0..<64).map { group in
                    stride(from: group, to: n, by: 64).map { row[$0] }.filter { !$0.isNaN }.max()
                        ?? -.infinity
                }
                #expect(out.isIntact)
                #expect(out.values == expected, "\(n)")
            }
        }

        /// Against the formulas in double.
        @Test(arguments: Level.supported) func pairsOfAPositive(_ level: Level) {
            var random = SeededGenerator(seed: 18)
            for n in Self.lengths {
                for counts in [nil, random.floats(n).map { ($0 * 4).rounded().magnitude }] {
                    let (scores, before) = (random.floats(n, scale: 9), random.floats(n))
                    let odds = scores.map { exp($0) }
                    let weighed = { (j: Int) in Double(counts?[j] ?? 1) }
                    for (positive, weight) in [(Float(0.7), Float(0.5)), (-6, 1), (8, 0)] {
                        var (slope, cost): (Float, Float) = (0, 0)
                        var out = Guarded(before, shift: n % 4)
                        func expect(_ terms: [(cost: Double, slope: Double)]) {
                            let sums = terms.indices.reduce((0.0, 0.0)) {
                                (
                                    $0.0 + weighed($1) * terms[$1].cost,
                                    $0.1 + Double(weight) * weighed($1) * terms[$1].slope
                                )
                            }
                            #expect(out.isIntact)
                            #expect(abs(Double(cost) - sums.0) <= 2e-6 * max(1, sums.0), "\(n)")
                            #expect(abs(Double(slope) - sums.1) <= 2e-6 * max(1, sums.1), "\(n)")
                            for (j, found) in out.values.enumerated() {
                                let expected = Double(before[j]) + Double(weight) * terms[j].slope
                                #expect(abs(Double(found) - expected) <= 1e-6, "\(n)")
                            }
                        }
                        level.run {
                            cost = tk_pair_logistic(
                                odds, counts, out.pointer, n, 0, exp(-positive), weight, &slope)
                        }
                        expect(
                            scores.map {
                                let odds = exp(Double($0) - Double(positive))
                                return (log1p(odds), odds / (1 + odds))
                            })
                        out = Guarded(before, shift: n % 4)
                        level.run {
                            cost = tk_pair_hinge(
                                scores, counts, out.pointer, n, positive, 1.5, weight, &slope)
                        }
                        expect(
                            scores.map {
                                let shortfall = 1.5 - (Double(positive) - Double($0))
                                return shortfall > 0 ? (shortfall, 1) : (0, 0)
                            })
                    }
                }
            }
        }

        /// Halves of a run of lanes are added by themselves, then their sums.
        @Test(arguments: Level.supported) func lanesAddAsATree(_ level: Level) {
            func tree(_ lanes: ArraySlice<Float>, width: Int = 8) -> Float? {
                guard lanes.count > 1 else { return lanes.first }
                let left = lanes.prefix(width / 2)
                let right = tree(lanes.dropFirst(width / 2), width: width / 2)
                let sum = tree(left, width: width / 2)
                return sum.flatMap { sum in right.map { sum + $0 } ?? sum }
            }
            var random = SeededGenerator(seed: 16)
            for n in Self.lengths {
                for count in 0...8 {
                    let stride = n + 3
                    let src = random.floats(count == 0 ? 0 : (count - 1) * stride + n)
                    let out = Guarded(random.floats(n), shift: 1)
                    level.run { tk_sum_lanes(out.pointer, src, count, stride, n) }
                    let expected = (0..<n).map { j in
                        tree((0..<count).map { src[$0 * stride + j] }[...]) ?? 0
                    }
                    #expect(out.isIntact)
                    #expect(bits(out.values) == bits(expected), "\(count) of \(n)")
                }
            }
        }

        @Test(arguments: Level.supported) func partialsAddInOrder(_ level: Level) {
            var random = SeededGenerator(seed: 15)
            for n in Self.lengths {
                for count in [0, 1, 2, 8] {
                    let stride = n + 3
                    let src = random.floats(count == 0 ? 0 : (count - 1) * stride + n)
                    let out = Guarded(random.floats(n), shift: 1)
                    level.run { tk_sum_partials(out.pointer, src, count, stride, n) }
                    let expected = (0..<n).map { j in
                        (0..<count).dropFirst().reduce(count > 0 ? src[j] : 0) {
                            $0 + src[$1 * stride + j]
                        }
                    }
                    #expect(out.isIntact)
                    #expect(bits(out.values) == bits(expected), "\(count) of \(n)")
                }
            }
        }
    }
}
