/// What is checked before a call scores anything, so that no measurement is left half done.
extension RetrievalTask {
    func check<ID>(
        _ queries: QueryEmbeddings, _ candidates: Matrix, _ options: RetrievalCallOptions<ID>
    ) throws(RetrievalError) {
        try require(
            "candidateEmbeddings", [candidates.rows, queries.values.columns],
            found: [candidates.rows, candidates.columns])
        if let weights = options.sampleWeight {
            try require("sampleWeight", [queries.count], found: [weights.count])
        }
        _ = try options.probabilityLayout(queries.count, candidates.rows)
        if let ids = options.candidateIDs {
            try require("candidateIDs", [candidates.rows], found: [ids.count])
        }
        _ = try options.maskLayout(queries.count, candidates.rows)
        if removeAccidentalHits && options.candidateIDs == nil {
            throw .missingArgument("candidateIDs", neededBy: "removeAccidentalHits")
        }
        if let numHardNegatives, numHardNegatives < -1 {
            throw .invalidOption(
                "numHardNegatives", required: "at least -1", found: "\(numHardNegatives)")
        }
    }

    func checkBatchMetrics(candidates: Int) throws(RetrievalError) {
        let columns = keptColumns(of: candidates)
        for metric in batchMetrics where columns < metric.requiredColumns {
            throw .tooFewColumns(
                metric: "\(type(of: metric))", required: metric.requiredColumns, found: columns)
        }
    }

    func checkCorpus<ID>(
        _ corpus: RetrievalCorpus<ID>?, _ queries: QueryEmbeddings, _ candidates: Matrix,
        _ options: RetrievalCallOptions<ID>
    ) throws(RetrievalError) -> RetrievalCorpus<ID> {
        guard let corpus else {
            throw .missingArgument("corpus", neededBy: "factorizedMetrics")
        }
        try require(
            "corpus", [corpus.index.count, queries.values.columns],
            found: [corpus.index.count, corpus.dimension])
        guard candidates.rows >= queries.count else {
            throw .shapeMismatch(
                argument: "candidateEmbeddings",
                required: "a positive for each of \(queries.count) queries, to rank it",
                found: "\(candidates.rows) candidates")
        }
        if options.candidateIDs != nil && corpus.ids == nil {
            throw .missingArgument("ids of the corpus", neededBy: "candidateIDs")
        }
        return corpus
    }

    private func require(
        _ argument: String, _ shape: [Int], found: [Int]
    ) throws(RetrievalError) {
        guard shape != found else { return }
        throw .shapeMismatch(
            argument: argument, required: "shape \(shape)", found: "shape \(found)")
    }
}

extension RetrievalCallOptions {
    func probabilityLayout(
        _ queries: Int, _ candidates: Int
    ) throws(RetrievalError) -> PairLayout? {
        guard let values = candidateSamplingProbability else { return nil }
        return try PairLayout(
            "candidateSamplingProbability", shape: candidateSamplingProbabilityShape,
            count: values.count, queries: queries, candidates: candidates)
    }

    func maskLayout(_ queries: Int, _ candidates: Int) throws(RetrievalError) -> PairLayout? {
        guard let values = scoreMask else { return nil }
        return try PairLayout(
            "scoreMask", shape: scoreMaskShape, count: values.count, queries: queries,
            candidates: candidates)
    }
}
