import ResultsFormat
import Retrieval

/// Measures a trained model on examples it was not trained on.
struct Evaluator {
    let plan: ExperimentPlan
    private let trainer: Trainer
    private let lanes: Lanes
    private let meter: WorkMeter

    /// - Parameter meter: told how far it is.
    init(plan: ExperimentPlan, trainer: Trainer, lanes: Lanes, meter: WorkMeter = WorkMeter()) {
        self.plan = plan
        self.trainer = trainer
        self.lanes = lanes
        self.meter = meter
    }

    /// For one part of the data, whose queries are encoded once.
    private func evaluator(of part: EvaluatedPart) -> Evaluator {
        Evaluator(
            plan: plan, trainer: trainer.remembering(queriesOf: part.examples), lanes: lanes,
            meter: meter)
    }

    /// Everything that the plan asks for of a part of the data.
    func evaluate(_ part: EvaluatedPart) -> EvaluationResult { evaluator(of: part).measure(part) }

    /// The losses and the corpus metrics that are watched during training, by name.
    func watch(_ part: EvaluatedPart) -> [(String, Double)] { evaluator(of: part).look(at: part) }

    private func measure(_ part: EvaluatedPart) -> EvaluationResult {
        var metrics = plan.task.makeMetricState()
        var result = EvaluationResult(
            examples: part.examples.count, definitions: plan.evaluation.definitions)
        // A baseline's scores are no logits.
        let losses = plan.schedule.isTrained ? losses(part.examples, &metrics) : nil
        result.loss = losses?.example
        result.regularizationLoss = losses?.regularization
        result.totalLoss = losses?.total
        if !plan.task.factorizedMetrics.isEmpty {
            let corpus = corpusEvaluation()
            let ranked = rank(
                part, corpus, listDepth: plan.evaluation.listDepth,
                rankDepth: plan.evaluation.rankDepth)
            metrics.measureRanks(ranked)
            meter.begin("intervals")
            result.intervals = Bootstrap(
                samples: plan.evaluation.definitions.bootstrapSamples, seed: plan.schedule.seed,
                lanes: lanes
            ).intervals(of: metrics.factorizedRuns, queryCount: ranked.queryCount)
            meter.begin("slices and diagnosis")
            result.slices = slices(of: part, ranked)
            result.diagnosis = diagnosis(part, corpus, ranked)
            result.baselines = baselines(part)
            result.profile = PartProfile(
                ranked, of: part,
                popularity: TrainingCounts.of(
                    plan.train.candidateKeys, keyCount: plan.keyCounts.candidates))
            result.profile?.examples = QueryExamples(
                plan: plan, part: part, ranked: ranked, corpus: corpus
            ).examples()
            if plan.evaluation.keepsFigures {
                result.figures = QueryFigures(ranked: ranked, runs: metrics.factorizedRuns)
            }
        }
        result.metrics = OrderedMap(
            losses == nil ? metrics.factorizedMetrics.flatMap { $0 } : metrics.summarize())
        return result
    }

    private func look(at part: EvaluatedPart) -> [(String, Double)] {
        var state = plan.task.makeMetricState()
        var values = losses(part.examples, &state).named
        let metrics = plan.evaluation.trainingMetrics
        var measured = state.measured
        if !metrics.isEmpty {
            let needs = metrics.map(\.needs)
            let ranked = rank(
                part, corpusEvaluation(), listDepth: needs.map(\.listDepth).max() ?? 0,
                rankDepth: needs.rankDepth)
            for metric in metrics {
                var run = FactorizedMetricRun(metric)
                run.measure(ranked)
                measured += run.summarize()
            }
        }
        values += measured.map { ($0.name, $0.value) }
        return values.filter { $0.1.isFinite }
    }

    private func corpusEvaluation() -> CorpusEvaluation {
        meter.begin("candidates")
        return CorpusEvaluation(
            model: trainer.model, corpus: plan.evaluation.corpus, keyCounts: plan.keyCounts,
            index: plan.evaluation.index, seed: plan.schedule.seed, lanes: lanes,
            ranks: trainer.ranks)
    }

    private func rank(
        _ part: EvaluatedPart, _ corpus: CorpusEvaluation, listDepth: Int, rankDepth: Int?
    ) -> RankedQueries {
        meter.begin("ranks")
        return corpus.rank(
            part.examples, rules: part.rules, listDepth: listDepth, rankDepth: rankDepth,
            searchDepth: plan.evaluation.searchDepth, knowledge: plan.evaluation.knowledge,
            interactionColumns: part.columns, meter: meter)
    }

