import Experiments
import Retrieval

/// What may be asked of a task beside its loss: steps with it are timed, and their allocations
/// counted.
package struct StepOption: Sendable {
    package var name: String
    /// The keys of a spec's `task` that ask for it.
    var keys: [String] = []
    /// Whether a step with it has a case, beside that of the softmax without.
    var isTimed = true
    package var change: @Sendable (inout StepSetting) throws -> Void

    package static let all = [
        StepOption(name: "no_option", isTimed: false) { _ in },
        StepOption(name: "not_deduplicated") { $0.options.deduplication = .off },
        StepOption(name: "accidental_hits", keys: ["remove_accidental_hits"]) {
            $0.task.removeAccidentalHits = true
        },
        StepOption(name: "accidental_hits_not_deduplicated") {
            $0.task.removeAccidentalHits = true
            $0.options.deduplication = .off
        },
        StepOption(name: "seen_items", keys: ["score_mask"]) { $0.hideSeenItems() },
        StepOption(name: "hard_negatives", keys: ["num_hard_negatives"]) {
            $0.task.numHardNegatives = 10
        },
        StepOption(name: "seen_items_hard_negatives") {
            $0.hideSeenItems()
            $0.task.numHardNegatives = 10
        },
        StepOption(name: "extra_negatives") { setting in
            setting.options.extraNegatives = ExtraNegatives(
                count: setting.batchSize / 4, distribution: .uniform,
                corpus: Array(0..<Int32(setting.keyCounts.candidates)),
                training: setting.examples, candidateKeyCount: setting.keyCounts.candidates,
                seed: 1)
        },
        StepOption(name: "sampling_correction", keys: ["candidate_sampling_probability"]) {
            $0.options.samplingProbability = .fromTrainingFrequency(
                $0.examples, candidateKeyCount: $0.keyCounts.candidates)
        },
        StepOption(name: "sample_weights", keys: ["sample_weight"]) { setting in
            setting.examples.weights = (0..<setting.examples.count).map { 1 + Float($0 % 3) }
        },
        StepOption(name: "temperature", keys: ["temperature"]) { $0.task.temperature = 0.5 },
        StepOption(name: "batch_metrics", isTimed: false) { setting in
            setting.task.batchMetrics = try Catalog.builtIn.names(of: .batchMetric).map {
                try Catalog.builtIn.make(.batchMetric, ComponentChoice(name: $0))
            }
        },
        StepOption(name: "metrics_of_the_k_best", isTimed: false) {
            $0.task.batchMetrics = [Precision(topK: 3), Recall(topK: 40)]
        },
    ]

    /// The keys of a spec's `task` that no option asks for.
    package static var missingKeys: [String] {
        let known = Set(all.filter(\.isTimed).flatMap(\.keys))
        return TaskSection.description.fields.map(\.name).filter { !known.contains($0) }
    }
}

extension StepSetting {
    fileprivate mutating func hideSeenItems() {
        options.seenItems = SeenItems(examples, queryEntityCount: keyCounts.queries)
    }
}

extension BenchmarkCase {
    /// The softmax's step with each option, over the batches of `step/repeated`.
    static let optionSteps = StepOption.all.filter(\.isTimed).map { option in
        step("\(reference)_\(option.name)", referenceShape, keys: .repeated) { setting in
            do { try option.change(&setting) } catch {
                preconditionFailure("\(option.name): \(error)")
            }
        }.compared(with: reference)
    }
}
