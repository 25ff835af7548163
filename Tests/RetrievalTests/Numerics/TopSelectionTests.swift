import Retrieval
import Testing

struct TopSelectionTests {
    /// Largest first, NaN above all, equals by index: the order of a whole sort, cut short.
    @Test func agreesWithSorting() {
        var random = RandomStream(seed: 1, stream: "selection")
        for round in 0..<500 {
            let total = random.below(40)
            let keys = (0..<total).map { _ -> Float in
                switch random.below(12) {
                case 0: .nan
                case 1: .infinity
                case 2: -.infinity
                case 3: -0.0
                default: Float(random.below(6) - 3)
                }
            }
            let sorted = keys.indices.sorted { a, b in
                if keys[a].isNaN || keys[b].isNaN {
                    return keys[a].isNaN == keys[b].isNaN ? a < b : keys[a].isNaN
                }
                return keys[a] == keys[b] ? a < b : keys[a] > keys[b]
            }
            let count = random.below(total + 3)
            let found = TopSelection.indices(count: count, of: total) { keys[Int($0)] }
            #expect(found.map(Int.init) == Array(sorted.prefix(count)), "round \(round)")
        }
    }
}
