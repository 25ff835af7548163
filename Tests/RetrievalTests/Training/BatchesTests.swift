import Retrieval
import Testing

/// How examples make the batches of an epoch.
struct BatchesTests {
    private static let examples: Examples = {
        var random = RandomStream(seed: 1, stream: "batches")
        let users = (0..<500).map { _ in
            Int32(random.uniform() * random.uniform() * 40)
        }
        return Examples(
            queryKeys: (0..<500).map(Int32.init), candidateKeys: (0..<500).map(Int32.init),
            queryEntities: users)
    }()

    private func batches(
        _ grouping: BatchGrouping, size: Int, reshuffle: Bool = true
    ) -> Batches {
        Batches(
            Self.examples, size: size, grouping: grouping, reshuffle: reshuffle,
            seed: 7)
    }

    private func cut(_ batches: Batches) -> [[Int32]] {
        batches.ranges.map { Array(batches.examples.queryKeys[$0]) }
    }

    @Test(arguments: [BatchGrouping.byExample, .byQuery], [1, 7, 32, 500, 1000])
    func everyExampleStandsInOneBatch(grouping: BatchGrouping, size: Int) {
        var batches = batches(grouping, size: size)
        var seen: Set<[[Int32]]> = []
        for epoch in 1...3 {
            batches.begin(epoch: epoch)
            let cut = cut(batches)
            #expect(cut.allSatisfy { (1...size).contains($0.count) })
            #expect(cut.flatMap { $0 }.sorted() == Self.examples.queryKeys)
            seen.insert(cut)
        }
        #expect(seen.count == 3)
    }

    /// A user that a batch can hold is in one of them, its examples in their order.
    @Test func byQueryKeepsUsersWhole() {
        let size = 48
        var batches = batches(.byQuery, size: size)
        batches.begin(epoch: 1)
        let users = Self.examples.queryEntities
        let counts = users.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
        #expect(counts.values.contains { $0 > size } && counts.values.contains { $0 < size })
        var batchesOf: [Int32: Set<Int>] = [:]
        for (index, batch) in cut(batches).enumerated() {
            for key in batch { batchesOf[users[Int(key)], default: []].insert(index) }
        }
        for (user, count) in counts {
            let least = (count + size - 1) / size
            #expect(batchesOf[user]?.count == least, "user \(user) of \(count) examples")
        }
        for user in counts.keys {
            let order = batches.examples.queryKeys.filter { users[Int($0)] == user }
            #expect(order == order.sorted())
        }
        // Batches are nearly full: the next user would not fit.
        #expect(batches.ranges.count <= 2 * Self.examples.count / size + 1)
    }

    @Test(arguments: [BatchGrouping.byExample, .byQuery])
    func withoutReshuffleTheFirstEpochStays(grouping: BatchGrouping) {
        var batches = batches(grouping, size: 32, reshuffle: false)
        batches.begin(epoch: 1)
        let first = cut(batches)
        batches.begin(epoch: 2)
        #expect(cut(batches) == first)
    }
}
