import Retrieval
import Testing

struct DistinctKeysTests {
    /// Whether keys have slots of their own or share those of a table.
    @Test(arguments: [1, 2, 7, 100, 943, 5_000, 1_000_000, Int(Int32.max)])
    func eachKeyIsFoundWhereItFirstStands(keyCount: Int) {
        var random = RandomStream(seed: 1, stream: "distinct keys", index: keyCount)
        for count in [0, 1, 2, 3, 64, 600] {
            // Few keys, often again, at both ends of the range and apart by what a hash folds.
            let pool = (0..<max(1, count / 2)).map { index in
                switch index % 4 {
                case 0: index % keyCount
                case 1: keyCount - 1 - index % keyCount
                case 2: (index << 16) % keyCount
                default: random.below(keyCount)
                }
            }
            let batch = (0..<count).map { _ in Int32(pool[random.below(pool.count)]) }
            let found = DistinctKeys(batch[...], keyCount: keyCount)
            var keys: [Int32] = []
            let positions = batch.map { key in
                if let place = keys.firstIndex(of: key) { return Int32(place) }
                keys.append(key)
                return Int32(keys.count - 1)
            }
            #expect(found.keys == keys)
            #expect(found.positions == positions)
            #expect(
                found.counts
                    == keys.map { key in Float(batch.count { $0 == key }) })
        }
    }
}
