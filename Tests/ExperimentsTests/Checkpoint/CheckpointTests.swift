import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Synchronization
import TestSupport
import Testing

/// A run that was ended goes on to the same bits.
struct CheckpointTests {
    /// What a training's state is made of, in as many forms as there are.
    static let trainings: [String] = [
        "optimizer: sgd", "optimizer: {type: sgd, momentum: 0.9, nesterov: true}",
        "optimizer: adagrad", "optimizer: adam", "optimizer: {type: adam, amsgrad: true}",
        "optimizer: adamax", "optimizer: nadam", "optimizer: {type: rmsprop, momentum: 0.5}",
        "optimizer: adadelta", "optimizer: ftrl", "optimizer: clippy_adagrad",
        "optimizer: {type: adam, global_clipnorm: 0.5, weight_decay: 0.01}",
        """
        optimizer: {type: adam, learning_rate: {type: cosine_decay, initial_learning_rate: 0.1, \
        decay_steps: 20, warmup_steps: 4, warmup_target: 0.2}}
        """,
        """
        optimizer: {type: sgd, learning_rate: {type: exponential_decay, \
        initial_learning_rate: 0.1, decay_steps: 5, decay_rate: 0.5}}
        """,
        "optimizer: adam, gradient_accumulation_steps: 3",
        "optimizer: adagrad, reshuffle: false", "optimizer: adam, batches: by_query",
        "optimizer: adagrad, extra_negatives: {count: 8, distribution: popularity}",
        "optimizer: adam, optimizers: [{match: \"query/*\", type: sgd, learning_rate: 0.5}]",
    ]

    static func text(_ training: String, directory: String, every: String, more: String = "")
        -> String
    {
        SmallSpec.text(
            train: "{epochs: 4, batch_size: 48, \(training)}",
            more: "checkpoint: {every: \(every), directory: \(directory)}\n" + more)
    }

