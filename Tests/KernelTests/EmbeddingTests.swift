import CKernels
import TestSupport
import Testing

extension Kernels {
    struct EmbeddingTests {
        private static let dimensions = [0, 1, 5, 8, 16, 17, 32, 50]

        /// A table with room between its rows, and rows picked from it.
        private struct Rows {
            let dim: Int
            let ld: Int
            let table: [Float]
            let accumulators: [Float]
            let source: [Float]
            let distinct: [Int32]
            let repeated: [Int32]

            init(dim: Int, _ random: inout SeededGenerator) {
                self.dim = dim
                ld = dim + random.below(3)
                table = random.floats(20 * ld)
                accumulators = random.floats(20 * ld).map { 0.1 + abs($0) }
                source = random.floats(9 * ld)
                distinct = [3, 19, 0, 7, 8, 1, 18, 4, 11]
                repeated = [3, 19, 3, 7, 7, 3, 0, 19, 3]
            }

            /// A table after `update(w, g)` on each element of the rows picked.
            func updated(
                _ start: [Float], at indices: [Int32], _ update: (Float, Float) -> Float
            ) -> [Float] {
                var result = start
                for (i, row) in indices.enumerated() {
                    for j in 0..<dim {
                        let slot = Int(row) * ld + j
                        result[slot] = update(result[slot], source[i * ld + j])
                    }
                }
                return result
            }
        }

        @Test(arguments: Level.supported) func rowsAreGatheredAndScattered(_ level: Level) {
            var random = SeededGenerator(seed: 20)
            for dim in Self.dimensions {
                let rows = Rows(dim: dim, &random)
                let gathered = Guarded(rows.source, shift: 1)
                level.run {
                    tk_gather_rows(
                        gathered.pointer, rows.ld, rows.table, rows.ld, dim, rows.repeated, 9)
                }
                var expected = rows.source
                for (i, row) in rows.repeated.enumerated() {
                    for j in 0..<dim {
                        expected[i * rows.ld + j] = rows.table[Int(row) * rows.ld + j]
                    }
                }
                #expect(gathered.isIntact)
                #expect(gathered.values == expected)

                let scattered = Guarded(rows.table, shift: 2)
                level.run {
                    tk_scatter_add_rows(
                        scattered.pointer, rows.ld, rows.source, rows.ld, dim, rows.repeated, 9)
                }
                #expect(scattered.isIntact)
                #expect(
                    bits(scattered.values) == bits(rows.updated(rows.table, at: rows.repeated, +)))
            }
        }

        /// The sums of a scatter onto zeros or what is there, bit by bit; a segment may have no
        /// members.
        @Test(arguments: Level.supported, [false, true])
        func segmentsAreSummedInOrder(_ level: Level, accumulating: Bool) {
            var random = SeededGenerator(seed: 24)
            let members: [Int32] = [3, 19, 3, 7, 7, 3, 0, 19, 3]
            let offsets: [Int32] = [0, 4, 4, 5, 9]
            for dim in Self.dimensions + [33, 64, 83] {
                let rows = Rows(dim: dim, &random)
                var expected = [Float](repeating: 5, count: 4 * rows.ld)
                for segment in 0..<4 {
                    for j in 0..<dim {
                        expected[segment * rows.ld + j] =
                            members[Int(offsets[segment])..<Int(offsets[segment + 1])]
                            .reduce(accumulating ? 5 : 0) {
                                $0 + rows.table[Int($1) * rows.ld + j]
                            }
                    }
                }
                let sums = Guarded([Float](repeating: 5, count: 4 * rows.ld), shift: 1)
                level.run {
                    tk_segment_sum_rows(
                        sums.pointer, rows.ld, rows.table, rows.ld, dim, members, offsets, 4,
                        accumulating)
                }
                #expect(sums.isIntact)
                #expect(bits(sums.values) == bits(expected))
            }
        }

        @Test(arguments: Level.supported) func adagradRoundsEveryStep(_ level: Level) {
            var random = SeededGenerator(seed: 21)
            let (lr, eps): (Float, Float) = (0.1, 1e-7)
            for dim in Self.dimensions {
                let rows = Rows(dim: dim, &random)
                let sums = rows.updated(rows.accumulators, at: rows.distinct) { $0 + $1 * $1 }
                var weights = rows.table
                for (i, row) in rows.distinct.enumerated() {
                    for j in 0..<dim {
                        let slot = Int(row) * rows.ld + j
                        weights[slot] -=
                            lr * rows.source[i * rows.ld + j] / (sums[slot] + eps).squareRoot()
                    }
                }
                let (w, acc) = (Guarded(rows.table, shift: 3), Guarded(rows.accumulators, shift: 1))
                level.run {
                    tk_adagrad_rows(
                        w.pointer, acc.pointer, rows.ld, dim, rows.distinct, rows.source, rows.ld,
                        9, lr, eps)
                }
                #expect(w.isIntact && acc.isIntact)
                #expect(bits(acc.values) == bits(sums))
                #expect(bits(w.values) == bits(weights))
            }
        }

        @Test(arguments: Level.supported) func gradientDescent(_ level: Level) {
            var random = SeededGenerator(seed: 22)
            for dim in Self.dimensions {
                let rows = Rows(dim: dim, &random)
                let w = Guarded(rows.table, shift: 1)
                level.run {
                    tk_sgd_rows(
                        w.pointer, rows.ld, dim, rows.distinct, rows.source, rows.ld, 9, 0.05)
                }
                #expect(w.isIntact)
                #expect(
                    bits(w.values)
                        == bits(rows.updated(rows.table, at: rows.distinct) { $0 - 0.05 * $1 }))
            }
        }

        @Test(arguments: Level.supported) func denseUpdatesAreThoseOfOneRow(_ level: Level) {
            var random = SeededGenerator(seed: 23)
            for n in [0, 1, 16, 37] {
                let (start, g) = (random.floats(n), random.floats(n))
                let (w, acc) = (Guarded(start), Guarded([Float](repeating: 0.1, count: n)))
                let descended = Guarded(start)
                level.run {
                    tk_adagrad(w.pointer, acc.pointer, g, n, 0.3, 1e-7)
                    tk_sgd(descended.pointer, g, n, 0.3)
                }
                #expect(w.isIntact && acc.isIntact && descended.isIntact)
                let sums = g.map { 0.1 + $0 * $0 }
                #expect(bits(acc.values) == bits(sums))
                #expect(
                    bits(w.values)
                        == bits(
                            (0..<n).map {
                                start[$0] - 0.3 * g[$0] / (sums[$0] + 1e-7).squareRoot()
                            }))
                #expect(bits(descended.values) == bits((0..<n).map { start[$0] - 0.3 * g[$0] }))
            }
        }
    }
}
