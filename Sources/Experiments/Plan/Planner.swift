import ResultsFormat
import Retrieval
import YAMLTree

/// Turns a spec into a plan: reads the data, splits it, makes the components.
public struct Planner: Sendable {
    /// The components that specs may name.
    public let catalog: Catalog
    public let options: RunOptions
    /// What an earlier run left of the model, which is then built of it; nil: models are new.
    var built: BuiltParts?

    public init(catalog: Catalog, options: RunOptions) {
        self.catalog = catalog
        self.options = options
    }

    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data.
    public func plan(
        _ spec: ExperimentSpec, progress: (DataProgress) -> Void = { _ in }
    ) throws -> ExperimentPlan {
        // A program may have changed what the reader checked.
        let findings = SpecFindings.of(spec, catalog: catalog)
        guard findings.errors.isEmpty else { throw SpecError(findings) }
        let data = try DataPlanner(catalog: catalog, options: options, spec: spec)
            .prepare(progress: progress)
        let (dataset, split) = (data.dataset, data.split)
        let answering = try AnsweringFeatures(spec: spec, dataset: dataset, catalog: catalog)
            .warnings()
        let (reading, queries, candidates) = try entities(spec, dataset, split)

        let lanes = Lanes(threads: options.threads)
        let examples = try examples(dataset, queries, candidates, spec)
        let train = examples.selecting(split.train, lanes: lanes)
        let test = examples.selecting(split.test, lanes: lanes)
        let validation = split.validation.map { examples.selecting($0, lanes: lanes) }

        let loss = try catalog.make(.loss, spec.loss)
        var (model, builder) = try ModelPlanner(
            catalog: catalog, spec: spec, loss: loss, queries: queries, candidates: candidates,
            training: split.train, train: train,
            evaluated: [test] + [validation].compactMap(\.self), environment: options.environment,
            memoryLimit: options.memoryLimit, ranks: options.ranks.size, built: built
        ).model()
        let warmStart = try spec.warmStart.map { section in
            try WarmStart(section, of: &model, builder.learned, spec: spec, catalog: catalog)
        }
        try checkWeights(of: examples, split, spec)
        try MemoryNeed(
            model: model, parts: builder.parts, spec: spec,
            rows: min(spec.train.batchSize, train.count, max(queries.count, candidates.count)),
            ranks: options.ranks.size
        ).check(options)
        let corpus = Array(0..<Int32(candidates.count))
        let keyCounts = KeyCounts(
            queries: queries.count, candidates: candidates.count,
            queryEntities: queries.entityCount)
        let task = try task(spec, loss)
        let optimizers = try OptimizerPlanner(catalog: catalog, spec: spec).optimizers(
            of: model.parameters)
        // A baseline has nothing to train; the towers and their optimizers are still checked.
        let baseline = try baseline(spec, dataset, split, examples, train, keyCounts)
        let evaluated = try EvaluatedRows(spec: spec, dataset: dataset, split: split).counts()
        try checkBatchMetrics(task, spec, train, evaluated: evaluated)
        let figures = SpecFigures(spec, catalog: catalog)
        let evaluation = try EvaluationPlanner(
            catalog: catalog, spec: spec, figures: figures, dataset: dataset, split: split,
            candidates: candidates, examples: examples, train: train, keyCounts: keyCounts,
            metrics: task.factorizedMetrics, lanes: lanes
        ).plan()
        return ExperimentPlan(
            spec: spec, schedule: RunSchedule(spec, figures), origin: dataset.origin,
            fingerprint: dataset.fingerprint(of: split), filters: data.filters,
            unseen: data.unseen,
            counts: DataCounts(
                interactions: dataset.interactions.rowCount, queries: queries.entityCount,
                candidates: candidates.count, train: split.train.count, test: split.test.count,
                validation: split.validation?.count),
            model: baseline ?? model, parts: builder.parts, task: task,
            optimizers: baseline == nil ? optimizers : [],
            train: train, test: test, validation: validation, corpus: corpus,
            evaluation: evaluation, figures: figures,
            keyCounts: keyCounts,
            batchOptions: try BatchPlanner(
                spec: spec, candidates: candidates, train: train, corpus: corpus,
                keyCounts: keyCounts
            ).options(),
            learned: builder.learned, warmStart: warmStart,
            served: try spec.output.model == nil
                ? nil
                : ServedDataPlanner(
                    spec: spec, dataset: dataset, split: split, reading: reading,
                    candidates: candidates
                ).served(),
            notes: builder.notes + (warmStart?.notes ?? []) + split.notes
                + evaluated.compactMap(\.note),
            warnings: findings + data.warnings(of: spec) + answering
                + SpecWarnings.of(
                    spec, metrics: task.factorizedMetrics,
                    corpusCount: spec.evaluate.sampledNegatives.map {
                        min($0.count + 1, evaluation.corpus.count)
                    } ?? evaluation.corpus.count),
            parameterCount: (baseline ?? model).parameters.scalarCount,
            timeProfile: TimeProfile(
                of: dataset.interactions, split: split,
                column: spec.data.split.values["order_by"].flatMap(String.init(fieldValue:))),
            candidateTitles: CandidateTitles(dataset.candidates, id: spec.data.candidate))
    }

