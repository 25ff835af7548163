import Retrieval
import Testing

/// What ranks send in a step of two tables of ids.
@Suite struct SpreadBytesTests {
    private static let (keys, dimension, batch) = (3000, 64, 1024)

    private func examples() -> Examples {
        var random = RandomStream(seed: 7, stream: "examples")
        return Examples(
            queryKeys: (0..<Self.batch).map { _ in Int32(random.below(Self.keys)) },
            candidateKeys: (0..<Self.batch).map { _ in Int32(random.below(Self.keys)) })
    }

    /// The rows of its own queries to the rank that scores them and their gradients back; candidates'
    /// rows to all ranks, and the sums of their gradients to their owners alone.
    @Test(arguments: [2, 4, 8]) func isLittleMoreThanItHasToBe(size: Int) throws {
        let examples = examples()
        let sent = try InProcessRanks.run(size) { ranks in
            var builder = ModelBuilder(seed: 1)
            let query = try builder.embeddingTower(
                "query", keys: Self.keys, dimension: Self.dimension)
            let candidate = try builder.embeddingTower(
                "candidate", keys: Self.keys, dimension: Self.dimension)
            let model = TwoTowerModel(
                queryTower: query, candidateTower: candidate, parameters: builder.parameters)
            let task = RetrievalTask()
            var metrics = task.makeMetricState()
            var trainer = Trainer(
                model: model, task: task, optimizer: Adagrad(),
                keyCounts: KeyCounts(queries: Self.keys, candidates: Self.keys), ranks: ranks)
            let before = ranks.bytesSent
            trainer.step(examples, 0..<examples.count, metrics: &metrics)
            return ranks.bytesSent - before
        }
        let (queries, candidates) = (Set(examples.queryKeys), Set(examples.candidateKeys))
        let rows = 2 * Double(queries.count) / Double(size) + 2 * Double(candidates.count)
        let least = rows * 4 * Double(Self.dimension) * (1 - 1 / Double(size))
        let mean = Double(sent.reduce(0, +)) / Double(size)
        #expect((1...1.2).contains(mean / least), "\(mean) bytes, at least \(least)")
        // Owners are drawn, not dealt: some have a little more than their share.
        for own in sent { #expect(Double(own) < 1.3 * least) }
    }
}
