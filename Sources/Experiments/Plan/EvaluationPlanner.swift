import Retrieval

/// Decides how a spec's model is measured over the corpus.
struct EvaluationPlanner {
    let catalog: Catalog
    let spec: ExperimentSpec
    let figures: SpecFigures
    let dataset: Dataset
    let split: DataSplit
    let candidates: EntitySpace
    /// All interactions as the towers know them.
    let examples: Examples
    let train: Examples
    let keyCounts: KeyCounts
    let metrics: [any FactorizedMetric]
    let lanes: Lanes

    private var section: EvaluateSection { spec.evaluate }

    func plan() throws -> EvaluationPlan {
        let index = try catalog.make(.candidateIndex, section.candidates)
        let trainingMetrics = try trainingMetrics()
        try checkColumns(trainingMetrics)
        let (corpus, times) = try corpus()
        let countOfKey = trainingCountOfKey()
        let trainingCounts = corpus.map { countOfKey[Int($0)] }
        let evaluated = EvaluatedRows(spec: spec, dataset: dataset, split: split)
        let part: (String, [Int32], SeenItems?) throws -> EvaluatedPart = { name, all, seen in
            let rows = try evaluated.rows(all, of: name)
            return EvaluatedPart(
                examples: examples.selecting(rows, lanes: lanes),
                rules: try rules(rows, seen, times, trainingCounts),
                columns: try columns(rows, trainingMetrics), slices: try Slices(self, rows).all(),
                queryNames: try names(spec.data.query, rows),
                candidateNames: try names(spec.data.candidate, rows))
        }
        let needs = (metrics + trainingMetrics).map(\.needs)
        return EvaluationPlan(
            definitions: definitions(index, corpus), batchSize: section.batchSize,
            isSampled: section.sampledNegatives != nil, keepsFigures: section.perQuery != nil,
            index: index, corpus: corpus,
            knowledge: CorpusKnowledge(
                trainingCounts: trainingCounts, columns: candidates.table.selecting(corpus)),
            listDepth: min(needs.map(\.listDepth).max() ?? 0, corpus.count),
            // The figures of single queries hold every rank.
            rankDepth: section.perQuery == nil ? metrics.map(\.needs).rankDepth : nil,
            searchDepth: min(
                needs.map { max($0.rankDepth ?? 0, $0.listDepth) }.max() ?? 0, corpus.count),
            test: try part("test", split.test, try seen(section.excludeSeen)),
            validation: try split.validation.map {
                let exclusion = section.excludeSeen == .nothing ? SeenExclusion.nothing : .train
                return try part("validation", $0, try seen(exclusion))
            },
            baselines: try baselines(), trainingMetrics: trainingMetrics,
            candidateNames: try candidates.table.selecting(corpus).tokens(spec.data.candidate))
    }

    private func definitions(
        _ index: any CandidateIndexDefinition, _ corpus: [Int32]
    ) -> EvaluationDefinitions {
        EvaluationDefinitions(
            isIDBased: section.idBased ?? false, candidates: corpus.count,
            tiePolicy: section.tiePolicy, excludeSeen: section.excludeSeen,
            index: (section.candidates.name, index.isExact),
            bootstrapSamples: section.bootstrapSamples,
            metrics: figures.ofEvaluation)
    }

    // MARK: Whom positives are ranked among

    /// The keys of the corpus and, where candidates begin to exist, their times.
    private func corpus() throws -> (keys: [Int32], times: Times?) {
        var keys = Array(0..<Int32(keyCounts.candidates))
        if let filter = section.candidateFilter {
            keys = try filtered(keys, filter)
        }
        guard let columns = section.availableAt else { return (keys, nil) }
        let times = try times(columns)
        keys.sort { (times.candidates[Int($0)], $0) < (times.candidates[Int($1)], $1) }
        return (
            keys,
            Times(
                candidates: keys.map { times.candidates[Int($0)] },
                interactions: times.interactions)
        )
    }

