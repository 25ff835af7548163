import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Synchronization
import TestSupport
import Testing

/// An experiment that ranks run together has the digest of one process, whatever it consists of.
struct SpreadRunTests {
    private static let setups = [(1, 2), (2, 1), (2, 2), (4, 1), (4, 2)]

    /// The digest at each rank.
    private func digests(_ text: String, ranks size: Int, threads: Int) throws -> [String] {
        try InProcessRanks.run(size) { ranks in
            var options = RunOptions(threads: threads, environment: isolated())
            options.ranks = ranks
            return try Experiment(catalog: .builtIn, options: options).run(try decode(text)).digest
        }
    }

    private func check(_ text: String, setups: [(Int, Int)] = Self.setups) throws {
        let expected = try run(text, threads: 1).digest
        for (ranks, threads) in setups {
            let found = try digests(text, ranks: ranks, threads: threads)
            #expect(
                found == [String](repeating: expected, count: ranks),
                "\(ranks) ranks of \(threads) threads")
        }
    }

    @Test(arguments: CheckpointTests.trainings) func everyTraining(training: String) throws {
        try check(SmallSpec.text(train: "{epochs: 3, batch_size: 48, \(training)}"))
    }

    @Test(arguments: Catalog.builtIn.names(of: .loss)) func everyLoss(loss: String) throws {
        try check(SmallSpec.text(more: "loss: \(loss)"))
    }

    private static let sections: [String] = [
        "task: {num_hard_negatives: 5}",
        "task: {num_hard_negatives: 5, remove_accidental_hits: true, temperature: 0.5}",
        "task: {remove_accidental_hits: true, candidate_sampling_probability: streaming_estimate}",
        "task: {score_mask: seen_items, candidate_sampling_probability: from_training_frequency}",
        "train: {deduplicate: \"off\"}",
        "train: {batch_size: 5}",
        "train: {extra_negatives: {count: 7, distribution: popularity}}",
        "loss: {type: info_nce, learnable_temperature: true}",
        "towers: {query: {layers: [{type: dropout, rate: 0.3}, {type: dense, units: 4}]}}",
        """
        towers:
          query: {layers: [batch_normalization, {type: dense, units: 4, activation: relu}]}
          candidate: {layers: [{type: dense, units: 4}, batch_normalization]}
        """,
        "towers: {query: {layers: [{type: multi_head, heads: 3, units: 4}]}}",
        """
        towers:
          query:
            features:
              - {type: string_lookup, column: user_id, embedding: {output_dim: 4}}
              - {type: hashing, column: user_id, num_bins: 7, embedding: {output_dim: 3}}
            layers: [{type: dense, units: 4}]
        """,
        """
        towers:
          candidate:
            features:
              - {type: string_lookup, column: item_id, embedding: {output_dim: 4,
                 embeddings_regularizer: {type: l2, l2: 0.01}}}
        """,
        """
        evaluate: {every: 1, on: test}
        train: {epochs: 5, early_stopping: {monitor: test_loss, patience: 1}}
        """,
        "evaluate: {exclude_seen: train, tie_policy: pessimistic, batch_size: 17}",
        "evaluate: {id_based: true}",
        "evaluate: {sampled_negatives: {count: 9, distribution: popularity}}",
        "evaluate: {candidates: {type: streaming, batch_size: 7}}",
        "evaluate: {candidates: approximate, id_based: true}",
        "evaluate: {slices: [unseen_queries, unseen_candidates], baselines: [most_popular, random]}",
        "metrics: {factorized: [\(names(.factorizedMetric, but: "intra_list_diversity"))]}",
        "metrics: {batch: [\(names(.batchMetric))], loss: [\(names(.lossMetric))]}",
        "baseline: most_popular",
    ]

    /// All components of a kind that need no options, but for one.
    private static func names<Product>(
        _ kind: ComponentKind<Product>, but left: String = ""
    ) -> String {
        Catalog.builtIn.names(of: kind).filter { $0 != left }.joined(separator: ", ")
    }

    @Test(arguments: sections) func everySection(more: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("base.yaml", SmallSpec.text())
        try check("extends: \(folder.path)/base.yaml\n" + more + "\n")
    }

    @Test(
        arguments: Catalog.builtIn.names(of: .sequenceEncoder)
    )
    func everyEncoder(encoder: String) throws {
        let folder = try TemporaryFolder()
        let options = ["gru", "lstm"].contains(encoder) ? ", units: 4" : ""
        try check(
            """
            name: shop
            \(try ShopData().write(to: folder))
            towers:
              query:
                features:
                  - {type: history, column: item_id, max_length: 5, order_by: time,
                     encoder: {type: \(encoder)\(options)}, embedding: {output_dim: 4, table: items}}
              candidate:
                features:
                  - {type: string_lookup, column: item_id, embedding: {output_dim: 4, table: items}}
            train: {epochs: 2, batch_size: 32, optimizer: adam}
            """)
    }

    /// Of more candidates than lanes may hold gradients of, and of fewer rows than lanes.
    @Test func fewerLanesThanRanks() throws {
        try check(SmallSpec.text(train: "{epochs: 1, batch_size: 3}"))
    }

    // MARK: Checkpoints

    private static let checkpointed = [
        "optimizer: adam, gradient_accumulation_steps: 2", "optimizer: sgd",
        "optimizer: {type: rmsprop, momentum: 0.5, global_clipnorm: 0.5}",
        "optimizer: clippy_adagrad",
        "optimizer: adam, early_stopping: {monitor: loss, restore_best_weights: true}",
    ]

    /// Ended at some ranks, gone on with at others.
    @Test(arguments: [(4, 1), (1, 4), (2, 4)], checkpointed)
    func goesOnAtOtherRanks(ranks: (from: Int, to: Int), training: String) throws {
        let (from, to) = ranks
        let folder = try TemporaryFolder()
        let text = CheckpointTests.text(training, directory: folder.path + "/a", every: "2 steps")
        let whole = try run(SmallSpec.text(train: "{epochs: 4, batch_size: 48, \(training)}"))
        @Sendable func part(
            _ ranks: any Communicator, until last: Int
        ) throws -> (status: String, digest: String, resumed: Bool) {
            var options = RunOptions(threads: 1, environment: isolated())
            options.ranks = ranks
            let steps = Counter()
            // One rank alone is asked to stop.
            let stop = StopRequest {
                steps.next() > last && ranks.rank == ranks.size - 1
            }
            var resumed = false
            let results = try Experiment(catalog: .builtIn, options: options, stop: stop)
                .run(try decode(text)) { if case .resumed = $0 { resumed = true } }
            return ("\(results.record.status)", results.digest, resumed)
        }
        for ended in try InProcessRanks.run(from, { try part($0, until: 7) }) {
            #expect(ended.status == "interrupted")
        }
        for ended in try InProcessRanks.run(to, { try part($0, until: .max) }) {
            #expect(ended.status == "completed")
            #expect(ended.digest == whole.digest)
            #expect(ended.resumed)
        }
    }

    /// The file is that of one process, though each rank has sent its rows alone.
    @Test(arguments: [2, 4]) func theCheckpointIsThatOfOneProcess(size: Int) throws {
        let folder = try TemporaryFolder()
        @Sendable func part(_ ranks: any Communicator, _ name: String) throws {
            var options = RunOptions(threads: 1, environment: isolated())
            options.ranks = ranks
            let steps = Counter()
            _ = try Experiment(
                catalog: .builtIn, options: options, stop: StopRequest { steps.next() > 7 }
            ).run(
                try decode(
                    CheckpointTests.text(
                        "optimizer: adam", directory: folder.path + "/" + name, every: "1 epoch")))
        }
        try part(SingleProcess(), "one")
        _ = try InProcessRanks.run(size) { try part($0, "all") }
        func state(_ name: String) throws -> Data {
            let path = folder.path + "/" + name
            let last = try #require(
                FileManager.default.contentsOfDirectory(atPath: path).sorted().last)
            return try Data(
                contentsOf: URL(fileURLWithPath: "\(path)/\(last)/training.safetensors"))
        }
        #expect(try state("all") == state("one"))
    }

    // MARK: Models

    @Test(arguments: [2, 4]) func theModelIsThatOfOneProcess(size: Int) throws {
        let folder = try TemporaryFolder()
        func text(_ name: String) -> String {
            SmallSpec.text(
                train: "{epochs: 2, batch_size: 48, optimizer: adam}",
                more: "output: {model: \(folder.path)/\(name)}")
        }
        let expected = try #require(try run(text("one")).record.model).digest
        let shared = text("all")
        let found = try InProcessRanks.run(size) { ranks in
            var options = RunOptions(threads: 1, environment: isolated())
            options.ranks = ranks
            return try Experiment(catalog: .builtIn, options: options).run(try decode(shared))
                .record.model?.digest
        }
        // The first rank writes it.
        #expect(found == [expected] + [String?](repeating: nil, count: size - 1))
    }

    // MARK: What is refused

    @Test func whatCannotBeSpreadIsNamed() throws {
        let text = SmallSpec.text(
            more: """
                evaluate: {sampled_negatives: {count: 9}, candidates: {type: streaming}}
                """)
        #expect(throws: SpecError.self) { try digests(text, ranks: 2, threads: 1) }
    }

    @Test func ranksThatDifferAreTold() throws {
        #expect(throws: RankError.differentPlans(rank: 0, other: 1, what: "specs")) {
            try InProcessRanks.run(2) { ranks in
                var options = RunOptions(threads: 1, environment: isolated())
                options.ranks = ranks
                let text = SmallSpec.text(items: ranks.rank == 0 ? 30 : 31)
                return try Experiment(catalog: .builtIn, options: options).run(try decode(text))
                    .digest
            }
        }
    }
}

/// Counts calls.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
