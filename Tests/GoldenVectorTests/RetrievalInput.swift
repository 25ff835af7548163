import Retrieval

/// The arguments of one recorded call.
struct RetrievalInput {
    var queries: Tensor
    var candidates: Tensor
    var sampleWeight: Tensor?
    var probability: Tensor?
    var ids: Tensor?
    var mask: Tensor?

    /// From inline inputs, which hold exactly what is passed.
    init(_ value: Any?) throws {
        var fields = try Fields(value, "inputs")
        queries = try fields.requiredTensor("query_embeddings")
        candidates = try fields.requiredTensor("candidate_embeddings")
        sampleWeight = try fields.tensor("sample_weight")
        probability = try fields.tensor("candidate_sampling_probability")
        ids = try fields.tensor("candidate_ids")
        mask = try fields.tensor("score_mask")
        try fields.finish()
    }

    /// From a shared set of inputs, by the options of a case of the cross.
    init(set value: Any?, options: inout Fields, removesAccidentalHits: Bool) throws {
        var fields = try Fields(value, "set")
        let single = try fields.requiredTensor("query_embeddings")
        let multiple = try fields.requiredTensor("query_embeddings_multi_head")
        queries = try options.flag("multi_head") ? multiple : single
        candidates = try fields.requiredTensor("candidate_embeddings")
        let allIDs = try fields.requiredTensor("candidate_ids")
        let allProbabilities = try fields.requiredTensor("candidate_sampling_probability")
        let weights = try fields.requiredTensor("sample_weight")
        let wholeMask = try fields.requiredTensor("score_mask")
        try fields.finish()
        ids = removesAccidentalHits ? allIDs : nil
        probability =
            try options.flag("candidate_sampling_probability") ? allProbabilities : nil
        sampleWeight = try options.flag("sample_weight") ? weights : nil
        mask = try options.flag("score_mask") ? wholeMask : nil
        if try !options.flag("extra_negatives") {
            let count = queries.shape[0]
            candidates = try candidates.prefix(count)
            ids = try ids?.prefix(count)
            probability = try probability?.prefix(count)
            mask = try mask?.columns(count)
        }
    }

    var hasExtraNegatives: Bool { candidates.shape[0] > queries.shape[0] }
    var hasHeads: Bool { queries.shape.count == 3 }

    func queryEmbeddings() throws -> QueryEmbeddings {
        guard hasHeads else { return QueryEmbeddings(try queries.matrix()) }
        let shape = queries.shape
        return try QueryEmbeddings(
            Matrix(rows: shape[0] * shape[1], columns: shape[2], values: try queries.floats()),
            heads: shape[1])
    }

    /// The call's options. A mask's shape is checked here, because in Swift it is flat.
    func options() throws -> RetrievalCallOptions<VectorID> {
        let rows = queries.shape[0]
        if let mask, mask.shape != [rows, candidates.shape[0]] {
            throw RetrievalError.shapeMismatch(
                argument: "score_mask", required: "[\(rows), \(candidates.shape[0])]",
                found: "\(mask.shape)")
        }
        // Keras squeezes [Q, 1] and broadcasts a number.
        let weights = try sampleWeight?.floats()
        return RetrievalCallOptions(
            sampleWeight: weights.map {
                $0.count == 1 ? [Float](repeating: $0[0], count: rows) : $0
            },
            candidateSamplingProbability: try probability?.floats(),
            candidateIDs: try ids?.ids(), scoreMask: try mask?.booleans())
    }
}
