import ResultsFormat
import Retrieval

/// Measures a trained model on examples it was not trained on.
struct Evaluator {
    let plan: ExperimentPlan
    let trainer: Trainer
    let lanes: Lanes

    /// Everything that the spec asks for of a part of the data.
    func evaluate(_ part: EvaluatedPart) -> Evaluation {
        var metrics = plan.task.makeMetricState()
        // A baseline's scores are no logits.
        let losses = plan.spec.baseline == nil ? losses(part.examples, &metrics) : nil
        var record = EvaluationRecord(
            metrics: [:], examples: part.examples.count, loss: losses?.example,
            regularizationLoss: losses?.regularization, totalLoss: losses?.total,
            definitions: definitions())
        var figures: QueryFigures?
        if !plan.task.factorizedMetrics.isEmpty {
            let corpus = corpusEvaluation()
            let ranked = rank(
                part, corpus, listDepth: plan.evaluation.listDepth,
                rankDepth: plan.evaluation.rankDepth)
            metrics.measureRanks(ranked)
            record.intervals = Bootstrap(
                samples: plan.spec.evaluate.bootstrapSamples, seed: UInt64(plan.spec.seed),
                lanes: lanes
            ).intervals(of: metrics.factorizedRuns, queryCount: ranked.queryCount)
            record.slices = slices(of: part, ranked)
            record.diagnosis = diagnosis(part, corpus, ranked)
            record.baselines = baselines(part)
            if plan.spec.evaluate.perQuery != nil {
                figures = QueryFigures(ranked: ranked, runs: metrics.factorizedRuns)
            }
        }
        record.metrics = OrderedMap(
            losses == nil ? metrics.factorizedMetrics.flatMap { $0 } : metrics.summarize())
        return Evaluation(record: record, figures: figures)
    }

    /// The losses and the corpus metrics that are watched during training, by name.
    func watch(_ part: EvaluatedPart) -> [(String, Double)] {
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
        CorpusEvaluation(
            model: trainer.model, corpus: plan.evaluation.corpus, keyCounts: plan.keyCounts,
            index: plan.evaluation.index, seed: UInt64(plan.spec.seed), lanes: lanes)
    }

    private func rank(
        _ part: EvaluatedPart, _ corpus: CorpusEvaluation, listDepth: Int, rankDepth: Int?
    ) -> RankedQueries {
        corpus.rank(
            part.examples, rules: part.rules, listDepth: listDepth, rankDepth: rankDepth,
            searchDepth: plan.evaluation.searchDepth, knowledge: plan.evaluation.knowledge,
            interactionColumns: part.columns)
    }

    /// The metrics of rankings without training.
    private func baselines(_ part: EvaluatedPart) -> OrderedMap<OrderedMap<Double>> {
        let metrics = plan.task.factorizedMetrics
        let examples = part.examples.ofEntities
        return OrderedMap(
            plan.evaluation.baselines.map { baseline in
                let ranked = CorpusEvaluation(
                    model: baseline.model, corpus: plan.evaluation.corpus,
                    keyCounts: baseline.keyCounts, lanes: lanes
                ).rank(
                    examples, rules: part.rules, listDepth: plan.evaluation.listDepth,
                    rankDepth: metrics.map(\.needs).rankDepth,
                    knowledge: plan.evaluation.knowledge, interactionColumns: part.columns)
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
        let ranges = Batches.ranges(of: examples.count, size: plan.spec.evaluate.batchSize)
        for range in ranges {
            let result = trainer.evaluateLoss(examples, range, metrics: &metrics)
            exampleSum += result.exampleLossSum
            batchSum += result.loss
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
    ) -> JSONValue? {
        guard plan.evaluation.corpus.count > 1 else { return nil }
        var found: JSONObject = [:]
        if plan.spec.evaluate.sampledNegatives == nil {
            let lists = corpus.diagnose(part.examples)
            found = [
                "sampled_queries": .integer(lists.queries), "list_depth": .integer(lists.depth),
                "distinct_lists": .number(lists.distinctShare),
                "candidates_listed": .integer(lists.candidates),
            ]
            let depth = plan.evaluation.searchDepth
            let recall = corpus.recall(of: part.examples, k: depth, seed: UInt64(plan.spec.seed))
            if let recall { found["index_recall@\(depth)"] = .number(recall) }
        }
        if let ties = corpus.diagnoseTies(part.examples, part.rules, ranked: ranked) {
            found["tied_positives"] = ties.json(candidates: plan.evaluation.corpus.count)
        }
        found["collapsed"] = corpus.diagnoseCollapse(part.examples).map { .string($0.rawValue) }
        return .object(found)
    }

    /// What the metrics mean.
    private func definitions() -> JSONValue {
        let section = plan.spec.evaluate
        let index: JSONValue = [
            "type": .string(section.candidates.name),
            "is_exact": .bool(plan.evaluation.index.isExact),
        ]
        var definitions: JSONObject = [
            "id_based": .bool(section.idBased ?? false),
            "candidates": .integer(plan.evaluation.corpus.count),
            "tie_policy": .string(section.tiePolicy.rawValue),
            "ties": .string(section.tiePolicy.definition),
            "per_query": .string(
                """
                relevant to a list is the set of the query's held-out candidates; a query with \
                several lists, of different contexts, times or samples, has the mean of theirs
                """),
            "exclude_seen": .string(section.excludeSeen.rawValue), "index": index,
        ]
        if section.bootstrapSamples > 0 {
            definitions["intervals"] = .string(
                "95%, percentiles of \(section.bootstrapSamples) Poisson bootstraps over queries")
        }
        definitions["metrics"] = .object(
            OrderedMap(plan.figures.ofEvaluation.map { ($0.name, $0.record.json) }))
        return .object(definitions)
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

/// What an evaluation found: what the results record, and the figures of single queries if asked.
struct Evaluation {
    var record: EvaluationRecord
    var figures: QueryFigures?
}

extension TiePolicy {
    /// What the results say of ties.
    fileprivate var definition: String {
        let lists = "; lists take equal scores in the corpus's order"
        return switch self {
        case .expected: "expected values over all orders of equal scores" + lists
        case .tfrs:
            "a positive stands before its equals or, found by id, in the corpus's order" + lists
        case .pessimistic: "a positive stands after its equals" + lists
        case .mean: "a positive stands in the middle of its equals" + lists
        }
    }
}

extension TieDiagnosis {
    fileprivate func json(candidates: Int) -> JSONValue {
        var found: JSONObject = [
            "positives": .integer(positives), "share": .number(share),
            "mean_ties": .number(meanTies),
        ]
        if queries > 0 {
            found["causes"] = [
                "queries": .integer(queries),
                "queries_with_zero_embedding": .integer(zeroQueries),
                "candidates": .integer(candidates),
                "candidates_with_zero_embedding": .integer(zeroCandidates),
                "candidates_with_equal_embedding": .integer(equalCandidates),
            ]
        }
        return .object(found)
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