    /// What a plan would warn of, and the first error that it would end with, short of making the
    /// model.
    func warnings(of data: PreparedData, _ spec: ExperimentSpec) throws -> [Diagnostic] {
        var warnings = SpecFindings.of(spec, catalog: catalog).warnings + data.warnings(of: spec)
        do {
            warnings += try AnsweringFeatures(
                spec: spec, dataset: data.dataset, catalog: catalog
            ).warnings()
            let reading = try ColumnReading(
                of: spec.towers, data.dataset, candidate: spec.data.candidate, catalog)
            for (path, id, columns, table) in [
                (
                    "data.candidate", spec.data.candidate, reading.candidateColumns,
                    data.dataset.candidates
                ),
                ("data.query", spec.data.query, reading.queryColumns, data.dataset.queries),
            ] {
                _ = try spec.pointing(at: path) {
                    try EntitySpace(
                        id: id, reading: path == "data.candidate" ? columns : [],
                        of: data.dataset.interactions, sideTable: table,
                        interactionColumns: .fixed)
                }
            }
        } catch let error as SpecError {
            warnings += error.diagnostics
        }
        return warnings
    }

    /// Who asks and what is retrieved, each with the columns that its tower reads.
    private func entities(
        _ spec: ExperimentSpec, _ dataset: Dataset, _ split: DataSplit
    ) throws -> (reading: ColumnReading, queries: EntitySpace, candidates: EntitySpace) {
        let reading = try ColumnReading(
            of: spec.towers, dataset, candidate: spec.data.candidate, catalog)
        let candidates = try spec.pointing(at: "data.candidate") {
            try EntitySpace(
                id: spec.data.candidate, reading: reading.candidateColumns,
                of: dataset.interactions, sideTable: dataset.candidates,
                interactionColumns: .fixed)
        }
        let histories = try HistoryPlanner(
            spec: spec, interactions: dataset.interactions, candidates: candidates, split: split
        ).histories(reading.histories)
        // A baseline goes by the id, whether the tower reads it or not.
        let ids = spec.baseline == nil ? [] : [spec.data.query]
        let queries = try spec.pointing(at: "data.query") {
            try EntitySpace(
                id: spec.data.query, reading: reading.queryColumns + ids, histories: histories,
                of: dataset.interactions, sideTable: dataset.queries)
        }
        return (reading, queries, candidates)
    }

