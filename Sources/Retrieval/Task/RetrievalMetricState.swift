/// What a task's metrics have measured over the calls so far.
///
/// ``RetrievalTask/makeMetricState()`` makes one that has measured nothing; making another is the
/// reset of Keras's metrics.
public struct RetrievalMetricState: Sendable {
    var lossRuns: [LossMetricRun]
    var batchRuns: [BatchMetricRun]
    package var factorizedRuns: [FactorizedMetricRun]

    /// The values of each loss metric, in the task's order.
    public var lossMetrics: [[MetricValue]] { lossRuns.map { $0.summarize() } }
    /// The values of each batch metric, in the task's order.
    public var batchMetrics: [[MetricValue]] { batchRuns.map { $0.summarize() } }
    /// The values of each metric over the corpus, in the task's order.
    public var factorizedMetrics: [[MetricValue]] { factorizedRuns.map { $0.summarize() } }

    /// The values of the metrics that every batch measures: loss and batch metrics.
    public var measured: [MetricValue] { (lossMetrics + batchMetrics).flatMap { $0 } }

    /// All values: of the loss metrics, the batch metrics, the metrics over the corpus.
    public func summarize() -> [MetricValue] {
        (lossMetrics + batchMetrics + factorizedMetrics).flatMap { $0 }
    }

    /// Measures a batch: its loss as the task returns it, and its scores.
    mutating func measure(
        _ result: ScoringResult, of problem: InBatchProblem, reduction: Reduction
    ) {
        if reduction == .none {
            var losses = result.exampleLosses
            for (slot, index) in problem.examples.batchIndex.enumerated() {
                losses[Int(index)] *= problem.examples.weights[slot]
            }
            measureLosses(losses)
        } else {
            measureLosses([Float(result.loss)])
        }
        measureBatch(result.batchMetrics)
    }

    mutating func measureBatch(_ runs: [BatchMetricRun]) {
        for (index, run) in runs.enumerated() { batchRuns[index].merge(run) }
    }

    mutating func measureLosses(_ losses: [Float]) {
        for index in lossRuns.indices { lossRuns[index].measure(losses) }
    }

    /// Adds some ranked queries to what the factorized metrics have measured.
    public mutating func measureRanks(_ queries: RankedQueries) {
        for index in factorizedRuns.indices { factorizedRuns[index].measure(queries) }
    }
}

extension RetrievalMetricState: Restorable {
    /// What batches have measured; metrics over the corpus measure at once.
    public func save(to arrays: inout NamedArrays, as name: String) {
        for (index, run) in lossRuns.enumerated() {
            run.save(to: &arrays, as: NamedArrays.path(name, "loss/\(index)"))
        }
        for (index, run) in batchRuns.enumerated() {
            run.save(to: &arrays, as: NamedArrays.path(name, "batch/\(index)"))
        }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        for index in lossRuns.indices {
            try lossRuns[index].restore(
                from: &arrays, as: NamedArrays.path(name, "loss/\(index)"))
        }
        for index in batchRuns.indices {
            try batchRuns[index].restore(
                from: &arrays, as: NamedArrays.path(name, "batch/\(index)"))
        }
    }
}

extension RetrievalTask {
    /// Metrics that have measured nothing.
    public func makeMetricState() -> RetrievalMetricState {
        RetrievalMetricState(
            lossRuns: lossMetrics.map(LossMetricRun.init),
            batchRuns: batchMetrics.map(BatchMetricRun.init),
            factorizedRuns: factorizedMetrics.map(FactorizedMetricRun.init))
    }
}
