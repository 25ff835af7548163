import Platform

extension Trainer {
    /// Trains for some epochs: Keras's `fit`.
    ///
    /// - Parameters:
    ///   - batchSize: examples of a step, each other's negatives.
    ///   - reshuffle: whether every epoch draws new batches.
    ///   - observe: told of every step and epoch.
    /// - Returns: what each epoch measured.
    /// - Throws: ``TrainingError`` where the loss is no longer a number.
    @discardableResult
    public mutating func fit(
        _ examples: Examples, epochs: Int = 1, batchSize: Int = 8192, reshuffle: Bool = true,
        observe: (TrainingRun.Event) -> Void = { _ in }
    ) throws(TrainingError) -> [EpochReport] {
        var run = TrainingRun(
            self, examples, epochs: epochs, batchSize: batchSize, reshuffle: reshuffle,
            seed: seed)
        defer { self = run.trainer }
        var history: [EpochReport] = []
        while let event = run.next() {
            observe(event)
            switch event {
            case .step(let step):
                guard step.result.isFinite else {
                    throw TrainingError(
                        epoch: step.epoch, step: step.step, loss: step.result.loss,
                        parameter: run.trainer.firstNonFiniteParameter)
                }
            case .epoch(let epoch): history.append(epoch)
            }
        }
        return history
    }

    /// Measures the model as it is: Keras's `evaluate`.
    ///
    /// - Parameters:
    ///   - corpus: the candidate tower's keys of the candidates among which positives are ranked.
    ///   - rules: whom a positive is ranked among.
    /// - Returns: `loss`, the mean over the examples, and the task's metrics.
    public func evaluate(
        _ examples: Examples, corpus: [Int32], batchSize: Int = 8192,
        rules: RankingProtocol = RankingProtocol()
    ) -> [MetricValue] {
        var metrics = task.makeMetricState()
        var sum = 0.0
        let trainer = remembering(queriesOf: examples)
        for range in Batches.ranges(of: examples.count, size: batchSize) {
            sum += trainer.evaluateLoss(examples, range, metrics: &metrics).exampleLossSum
        }
        let needs = task.factorizedMetrics.map(\.needs)
        if !needs.isEmpty {
            let evaluation = CorpusEvaluation(
                model: trainer.model, corpus: corpus, keyCounts: assembler.keyCounts, lanes: lanes,
                ranks: ranks)
            metrics.measureRanks(
                evaluation.rank(
                    examples, rules: rules, listDepth: needs.map(\.listDepth).max() ?? 0,
                    rankDepth: needs.rankDepth))
        }
        return [MetricValue(name: "loss", value: sum / Double(examples.count))]
            + metrics.summarize()
    }
}

/// A training whose loss is no longer a number.
public struct TrainingError: Error, Hashable, CustomStringConvertible {
    /// Where it happened, both from 1.
    public var epoch: Int
    /// The step of the epoch, from 1.
    public var step: Int
    public var loss: Double
    /// The first parameter whose gradient or values are not finite; nil: all are finite still.
    public var parameter: String?

    public var description: String {
        let source =
            parameter.map { "\($0) is the first parameter whose gradient or values are not finite" }
            ?? "every parameter is finite still: scores or losses are too large for a float"
        return
            "the training loss is \(loss.unsignedNaNText) in epoch \(epoch), step \(step); \(source)"
    }
}
