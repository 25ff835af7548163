import Retrieval

extension BenchmarkCase {
    /// One positive of each query ranked over a corpus, its candidates encoded anew; the same with
    /// every metric that needs ranks only; the 100 best of each query; the same with every metric
    /// that reads lists; top-100 accuracy alone, of a model that knows nothing and of one that
    /// does.
    static let evaluations: [BenchmarkCase] = [
        BenchmarkCase("evaluation/ranks", .evaluation, shape) { shape, random, lanes in
            let setting = EvaluationSetting(shape, &random, lanes)
            return Work(flops: setting.flops, items: shape.rows, run: { _ = setting.rank() }) {
                Work.Outcome(
                    found: setting.rank().strictlyGreater.map(Float.init),
                    expected: setting.plainRanks(),
                    // A level without fused multiply-adds may order near ties otherwise.
                    tolerance: InstructionSet.isFused ? 0 : 1)
            }
        },
        BenchmarkCase("evaluation/rank_metrics", .evaluation, shape) { shape, random, lanes in
            measured(shape, &random, lanes, depth: 0) { $0.needs.listDepth == 0 }
        },
        BenchmarkCase("evaluation/top_100", .evaluation, shape) { shape, random, lanes in
            measured(shape, &random, lanes, depth: 100) { _ in false }
        },
        BenchmarkCase("evaluation/list_metrics", .evaluation, shape) { shape, random, lanes in
            measured(shape, &random, lanes, depth: 100) { $0.needs.listDepth > 0 }
        },
        BenchmarkCase("evaluation/accuracy_untrained", .evaluation, shape) {
            accuracy(EvaluationSetting($0, &$1, $2))
        },
        // Some 30% of the positives are among the 100 best, as a good model has them.
        BenchmarkCase("evaluation/accuracy_trained", .evaluation, shape) {
            accuracy(EvaluationSetting($0, &$1, $2, affinity: 0.55))
        },
    ]

    private static let shape = Shape(20_000, 100_000, 64)

    /// Top-k accuracy, which needs no rank beyond k.
    private static func accuracy(_ setting: EvaluationSetting) -> Work {
        let depth = min(100, max(1, setting.shape.columns / 8))
        let metric = FactorizedTopK(ks: [1, 5, 10, 50, 100].filter { $0 <= depth } + [depth])
        @Sendable func measure() -> RankedQueries {
            let ranked = setting.rank(rankDepth: metric.needs.rankDepth)
            var run = FactorizedMetricRun(metric)
            run.measure(ranked)
            precondition(run.summarize().count == metric.ks.count)
            return ranked
        }
        return Work(
            flops: setting.flops, items: setting.shape.rows, run: { _ = measure() },
            computedShare: {
                Double(measure().scoreCount)
                    / (Double(setting.shape.rows) * Double(setting.shape.columns))
            },
            check: {
                Work.Outcome(
                    found: measure().strictlyGreater.map(Float.init),
                    expected: setting.plainRanks().map { min($0, Double(depth)) },
                    tolerance: InstructionSet.isFused ? 0 : 1)
            })
    }

    /// Ranks and lists, and those of the built-in metrics that are wanted.
    private static func measured(
        _ shape: Shape, _ random: inout RandomStream, _ lanes: Lanes, depth: Int,
        _ isWanted: @escaping @Sendable (any FactorizedMetric) -> Bool
    ) -> Work {
        let setting = EvaluationSetting(shape, &random, lanes)
        let metrics = Catalog.builtIn.names(of: .factorizedMetric).compactMap { name in
            try? Catalog.builtIn.make(
                .factorizedMetric, ComponentChoice(name: name, values: EvaluationSetting.column))
        }.filter(isWanted)
        @Sendable func measure() -> (ranked: RankedQueries, values: [MetricValue]) {
            let ranked = setting.rank(listDepth: depth)
            return (
                ranked,
                metrics.flatMap { metric in
                    var run = FactorizedMetricRun(metric)
                    run.measure(ranked)
                    return run.summarize()
                }
            )
        }
        func check() -> Work.Outcome {
            let found = measure().ranked
            // A positive stands in its query's list exactly where its rank says.
            let inLists = (0..<found.count).map { query -> Float in
                guard depth > 0 else { return Float(found.strictlyGreater[query]) }
                let list = found.lists.places(of: query)
                return list.firstIndex(of: found.places[query])
                    .map { Float($0 - list.startIndex) } ?? Float(depth)
            }
            let expected = setting.plainRanks().map { depth > 0 ? min($0, Double(depth)) : $0 }
            return Work.Outcome(
                found: inLists, expected: expected, tolerance: InstructionSet.isFused ? 0 : 1)
        }
        return Work(
            flops: setting.flops, items: shape.rows, run: { _ = measure() }, check: check)
    }
}

/// A random model and one interaction for each of its queries.
struct EvaluationSetting: Sendable {
    let shape: Shape
    let lanes: Lanes
    let counts: KeyCounts
    let model: TwoTowerModel
    let examples: Examples
    let knowledge: CorpusKnowledge

    /// The candidates' column that metrics by a feature read.
    static let column: FieldValues = {
        var values = FieldValues()
        values["column"] = .string("group")
        return values
    }()

    /// - Parameter affinity: how much of its positive's embedding each query's has at most; how
    ///   much is drawn evenly, so that ranks lie anywhere.
    init(
        _ shape: Shape, _ random: inout RandomStream, _ lanes: Lanes, affinity: Float? = nil
    ) {
        self.shape = shape
        self.lanes = lanes
        counts = KeyCounts(queries: shape.rows, candidates: shape.columns)
        var model = StepSetting.model(counts, dimension: shape.depth, &random)
        let candidates = (0..<shape.rows).map { _ in Int32(random.below(shape.columns)) }
        if let affinity {
            for row in 0..<shape.rows {
                let share = random.uniformFloat(in: 0..<affinity)
                for column in 0..<shape.depth {
                    model.parameters.matrices[0][row, column] +=
                        share * model.parameters.matrices[1][Int(candidates[row]), column]
                }
            }
        }
        self.model = model
        examples = Examples(
            queryKeys: (0..<Int32(shape.rows)).map { $0 }, candidateKeys: candidates)
        knowledge = CorpusKnowledge(
            trainingCounts: (0..<shape.columns).map { _ in Int32(random.below(100)) },
            columns: Table(
                name: "items",
                columns: [
                    (
                        "group",
                        .tokens(
                            TokenColumn(
                                codes: (0..<Int32(shape.columns)).map { $0 % 10 },
                                dictionary: (0..<10).map { "\($0)" }))
                    )
                ]))
    }

    var flops: Double {
        2 * Double(shape.rows) * Double(shape.columns) * Double(shape.depth)
    }

    func rank(listDepth: Int = 0, rankDepth: Int? = nil) -> RankedQueries {
        CorpusEvaluation(
            model: model, corpus: (0..<Int32(shape.columns)).map { $0 }, keyCounts: counts,
            lanes: lanes
        ).rank(examples, listDepth: listDepth, rankDepth: rankDepth, knowledge: knowledge)
    }

    /// Ranks by computing every score in turn.
    func plainRanks() -> [Double] {
        let (queries, items) = (model.parameters.matrices[0], model.parameters.matrices[1])
        return (0..<shape.rows).map { row in
            let scores = (0..<shape.columns).map { column in
                zip(queries.row(row), items.row(column)).reduce(Float(0)) {
                    $0.addingProduct($1.0, $1.1)
                }
            }
            let score = scores[Int(examples.candidateKeys[row])]
            return Double(scores.count { $0 > score })
        }
    }
}