    /// The model in whose place the spec asks for a baseline.
    private func baseline(
        _ spec: ExperimentSpec, _ dataset: Dataset, _ split: DataSplit, _ examples: Examples,
        _ train: Examples, _ keyCounts: KeyCounts
    ) throws -> TwoTowerModel? {
        guard let choice = spec.baseline else { return nil }
        let baseline = try catalog.make(.baseline, choice)
        let index = try catalog.make(.candidateIndex, spec.evaluate.candidates)
        return try spec.pointing(at: "baseline") {
            var columns: [String: [Double]] = [:]
            for name in baseline.interactionColumns {
                columns[name] = try dataset.interactions.doubles(name).selecting(split.train)
            }
            var entities = [Int32](repeating: 0, count: keyCounts.queries)
            for (key, entity) in zip(examples.queryKeys, examples.queryEntities) {
                entities[Int(key)] = entity
            }
            return try baseline.makeModel(
                of: BaselineData(
                    train: train, keyCounts: keyCounts,
                    entityOfQueryKey: entities, columns: columns, seed: spec.randomSeed,
                    indexKeepsEmbeddings: index.keepsEmbeddings))
        }
    }

    /// All interactions as the towers know them.
    private func examples(
        _ dataset: Dataset, _ queries: EntitySpace, _ candidates: EntitySpace,
        _ spec: ExperimentSpec
    ) throws -> Examples {
        var weights: [Float]?
        if let reference = spec.task.sampleWeight {
            weights = try spec.pointing(at: "task.sample_weight.column") {
                try dataset.interactions.numbers(reference.column)
            }
            if let row = weights?.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
                throw spec.error(
                    at: "task.sample_weight.column",
                    "sample weights require numbers of at least 0; found \(weights![row]) in "
                        + "interaction \(row + 1)")
            }
        }
        return Examples(
            queryKeys: queries.keyOfInteraction, candidateKeys: candidates.keyOfInteraction,
            weights: weights,
            queryEntities: queries.hasContext ? queries.entityOfInteraction : nil)
    }

    /// Where nothing weighs anything, nothing is learnt or measured.
    private func checkWeights(
        of examples: Examples, _ split: DataSplit, _ spec: ExperimentSpec
    ) throws {
        guard let weights = examples.weights else { return }
        let parts = [("training", split.train), ("test", split.test)]
        for (name, rows) in parts + (split.validation.map { [("validation", $0)] } ?? []) {
            guard !rows.contains(where: { weights[Int($0)] > 0 }) else { continue }
            throw spec.error(
                at: "task.sample_weight.column",
                "sample weights require a number above 0 in every part; all \(rows.count) "
                    + "\(name) interactions weigh 0")
        }
    }

    /// Metrics over the k best columns need k columns in the smallest of the batches.
    private func checkBatchMetrics(
        _ task: RetrievalTask, _ spec: ExperimentSpec, _ train: Examples,
        evaluated: [EvaluatedRows.Count]
    ) throws {
        let smallestBatch = evaluated.flatMap {
            Batches.ranges(of: $0.evaluated, size: spec.evaluate.batchSize).map(\.count)
        }.reduce(
            Batches.smallest(of: train, size: spec.train.batchSize, spec.train.batches), min)
        let columns = task.keptColumns(of: smallestBatch)
        for (index, metric) in task.batchMetrics.enumerated() where metric.requiredColumns > columns
        {
            throw spec.error(
                at: "metrics.batch[\(index)]",
                """
                \(spec.metrics.batch[index].name) requires at least \(metric.requiredColumns) \
                candidates in every batch; found \(columns) in the smallest
                """)
        }
    }

    private func task(_ spec: ExperimentSpec, _ loss: any Loss) throws -> RetrievalTask {
        RetrievalTask(
            loss: loss,
            metrics: try spec.metrics.factorized.map { try catalog.make(.factorizedMetric, $0) },
            batchMetrics: try spec.metrics.batch.map { try catalog.make(.batchMetric, $0) },
            lossMetrics: try spec.metrics.loss.map { try catalog.make(.lossMetric, $0) },
            temperature: spec.task.temperature.map { Float($0) },
            numHardNegatives: spec.task.numHardNegatives,
            removeAccidentalHits: spec.task.removeAccidentalHits)
    }
}