    /// The metrics of rankings without training.
    private func baselines(_ part: EvaluatedPart) -> OrderedMap<OrderedMap<Double>> {
        let metrics = plan.task.factorizedMetrics
        let examples = part.examples.ofEntities
        return OrderedMap(
            plan.evaluation.baselines.map { baseline in
                meter.begin("baseline \(baseline.name)")
                let ranked = CorpusEvaluation(
                    model: baseline.model, corpus: plan.evaluation.corpus,
                    keyCounts: baseline.keyCounts, lanes: lanes, ranks: trainer.ranks
                ).rank(
                    examples, rules: part.rules, listDepth: plan.evaluation.listDepth,
                    rankDepth: metrics.map(\.needs).rankDepth,
                    knowledge: plan.evaluation.knowledge, interactionColumns: part.columns,
                    meter: meter)
                let values = metrics.flatMap { metric in
                    var run = FactorizedMetricRun(metric)
                    run.measure(ranked)
                    return run.summarize()
                }
                return (baseline.name, OrderedMap(values))
            })
    }

    private func slices(
        of part: EvaluatedPart, _ ranked: RankedQueries
    ) -> OrderedMap<SliceRecord> {
        OrderedMap(
            part.slices.map { slice in
                let chosen = ranked.selecting(slice.members)
                let values = plan.task.factorizedMetrics.flatMap { metric in
                    var run = FactorizedMetricRun(metric)
                    run.measure(chosen)
                    return chosen.count == 0 ? [] : run.summarize()
                }
                return (
                    slice.name,
                    SliceRecord(examples: slice.members.count, metrics: OrderedMap(values))
                )
            })
    }

    /// The losses over batches in the examples' order, as TFRS's `evaluate` forms them.
    private func losses(
        _ examples: Examples, _ metrics: inout RetrievalMetricState
    ) -> EvaluationLosses {
        var (exampleSum, batchSum) = (0.0, 0.0)
        let ranges = Batches.ranges(of: examples.count, size: plan.evaluation.batchSize)
        meter.begin("loss", count: examples.count, of: "interactions")
        for range in ranges {
            let result = trainer.evaluateLoss(examples, range, metrics: &metrics)
            exampleSum += result.exampleLossSum
            batchSum += result.loss
            meter.advance(by: range.count)
        }
        let parameters = trainer.model.parameters
        return EvaluationLosses(
            example: exampleSum / Double(examples.count),
            batchMean: batchSum / Double(ranges.count),
            regularization: parameters.hasRegularizers ? parameters.regularizationLoss : nil)
    }

    /// Whether the scores tell candidates apart and the lists queries, and what share of the best
    /// candidates an index that is not exact finds, over samples of the queries.
    private func diagnosis(
        _ part: EvaluatedPart, _ corpus: CorpusEvaluation, _ ranked: RankedQueries
    ) -> Diagnosis? {
        let candidates = plan.evaluation.corpus.count
        guard candidates > 1 else { return nil }
        return Diagnosis(
            candidates: candidates, lists: plan.evaluation.isSampled ? nil : lists(part, corpus),
            ties: corpus.diagnoseTies(part.examples, part.rules, ranked: ranked),
            collapse: corpus.diagnoseCollapse(part.examples))
    }

    private func lists(_ part: EvaluatedPart, _ corpus: CorpusEvaluation) -> Diagnosis.Lists {
        let found = corpus.diagnose(part.examples)
        let depth = plan.evaluation.searchDepth
        let recall = corpus.recall(of: part.examples, k: depth, seed: plan.schedule.seed)
        return Diagnosis.Lists(
            queries: found.queries, depth: found.depth, distinctShare: found.distinctShare,
            candidates: found.candidates,
            indexRecall: recall.map { Diagnosis.IndexRecall(depth: depth, share: $0) })
    }
}

/// The losses of a part of the data.
private struct EvaluationLosses {
    /// The mean over the examples.
    var example: Double
    /// The mean of the batches' losses.
    var batchMean: Double
    /// The penalties on the weights; nil where there are none.
    var regularization: Double?

    var total: Double? { regularization.map { batchMean + $0 } }

    var named: [(String, Double)] {
        [("loss", example)]
            + [("regularization_loss", regularization), ("total_loss", total)].compactMap {
                name, value in value.map { (name, $0) }
            }
    }
}

extension OrderedMap where Value == Double {
    func adding(_ values: [(String, Double)]) -> OrderedMap {
        var all = self
        for (name, value) in values { all[name] = value }
        return all
    }

    /// The values of metrics that are numbers. One that is not, such as the mean of nothing, has
    /// no place in JSON and is absent.
    init(_ metrics: [MetricValue]) {
        self.init(metrics.filter(\.value.isFinite).map { ($0.name, $0.value) })
    }
}
