import Retrieval

/// The options of a recorded task that do not depend on the kind of the file.
struct RetrievalOptions {
    var temperature: Double?
    var numHardNegatives: Int?
    var removesAccidentalHits: Bool

    init(_ fields: inout Fields) throws {
        temperature = try fields.number("temperature")
        numHardNegatives = try fields.integer("num_hard_negatives")
        removesAccidentalHits = try fields.flag("remove_accidental_hits")
    }

    func task(_ loss: any Loss) -> RetrievalTask {
        RetrievalTask(
            loss: loss, temperature: temperature.map { Float($0) },
            numHardNegatives: numHardNegatives, removeAccidentalHits: removesAccidentalHits)
    }
}

/// What a case expects of a call: values, or that it raises.
struct ExpectedCall {
    var raises: Bool
    private var loss: Tensor?
    private var queryGradient: Tensor?
    private var candidateGradient: Tensor?

    init(_ fields: inout Fields) throws {
        raises = fields.take("exception") != nil
        guard !raises else { return }
        loss = try fields.requiredTensor("loss")
        queryGradient = try fields.requiredTensor("grad_query_embeddings")
        candidateGradient = try fields.requiredTensor("grad_candidate_embeddings")
    }

    func differences(
        _ output: RetrievalOutput, reduction: Reduction, _ tolerance: Tolerance
    ) throws -> [String] {
        guard let loss, let queryGradient, let candidateGradient else {
            return ["nothing was raised"]
        }
        guard loss.shape.isEmpty == (reduction != .none) else {
            return ["a loss of shape \(loss.shape) for the reduction \(reduction)"]
        }
        return [
            tolerance.difference(
                "loss", reduction == .none ? output.exampleLosses : [output.loss],
                try loss.floats()),
            tolerance.difference(
                "grad_query_embeddings", output.queryGradient.values,
                try queryGradient.floats()),
            tolerance.difference(
                "grad_candidate_embeddings", output.candidateGradient.values,
                try candidateGradient.floats()),
        ].compactMap { $0 }
    }
}
