import Foundation
import Retrieval

/// The members that all cases of metrics and layers over a corpus have.
struct CorpusCase {
    let name: String
    let isInformational: Bool
    let inputs: Any?
    let options: Any?
    let expected: Any?

    init(_ value: Any) throws {
        var fields = try Fields(value, "case")
        name = try fields.string("name") ?? ""
        isInformational = try fields.flag("informational")
        _ = fields.take("note")
        _ = fields.take("extreme")
        inputs = fields.take("inputs")
        options = fields.take("options")
        expected = fields.take("expected")
        try fields.finish()
    }

    func run() throws -> CaseResult {
        var names = try Fields(inputs, "inputs")
        return names.take("batches") == nil
            ? try TopKLayerCase(self).run() : try FactorizedTopKCase(self).run()
    }
}

/// A corpus with the index that a case names.
private struct IndexedCorpus {
    let corpus: RetrievalCorpus<VectorID>
    let count: Int
    /// The size of the smallest batch, where batches must hold k candidates.
    let smallestBatch: Int?
    let isBruteForce: Bool

    init(_ value: Any?, index: Any?) throws {
        var fields = try Fields(value, "corpus")
        let embeddings = try fields.requiredTensor("embeddings").matrix()
        let ids = try fields.tensor("ids")?.ids()
        try fields.finish()
        var options = try Fields(index, "index")
        let layer = try options.string("layer") ?? ""
        let batchSize = try options.integer("batch_size")
        let handles = options.take("handle_incomplete_batches") as? Bool ?? true
        try options.finish()
        count = embeddings.rows
        isBruteForce = layer == "BruteForce"
        var index: any CandidateIndex = BruteForce(embeddings)
        if !isBruteForce {
            guard layer == "Streaming" || layer == "Dataset", let batchSize else {
                throw VectorProblem("unknown index '\(layer)'")
            }
            index = Streaming(embeddings, batchSize: batchSize)
        }
        let last = batchSize.map { embeddings.rows % $0 == 0 ? $0 : embeddings.rows % $0 }
        smallestBatch = handles ? nil : last
        corpus = try RetrievalCorpus(
            index: index, ids: ids ?? (0..<embeddings.rows).map(VectorID.number),
            dimension: embeddings.columns)
    }

    /// Where we answer although TFRS raises.
    func whyNotRaised(k: Int) -> String? {
        if isBruteForce && k > count {
            return "a k beyond the corpus always hits, where BruteForce raises"
        }
        if let smallestBatch, smallestBatch < k {
            return "incomplete batches are always handled, where TFRS can be told to raise"
        }
        return nil
    }
}

/// A case of `tfrs.metrics.FactorizedTopK`.
private struct FactorizedTopKCase {
    let indexed: IndexedCorpus
    let ks: [Int]
    let isIDBased: Bool
    let batches: [Any]
    let vector: CorpusCase

    init(_ vector: CorpusCase) throws {
        self.vector = vector
        var options = try Fields(vector.options, "options")
        ks = try options.list("ks").compactMap { $0 as? Int }
        isIDBased = try options.flag("id_based")
        let index = options.take("index")
        try options.finish()
        var inputs = try Fields(vector.inputs, "inputs")
        indexed = try IndexedCorpus(inputs.take("corpus"), index: index)
        batches = try inputs.list("batches")
        try inputs.finish()
    }

