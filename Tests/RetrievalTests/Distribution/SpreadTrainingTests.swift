import Retrieval
import Testing

/// A training that ranks share has the bits of one process's, whatever the ranks and the threads.
@Suite struct SpreadTrainingTests {
    private static let sizes = [1, 2, 4, 8]

    private func check(_ training: SmallTraining, sizes: [Int] = Self.sizes) throws {
        var alone = try training.run()
        let expected = alone.finish()
        for size in sizes {
            for threads in [1, 2] {
                let found = try InProcessRanks.run(size) { ranks in
                    var run = try training.run(threads: threads, ranks: ranks)
                    return run.finish()
                }
                for (rank, own) in found.enumerated() {
                    #expect(own.events == expected.events, "rank \(rank) of \(size)")
                }
                #expect(
                    told(found[0].state) == told(expected.state),
                    "\(size) ranks, \(threads) threads")
            }
        }
    }

    /// As text, in which one NaN is another.
    private func told(_ state: NamedArrays) -> [String] {
        state.names.map { name in state[name].map { "\(name): \($0)" } ?? name }
    }

    @Test(arguments: [true, false]) func everyRankTellsTheSame(isRegularized: Bool) throws {
        var training = SmallTraining()
        training.isRegularized = isRegularized
        try check(training)
    }

    @Test(arguments: Catalog.builtIn.names(of: .optimizer))
    func everyOptimizer(name: String) throws {
        var training = SmallTraining()
        training.isRegularized = false
        training.accumulationSteps = 1
        for (lazy, clipping) in [(false, nil), (true, GradientClipping.globalNorm(0.01))] {
            var optimizer = try Catalog.builtIn.make(.optimizer, ComponentChoice(name: name))
            optimizer.options.isLazy = lazy
            optimizer.options.clipping = clipping
            optimizer.options.weightDecay = 0.01
            training.optimizers = [optimizer]
            try check(training, sizes: [2, 4])
        }
    }

    @Test(arguments: Catalog.builtIn.names(of: .loss)) func everyLoss(name: String) throws {
        var training = SmallTraining()
        training.isRegularized = false
        for reduction in ["sum", "sum_over_batch_size", "none"] {
            var choice = ComponentChoice(name: name)
            choice.values["reduction"] = .string(reduction)
            training.loss = try Catalog.builtIn.make(.loss, choice)
            try check(training, sizes: [2, 4])
        }
    }

    /// Saved by four, gone on with by one, by two and by four, and the other way round.
    @Test(arguments: [(4, 1), (1, 4), (2, 4), (4, 2)]) func anyNumberGoesOn(
        from: Int, to: Int
    ) throws {
        var training = SmallTraining()
        training.isRegularized = false
        let (setting, pause) = (training, 6)
        var alone = try training.run()
        let (events, end) = alone.finish()
        let saved = try InProcessRanks.run(from) { ranks in
            var run = try setting.run(ranks: ranks)
            for _ in 0..<pause { _ = run.next() }
            return run.state
        }
        let found = try InProcessRanks.run(to) { ranks in
            var run = try setting.run(ranks: ranks)
            try run.restore(saved[0])
            return run.finish()
        }
        for own in found { #expect(own.events == Array(events.dropFirst(pause))) }
        #expect(found[0].state == end)
    }

    /// A rank holds its share of the rows of tables and slots, and of nothing else.
    @Test(arguments: [2, 4]) func rowsAreShared(size: Int) throws {
        var training = SmallTraining()
        training.isRegularized = false
        let setting = training
        let counts = try InProcessRanks.run(size) { ranks in
            let model = try setting.trainer(ranks: ranks).model
            return zip(model.parameters.names, model.parameters.matrices)
                .filter { $0.0.hasSuffix("/embeddings") }.map { $0.1.rows }
        }
        for (table, rows) in [SmallTraining.queryCount, SmallTraining.candidateCount].enumerated() {
            #expect(counts.reduce(0) { $0 + $1[table] } == rows)
            for own in counts { #expect((rows / size...rows / size + 1).contains(own[table])) }
        }
    }

    @Test(arguments: sizes) func evaluationsAreTheSame(size: Int) throws {
        var training = SmallTraining()
        training.isRegularized = false
        let setting = training
        let corpus = (0..<Int32(SmallTraining.candidateCount)).map { $0 }
        @Sendable func measured(_ ranks: any Communicator) throws -> String {
            var trainer = try setting.trainer(ranks: ranks)
            try trainer.fit(SmallTraining.examples, batchSize: 8)
            let drawn = RankingProtocol(
                sampledNegatives: SampledNegatives(
                    count: 4, weights: corpus.map { Double($0 + 1) }, seed: 3))
            return "\(trainer.evaluate(SmallTraining.examples, corpus: corpus, batchSize: 7))"
                + "\(trainer.evaluate(SmallTraining.examples, corpus: corpus, rules: drawn))"
        }
        let expected = try measured(SingleProcess())
        for own in try InProcessRanks.run(size, measured) { #expect(own == expected) }
    }
}
