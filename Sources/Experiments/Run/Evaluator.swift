import ResultsFormat
import Retrieval

/// Measures a trained model against the whole corpus.
struct Evaluator {
    let plan: ExperimentPlan
    let trainer: Trainer
    let lanes: Lanes

    func evaluate(_ examples: Examples) -> EvaluationRecord {
        EvaluationRecord(
            metrics: OrderedMap(metrics(examples).map { ($0.name, $0.value) }),
            examples: examples.count, loss: loss(examples))
    }

    /// Mean loss per example over batches in the examples' order, as TFRS's `evaluate` forms them.
    private func loss(_ examples: Examples) -> Double {
        let ranges = Batches.ranges(of: examples.count, size: plan.spec.evaluate.batchSize)
        let sum = ranges.reduce(0) { $0 + trainer.evaluateLoss(examples, $1).exampleLossSum }
        return sum / Double(examples.count)
    }

    private func metrics(_ examples: Examples) -> [MetricValue] {
        var runs = plan.task.factorizedMetrics.map(FactorizedMetricRun.init)
        guard !runs.isEmpty else { return [] }
        let ranked = CorpusEvaluation(
            model: trainer.model, corpus: plan.corpus, keyCounts: plan.keyCounts, lanes: lanes
        ).rank(examples)
        for index in runs.indices { runs[index].measure(ranked) }
        return runs.flatMap { $0.summarize() }
    }
}