    func run() throws -> CaseResult {
        var result = CaseResult()
        var expected = try Fields(vector.expected, "expected")
        let metric = FactorizedTopK(ks: ks)
        var run = FactorizedMetricRun(metric)
        let names = try expected.list("metric_names").compactMap { $0 as? String }
        if names != run.summarize().map(\.name) { result.differences.append("names: \(names)") }
        let exact = try expected.tensor("exact_arithmetic_results")?.floats()
        let states = try expected.list("after_batch")
        for (index, state) in states.enumerated() {
            var fields = try Fields(state, "after_batch[\(index)]")
            let raises = fields.take("exception") != nil
            let want = try fields.tensor("results")?.floats()
            try fields.finish()
            do {
                run.measure(try rank(batches[index]))
            } catch is RetrievalError {
                if !raises { result.differences.append("batch \(index): raised") }
                return result
            }
            if raises {
                result.deliberateDifference = whyNotRaised(index)
                if result.deliberateDifference == nil {
                    result.differences.append("batch \(index): nothing was raised")
                }
                return result
            }
            let got = run.summarize().map { Float($0.value) }
            // TFRS rounds a positive's score and its copy's in two ways; we do not.
            let difference = Tolerance(relative: 0).difference(
                "batch \(index)", got, exact ?? want ?? [])
            if let difference { result.differences.append(difference) }
        }
        if let reset = try expected.tensor("after_reset")?.floats() {
            let got = FactorizedMetricRun(metric).summarize().map { Float($0.value) }
            if got != reset { result.differences.append("after reset: \(got)") }
        }
        try expected.finish()
        return result
    }

    private func rank(_ batch: Any) throws -> RankedQueries {
        var fields = try Fields(batch, "batch")
        let queries = try fields.requiredTensor("query_embeddings").matrix()
        let positives = try fields.requiredTensor("true_candidate_embeddings").matrix()
        let ids = try fields.tensor("true_candidate_ids")?.ids()
        var weights = try fields.tensor("sample_weight")?.floats()
        try fields.finish()
        if let scalar = weights, scalar.count == 1 {
            weights = [Float](repeating: scalar[0], count: queries.rows)
        }
        guard isIDBased, let ids else {
            return try indexed.corpus.rank(
                queries: queries, positives: positives, weights: weights)
        }
        return try indexed.corpus.rank(queries: queries, ids: ids, weights: weights)
    }

    private func whyNotRaised(_ index: Int) -> String? {
        if let why = indexed.whyNotRaised(k: ks.max() ?? 0) { return why }
        if vector.name.contains("dtype_mismatch") {
            return "ids of one type cannot be compared with those of another: the compiler checks"
        }
        if vector.name.contains("nan_in_corpus_id") || vector.name.contains("nan_in_corpus_low") {
            return "a NaN among the scores hides no other candidate"
        }
        return nil
    }
}

/// A case of the layers that retrieve.
private struct TopKLayerCase {
    let indexed: IndexedCorpus
    let k: Int
    let queries: Matrix
    let exclusions: [[VectorID]]?
    let vector: CorpusCase

    init(_ vector: CorpusCase) throws {
        self.vector = vector
        var options = try Fields(vector.options, "options")
        let defaultK = try options.integer("default_k") ?? 10
        k = try options.integer("k") ?? defaultK
        let index = options.take("index")
        try options.finish()
        var inputs = try Fields(vector.inputs, "inputs")
        indexed = try IndexedCorpus(inputs.take("corpus"), index: index)
        queries = try inputs.requiredTensor("queries").matrix()
        if let tensor = try inputs.tensor("exclusions") {
            let ids = try tensor.ids()
            let width = tensor.shape[1]
            exclusions = (0..<tensor.shape[0]).map {
                Array(ids[($0 * width)..<(($0 + 1) * width)])
            }
        } else {
            exclusions = nil
        }
        try inputs.finish()
    }

    func run() throws -> CaseResult {
        var result = CaseResult()
        var expected = try Fields(vector.expected, "expected")
        let raises = expected.take("exception") != nil
        let scores = try expected.tensor("scores")?.floats()
        let ids = try expected.tensor("ids")?.ids()
        try expected.finish()
        let found: RetrievalCorpus<VectorID>.TopK
        do {
            found =
                try exclusions.map {
                    try indexed.corpus.topK(queries, excluding: $0, k: k)
                } ?? indexed.corpus.topK(queries, k: k)
        } catch is RetrievalError {
            if !raises { result.differences.append("raised") }
            return result
        }
        if raises {
            result.differences.append("nothing was raised")
            return result
        }
        let got = found.scores.flatMap { $0 }
        if let difference = Tolerance(relative: 0).difference("scores", got, scores ?? []) {
            result.differences.append(difference)
        }
        if found.ids.flatMap({ $0 }) != ids { result.differences.append("ids differ") }
        return result
    }
}