    /// Runs with a stop after some steps, as often as it takes; answers the results and how often
    /// the run went on.
    private func interrupted(
        _ text: String, after steps: Int
    ) throws -> (results: ExperimentResults, resumptions: Int) {
        var resumptions = 0
        for _ in 0..<100 {
            let count = Mutex(0)
            let experiment = Experiment(
                catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated()),
                stop: StopRequest {
                    count.withLock {
                        $0 += 1
                        return $0 > steps
                    }
                })
            let results = try experiment.run(try decode(text)) { event in
                if case .resumed = event { resumptions += 1 }
            }
            if results.record.status == .completed { return (results, resumptions) }
            #expect(results.record.status == .interrupted)
        }
        Issue.record("the run makes no progress")
        return (try run(text), resumptions)
    }

    @Test(arguments: trainings)
    func everyTrainingGoesOnToTheSameBits(training: String) throws {
        let folder = try TemporaryFolder()
        let whole = try run(SmallSpec.text(train: "{epochs: 4, batch_size: 48, \(training)}"))
        let (results, resumptions) = try interrupted(
            Self.text(training, directory: folder.path + "/a", every: "3 steps"), after: 7)
        #expect(resumptions >= 2)
        #expect(results.digest == whole.digest)
    }

    @Test(arguments: [
        "towers: {query: {layers: [{type: dropout, rate: 0.3}]}}",
        "towers: {query: {layers: [batch_normalization, {type: dense, units: 4}]}}",
        "task: {candidate_sampling_probability: streaming_estimate}",
        "loss: {type: info_nce, learnable_temperature: true}",
        """
        evaluate: {every: 1, on: test}
        train: {early_stopping: {monitor: test_loss, patience: 1}}
        """,
    ])
    func everyStateGoesOnToTheSameBits(more: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "base.yaml", SmallSpec.text(train: "{epochs: 5, batch_size: 48, optimizer: adam}"))
        let text = "extends: \(folder.path)/base.yaml\n" + more + "\n"
        let whole = try run(text)
        let (results, resumptions) = try interrupted(
            text + "checkpoint: {every: 2 steps, directory: \(folder.path)/a}\n", after: 6)
        #expect(resumptions >= 1)
        #expect(results.digest == whole.digest)
    }

    @Test(arguments: ["gru", "lstm", "self_attention", "average"])
    func everyEncoderGoesOnToTheSameBits(encoder: String) throws {
        let folder = try TemporaryFolder()
        let options =
            encoder == "average"
            ? "average"
            : encoder == "self_attention"
                ? "{type: self_attention, dropout: 0.2}" : "{type: \(encoder), units: 4}"
        func text(_ more: String) throws -> String {
            """
            name: shop
            \(try ShopData().write(to: folder))
            towers:
              query:
                features:
                  - {type: history, column: item_id, max_length: 5, order_by: time, \
            encoder: \(options), embedding: {output_dim: 4}}
              candidate:
                features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
            train: {epochs: 3, batch_size: 32, optimizer: adam}
            \(more)
            """
        }
        let whole = try run(try text(""))
        let (results, resumptions) = try interrupted(
            try text("checkpoint: {every: 2 steps, directory: \(folder.path)/a}"), after: 8)
        #expect(resumptions >= 2)
        #expect(results.digest == whole.digest)
    }

    // MARK: What goes wrong

    /// Leaves a run with some checkpoints; answers their folders, the last one first.
    private func leave(_ text: String, in folder: TemporaryFolder, after steps: Int) throws
        -> [String]
    {
        let count = Mutex(0)
        let results = try Experiment(
            catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated()),
            stop: StopRequest {
                count.withLock {
                    $0 += 1
                    return $0 > steps
                }
            }
        ).run(try decode(text))
        #expect(results.record.status == .interrupted)
        return folder.names(in: "a").filter { $0.hasPrefix("checkpoint-") }.reversed().map {
            "\(folder.path)/a/\($0)"
        }
    }

    @Test(arguments: ["cut", "flipped", "record", "gone"])
    func aDamagedCheckpointIsNoticedAndTheOneBeforeItIsUsed(damage: String) throws {
        let folder = try TemporaryFolder()
        let text = Self.text("optimizer: adam", directory: folder.path + "/a", every: "2 steps")
        let whole = try run(SmallSpec.text(train: "{epochs: 4, batch_size: 48, optimizer: adam}"))
        let left = try leave(text, in: folder, after: 9)
        #expect(left.count == 2)
        let file = left[0] + "/training.safetensors"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        switch damage {
        case "cut": bytes.removeLast(bytes.count / 2)
        case "flipped": bytes[bytes.count - 9] ^= 1
        default: break
        }
        switch damage {
        case "record": try Data("{".utf8).write(to: URL(filePath: left[0] + "/checkpoint.json"))
        case "gone": try FileManager.default.removeItem(atPath: file)
        default: try Data(bytes).write(to: URL(filePath: file))
        }
        let places = left[1].split(separator: "-").suffix(2).compactMap { Int($0) }
        var notices: [String] = []
        var resumed: [[Int]] = []
        let results = try Experiment(
            catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated())
        ).run(try decode(text)) { event in
            if case .notice(let text) = event { notices.append(text) }
            if case .resumed(let epoch, let step) = event { resumed.append([epoch, step]) }
        }
        #expect(results.digest == whole.digest)
        #expect(notices.count == 1)
        #expect(notices.first?.contains("the checkpoint before it is used") == true)
        #expect(resumed == [places])
    }

    @Test func anotherSpecOrOtherDataAreRefused() throws {
        let folder = try TemporaryFolder()
        let text = Self.text("optimizer: adam", directory: folder.path + "/a", every: "2 steps")
        _ = try leave(text, in: folder, after: 9)
        for (from, to, word) in [
            ("batch_size: 48", "batch_size: 47", "another spec"),
            ("name: sample", "name: sample\nseed: 3", "another spec"),
        ] {
            let other = text.replacing(from, with: to)
            #expect {
                _ = try run(other)
            } throws: {
                "\($0)".contains("holds checkpoints of \(word)")
                    && "\($0)".contains("--no-resume")
            }
        }
        var options = RunOptions(threads: 1, environment: isolated())
        options.resumption = .never
        let anew = try Experiment(catalog: .builtIn, options: options)
            .run(try decode(text.replacing("batch_size: 48", with: "batch_size: 47")))
        #expect(anew.record.status == .completed)
    }

    @Test func resumingRequiresACheckpointWhereItIsAskedFor() throws {
        let folder = try TemporaryFolder()
        var options = RunOptions(threads: 1, environment: isolated())
        options.resumption = .required
        let experiment = Experiment(catalog: .builtIn, options: options)
        let text = Self.text("optimizer: adam", directory: folder.path + "/a", every: "1 epoch")
        #expect(throws: ModelError.self) { _ = try experiment.run(try decode(text)) }
        #expect(throws: ModelError.self) { _ = try experiment.run(try decode(SmallSpec.text())) }
    }

    /// Written results need no checkpoints.
    @Test func checkpointsGoOnceTheResultsAreThere() throws {
        let folder = try TemporaryFolder()
        let text = Self.text("optimizer: adam", directory: folder.path + "/a", every: "1 epoch")
        let results = try run(text)
        #expect(folder.names(in: "a").count == 2)
        try results.write(to: folder.path + "/results.json")
        #expect(folder.names == ["results.json"])
    }

    @Test(arguments: ["1", "epoch", "-1 epochs", "2 fortnights", "1.5 epochs"])
    func aCadenceThatIsNoneIsAnError(every: String) {
        let text = SmallSpec.text(more: "checkpoint: {every: \"\(every)\"}")
        let found = errors(text)
        #expect(found.count == 1)
        #expect(found.first?.contains("such as '1 epoch' or '10 min'; found '\(every)'") == true)
    }
}