    /// When candidates begin to exist and when interactions happened, as integers of one order.
    private struct Times {
        var candidates: [Int64]
        var interactions: [Int64]
    }

    private func times(_ columns: AvailabilityColumns) throws -> Times {
        let path = "evaluate.available_at"
        let column = { (name: String, table: Table, member: String) throws -> Column in
            let place = "\(path).\(member)"
            let column = try spec.pointing(at: place) { try table.column(name) }
            guard column.doubles == nil else { return column }
            throw spec.error(
                at: place,
                "column '\(name)' of the \(table.name) must hold times or numbers, but holds "
                    + column.kind)
        }
        let candidate = try column(columns.candidate, candidates.table, "candidate")
        let interaction = try column(columns.interaction, dataset.interactions, "interaction")
        guard let keys = OrderKeys.comparable(candidate, interaction) else {
            throw spec.error(at: path, "times cannot be compared with \(interaction.kind)")
        }
        return Times(candidates: keys.first, interactions: keys.second)
    }

    private func filtered(_ keys: [Int32], _ filter: CandidateFilter) throws -> [Int32] {
        let path = "evaluate.candidate_filter.column"
        let column = try spec.pointing(at: path) { try candidates.table.column(filter.column) }
        let wanted = Set(filter.values)
        let kept: [Int32]
        switch column {
        case .tokens(let tokens): kept = keys.filter { wanted.contains(tokens[Int($0)]) }
        case .tokenLists(let lists):
            kept = keys.filter { lists[Int($0)].contains(where: wanted.contains) }
        default:
            throw spec.error(
                at: path, "'\(filter.column)' requires tokens to filter by; found \(column.kind)")
        }
        guard !kept.isEmpty else {
            throw spec.error(
                at: "evaluate.candidate_filter.values",
                "no candidate has any of these in '\(filter.column)'")
        }
        return kept
    }

    private func rules(
        _ rows: [Int32], _ seen: SeenItems?, _ times: Times?, _ counts: [Int32]
    ) throws -> RankingProtocol {
        var rules = RankingProtocol(
            comparison: section.idBased ?? false ? .id : .score, tiePolicy: section.tiePolicy,
            excluded: seen)
        if let times {
            rules.availability = Availability(
                candidates: times.candidates,
                interactions: rows.map { times.interactions[Int($0)] })
        }
        if let sampled = section.sampledNegatives {
            rules.sampledNegatives = SampledNegatives(
                count: sampled.count,
                weights: counts.map { sampled.distribution == .uniform ? 1 : Double($0) },
                seed: spec.randomSeed)
        }
        return rules
    }

    private func seen(_ exclusion: SeenExclusion) throws -> SeenItems? {
        let past: [Int32]
        switch exclusion {
        case .nothing: return nil
        case .train: past = split.train
        case .trainAndValidation: past = split.train + (split.validation ?? [])
        }
        return SeenItems(
            examples.selecting(past), queryEntityCount: keyCounts.queryEntities)
    }

    // MARK: What the model is held against

    private func baselines() throws -> [PlannedBaseline] {
        let keyCounts = KeyCounts(
            queries: keyCounts.queryEntities, candidates: keyCounts.candidates)
        var planned: [PlannedBaseline] = []
        for (place, choice) in section.baselines.enumerated() where choice != spec.baseline {
            let baseline = try catalog.make(.baseline, choice)
            try spec.pointing(at: "evaluate.baselines[\(place)]") {
                var columns: [String: [Double]] = [:]
                for name in baseline.interactionColumns {
                    columns[name] = try dataset.interactions.doubles(name)
                        .selecting(split.train)
                }
                let model = try baseline.makeModel(
                    of: BaselineData(
                        train: train.ofEntities, keyCounts: keyCounts,
                        entityOfQueryKey: Array(0..<Int32(keyCounts.queries)), columns: columns,
                        seed: UInt64(spec.seed)))
                let namesakes = planned.count { $0.name.hasPrefix(choice.name) }
                planned.append(
                    PlannedBaseline(
                        name: choice.name + (namesakes > 0 ? "_\(namesakes + 1)" : ""),
                        model: model, keyCounts: keyCounts))
            }
        }
        return planned
    }

