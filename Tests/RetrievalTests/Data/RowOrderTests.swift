import Retrieval
import Testing

/// Orders of rows are those of plain sorting.
@Suite struct RowOrderTests {
    private static func keys(_ seed: Int, _ count: Int) -> [Int64] {
        var stream = RandomStream(seed: UInt64(seed), stream: "keys")
        let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max, 1 << 32, -1 << 33]
        return (0..<count).map { _ in
            switch seed % 5 {
            case 0: Int64(stream.below(7))
            case 1: Int64(stream.below(1 << 31)) - 1 << 30
            case 2: Int64(bitPattern: stream.next())
            case 3: extremes[stream.below(extremes.count)]
            default: 1_600_000_000 + Int64(stream.below(100_000_000)) * 1000
            }
        }
    }

    @Test(arguments: 0..<20) func rowsAscendByKeyAndStand(seed: Int) {
        for count in [0, 1, 2, 63, 65, 3000] {
            let keys = Self.keys(seed, count)
            let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            #expect(RowOrder.ascending(keys) == expected.map { Int32($0) })
        }
    }

    @Test(arguments: 0..<12) func someBitsAreSortedAndOthersStay(seed: Int) {
        var stream = RandomStream(seed: UInt64(seed), stream: "words")
        for (low, high) in [(0, 64), (0, 1), (0, 17), (32, 64), (5, 30), (12, 12)] {
            let words = (0..<2000).map { _ in stream.next() >> UInt64(stream.below(64)) }
            let mask = high - low == 64 ? UInt64.max : (1 << UInt64(high - low)) - 1
            let key = { (word: UInt64) in high == low ? 0 : word >> UInt64(low) & mask }
            let expected = words.enumerated().sorted {
                (key($0.element), $0.offset) < (key($1.element), $1.offset)
            }.map(\.element)
            var sorted = words
            RadixSort.sort(&sorted, low: low, high: high)
            #expect(sorted == expected, "bits \(low)..<\(high)")
        }
    }

    @Test func rowsAreSorted() {
        var stream = RandomStream(seed: 5, stream: "rows")
        for count in [0, 1, 5, 1000] {
            let distinct = Array(stream.permutation(count))
            #expect(RowOrder.sorted(distinct) == (0..<Int32(count)).map { $0 })
            let few = distinct.prefix(count / 7).map { $0 * 1000 }
            #expect(RowOrder.sorted(few) == few.sorted())
            let twice = distinct + distinct.prefix(3)
            #expect(RowOrder.sorted(twice) == twice.sorted())
        }
    }

    /// Against a sort, over widths of all numbers of digits and many equal keys.
    @Test func keysStandWhereASortPutsThem() {
        var stream = RandomStream(seed: 8, stream: "keys")
        for round in 0..<300 {
            let count = 1 + stream.below(200)
            let width = UInt64(round % 64)
            var keys = (0..<count).map { _ in
                Int64(bitPattern: stream.next() & (1 &<< width &- 1) | stream.next() % 3)
            }
            if round % 5 == 0 { keys += [.min, .max, 0] }
            let sorted = keys.sorted()
            for place in [0, keys.count / 3, keys.count / 2, keys.count - 1] {
                #expect(RowOrder.key(at: place, of: keys) == sorted[place])
            }
        }
    }
}
