import CKernels
import TestSupport
import Testing

extension Kernels {
    struct RankTests {
        /// Values of which many are equal, with a few that are not numbers.
        private func coarse(_ random: inout SeededGenerator, _ n: Int) -> [Float] {
            random.floats(n).enumerated().map { index, value in
                index % 29 == 28 ? .nan : (value * 4).rounded()
            }
        }

        @Test(arguments: Level.supported) func countsAreThoseOfEveryThreshold(_ level: Level) {
            var random = SeededGenerator(seed: 60)
            for n in RowTests.lengths {
                let row = coarse(&random, n)
                for count in [0, 1, 3, 4, 5, 9] {
                    let thresholds = coarse(&random, count)
                    var greater = [UInt32](repeating: 1, count: count)
                    var equal = [UInt32](repeating: 2, count: count)
                    level.run {
                        tk_count_above(row, n, thresholds, count, &greater, &equal)
                    }
                    for index in 0..<count {
                        let threshold = thresholds[index]
                        #expect(Int(greater[index]) == 1 + row.count { $0 > threshold })
                        #expect(Int(equal[index]) == 2 + row.count { $0 == threshold })
                    }
                }
            }
        }

        @Test(arguments: Level.supported) func collectsWhatIsAboveInOrder(_ level: Level) {
            var random = SeededGenerator(seed: 61)
            for n in RowTests.lengths {
                let row = coarse(&random, n)
                for threshold: Float in [-.infinity, -1, 0, 2, .infinity] {
                    var keys = [UInt64](repeating: 0, count: n + 1)
                    keys[n] = 42
                    let found = level.run { tk_collect_above(row, n, threshold, 7, &keys) }
                    let places = row.indices.filter { row[$0] > threshold }
                    #expect(
                        keys.prefix(found).map(tk_rank_key_place) == places.map { UInt32($0 + 7) })
                    #expect(keys.prefix(found).map(tk_rank_key_score) == places.map { row[$0] })
                    #expect(keys[n] == 42)
                }
            }
        }

        @Test(arguments: Level.supported) func pairsScoreAsProductsDo(_ level: Level) {
            var random = SeededGenerator(seed: 62)
            for (n, k) in [(0, 3), (1, 1), (5, 0), (16, 7), (33, 64), (50, 130)] {
                let (a, b) = (random.floats(n * k), random.floats(n * k))
                var scores = [Float](repeating: -1, count: n + 1)
                level.run { tk_pair_scores(a, k, nil, b, k, nil, k, n, &scores) }
                for row in 0..<n {
                    var sum: Float = 0
                    for p in 0..<k { sum = level.multiplyAdd(a[row * k + p], b[row * k + p], sum) }
                    #expect(bits(scores[row]) == bits(sum), "\(n) pairs of \(k)")
                }
                #expect(scores[n] == -1)
                guard n > 1 else { continue }
                let rows = (0..<Int32(n)).map { (n32: Int32) in (n32 * 7) % Int32(n) }
                var chosen = [Float](repeating: 0, count: n)
                level.run { tk_pair_scores(a, k, rows, b, k, rows, k, n, &chosen) }
                #expect(chosen.map(bits) == rows.map { bits(scores[Int($0)]) })
            }
        }

        @Test(arguments: Level.supported) func magnitudesShowNaNs(_ level: Level) {
            var random = SeededGenerator(seed: 63)
            for n in RowTests.lengths {
                var row = random.floats(n)
                #expect(level.run { tk_max_abs(row, n) } == row.map(abs).max() ?? 0)
                guard n > 0 else { continue }
                row[n / 2] = .nan
                #expect(level.run { tk_max_abs(row, n) }.isNaN)
            }
        }

        @Test func keysOrderScoresThenPlaces() {
            let scores: [Float] = [
                -.infinity, -3, -Float.leastNormalMagnitude / 2, 0, .leastNormalMagnitude / 2, 2,
                .greatestFiniteMagnitude, .infinity,
            ]
            let keys = scores.flatMap { [tk_rank_key1($0, 9), tk_rank_key1($0, 2)] }
            #expect(keys == keys.sorted())
            #expect(tk_rank_key1(-0.0, 5) == tk_rank_key1(0, 5))
            #expect(scores.map { tk_rank_key_score(tk_rank_key1($0, 1)) } == scores)
        }

        @Test func selectsAndSortsTheLargest() {
            var random = SeededGenerator(seed: 64)
            for n in [0, 1, 2, 3, 15, 16, 17, 40, 300] {
                for shape in 0..<3 {
                    let values = random.floats(n)
                    let all = (0..<n).map { index in
                        // Random, ascending and descending scores.
                        let score = [values[index], Float(index), Float(-index)][shape]
                        return tk_rank_key1(score, UInt32(index))
                    }
                    let sorted = all.sorted(by: >)
                    for k in [0, 1, n / 3, n, n + 2] {
                        var keys = all
                        tk_select_keys(&keys, n, k)
                        #expect(keys.prefix(k).sorted(by: >) == Array(sorted.prefix(k)))
                        #expect(keys.sorted(by: >) == sorted)
                    }
                    var keys = all
                    tk_sort_keys(&keys, n)
                    #expect(keys == sorted)
                    if n > 0 { #expect(tk_smallest_key(all, n) == sorted.last) }
                }
            }
        }
    }
}
