import ResultsFormat
import Retrieval

/// Measures a trained model on examples it was not trained on.
struct Evaluator {
    let plan: ExperimentPlan
    let trainer: Trainer
    let lanes: Lanes

    func evaluate(_ examples: Examples) -> EvaluationRecord {
        var metrics = plan.task.makeMetricState()
        let loss = loss(examples, &metrics)
        let isIDBased = plan.spec.evaluate.idBased ?? false
        if !plan.task.factorizedMetrics.isEmpty {
            let corpus = CorpusEvaluation(
                model: trainer.model, corpus: plan.corpus, keyCounts: plan.keyCounts, lanes: lanes)
            metrics.measureRanks(
                corpus.rank(examples, comparison: isIDBased ? .id : .score))
        }
        return EvaluationRecord(
            metrics: OrderedMap(metrics.summarize()), examples: examples.count, loss: loss,
            definitions: ["id_based": .bool(isIDBased), "candidates": .integer(plan.corpus.count)])
    }

    /// Mean loss per example over batches in the examples' order, as TFRS's `evaluate` forms them.
    private func loss(_ examples: Examples, _ metrics: inout RetrievalMetricState) -> Double {
        var sum = 0.0
        for range in Batches.ranges(of: examples.count, size: plan.spec.evaluate.batchSize) {
            sum += trainer.evaluateLoss(examples, range, metrics: &metrics).exampleLossSum
        }
        return sum / Double(examples.count)
    }
}

extension OrderedMap where Value == Double {
    /// The values of metrics that are numbers. One that is not, such as the mean of nothing, has
    /// no place in JSON and is absent.
    init(_ metrics: [MetricValue]) {
        self.init(metrics.filter(\.value.isFinite).map { ($0.name, $0.value) })
    }
}