    // MARK: What metrics read

    private func trainingMetrics() throws -> [any FactorizedMetric] {
        guard section.every != nil else { return [] }
        if section.on == .validation && split.validation == nil {
            throw spec.error(
                at: "evaluate.every",
                """
                there is no validation part to evaluate during training: give data.split one, or \
                say 'on: test'
                """)
        }
        return try section.metrics?.map { try catalog.make(.factorizedMetric, $0) } ?? metrics
    }

    /// The metrics with where the spec names them, those of the training after the others.
    private func placed(
        _ trainingMetrics: [any FactorizedMetric]
    ) -> [(metric: any FactorizedMetric, path: String)] {
        let own = section.metrics == nil ? [] : trainingMetrics
        return metrics.enumerated().map { ($1, "metrics.factorized[\($0)]") }
            + own.enumerated().map { ($1, "evaluate.metrics[\($0)]") }
    }

    private func checkColumns(_ trainingMetrics: [any FactorizedMetric]) throws {
        for (metric, path) in placed(trainingMetrics) {
            func check(_ names: [String], for required: String, _ isFit: (Column) -> Bool) throws {
                for name in names {
                    let column = try spec.pointing(at: path) { try candidates.table.column(name) }
                    guard isFit(column) else {
                        throw spec.error(
                            at: path, "'\(name)' requires \(required); found \(column.kind)")
                    }
                }
            }
            try check(metric.needs.candidateColumns, for: "tokens") { column in
                switch column {
                case .tokens, .tokenLists: true
                default: false
                }
            }
            try check(metric.needs.candidateNumbers, for: "numbers") { $0.doubles != nil }
        }
    }

    private func columns(
        _ rows: [Int32], _ trainingMetrics: [any FactorizedMetric]
    ) throws -> [String: [Float]] {
        var columns: [String: [Float]] = [:]
        for (metric, path) in placed(trainingMetrics) {
            for name in metric.needs.interactionColumns where columns[name] == nil {
                let values = try spec.pointing(at: path) { try dataset.interactions.numbers(name) }
                if let row = values.firstIndex(where: { !$0.isFinite }) {
                    throw spec.error(
                        at: path,
                        "'\(name)' requires finite numbers; found \(values[row]) in interaction "
                            + "\(row + 1)")
                }
                columns[name] = rows.map { values[Int($0)] }
                if (metric as? CorpusNDCG)?.gainColumn == name {
                    try check(gains: columns[name] ?? [], of: name, at: path)
                }
            }
        }
        return columns
    }

    /// Where nothing gains anything, there is no figure.
    private func check(gains: [Float], of name: String, at path: String) throws {
        guard !gains.contains(where: { $0 > 0 }) else { return }
        throw spec.error(
            at: path,
            "gains require a number above 0 in every part that is evaluated; found none in the "
                + "\(gains.count) rows of '\(name)'")
    }

    private func names(_ column: String, _ rows: [Int32]) throws -> TokenColumn {
        let tokens = try dataset.interactions.tokens(column)
        return TokenColumn(
            codes: tokens.codes.gathered(rows, lanes: lanes), dictionary: tokens.dictionary)
    }

    /// How often each candidate key stands in the training interactions.
    private func trainingCountOfKey() -> [Int32] {
        var counts = [Int32](repeating: 0, count: keyCounts.candidates)
        for key in train.candidateKeys { counts[Int(key)] += 1 }
        return counts
    }
}

extension [Double] {
    /// The elements at these positions, in their order.
    func selecting(_ positions: [Int32]) -> [Double] { positions.map { self[Int($0)] } }
}
