import CKernels

/// What one call of the task may be given beside the embeddings (`Retrieval.call`).
public struct RetrievalCallOptions<ID: Hashable & Sendable>: Sendable {
    /// The weight of each query's loss, [Q]. Weights are not normalised.
    public var sampleWeight: [Float]?
    /// How likely each candidate is to be in a batch, [C]; clipped to [1e-6, 1].
    public var candidateSamplingProbability: [Float]?
    /// The identity of each candidate, [C].
    public var candidateIDs: [ID]?
    /// Which pairs may be scored, [Q, C] row by row; a hidden pair may be a positive.
    public var scoreMask: [Bool]?

    public init(
        sampleWeight: [Float]? = nil, candidateSamplingProbability: [Float]? = nil,
        candidateIDs: [ID]? = nil, scoreMask: [Bool]? = nil
    ) {
        self.sampleWeight = sampleWeight
        self.candidateSamplingProbability = candidateSamplingProbability
        self.candidateIDs = candidateIDs
        self.scoreMask = scoreMask
    }
}

/// What a call of the task returns.
public struct RetrievalOutput: Sendable {
    /// The reduced loss; for the reduction `none`, the sum of ``exampleLosses``.
    public var loss: Float
    /// The loss of each query times its weight, [Q].
    public var exampleLosses: [Float]
    /// ∂loss/∂query embeddings, [Q, D].
    public var queryGradient: Matrix
    /// ∂loss/∂candidate embeddings, [C, D].
    public var candidateGradient: Matrix
}

/// A call whose arguments do not fit each other, or an option out of range.
public enum RetrievalError: Error, Hashable, CustomStringConvertible {
    case shapeMismatch(argument: String, required: String, found: String)
    case missingArgument(String, neededBy: String)

    public var description: String {
        switch self {
        case .shapeMismatch(let argument, let required, let found):
            "\(argument): requires \(required), found \(found)"
        case .missingArgument(let argument, let option):
            "\(option) requires \(argument)"
        }
    }
}

extension RetrievalTask {
    /// Evaluates the loss and its gradients for given embeddings, as `tfrs.tasks.Retrieval` does
    /// when it is called.
    ///
    /// - Parameters:
    ///   - queryEmbeddings: [Q, D].
    ///   - candidateEmbeddings: [C, D]; candidate i is the positive of query i, candidates beyond
    ///     Q are negatives for all, and queries beyond C have no positive.
    public func callAsFunction<ID: Hashable & Sendable>(
        queryEmbeddings: Matrix, candidateEmbeddings: Matrix,
        options: RetrievalCallOptions<ID>, lanes: Lanes = Lanes(threads: 1)
    ) throws(RetrievalError) -> RetrievalOutput {
        try check(queryEmbeddings, candidateEmbeddings, options)
        var problem = InBatchProblem(
            queries: queryEmbeddings, candidates: candidateEmbeddings,
            examples: RowExamples(
                diagonal: queryEmbeddings.rows, columns: candidateEmbeddings.rows,
                weights: options.sampleWeight))
        problem.columnBias = options.candidateSamplingProbability.map(Self.correction)
        if let allowed = options.scoreMask {
            problem.mask = .dense(allowed: allowed, columns: candidateEmbeddings.rows)
        }
        if removeAccidentalHits, let ids = options.candidateIDs {
            problem.columnIDs = ColumnIDs(codes: Self.codes(ids))
        }
        let result = evaluate(problem, gradients: true, lanes: lanes)
        let weights = problem.examples.weights
        return RetrievalOutput(
            loss: Float(result.loss),
            exampleLosses: zip(result.exampleLosses, weights).map { $0 * $1 },
            queryGradient: result.gradients!.queries,
            candidateGradient: result.gradients!.candidates)
    }

    /// `−log(clip(p, 1e-6, 1))` of each candidate.
    static func correction(_ probabilities: [Float]) -> [Float] {
        probabilities.map {
            -tk_log1(min(max($0, probabilityBounds.lowerBound), probabilityBounds.upperBound))
        }
    }

    private static func codes<ID: Hashable>(_ ids: [ID]) -> [Int32] {
        var seen: [ID: Int32] = [:]
        return ids.map { id in
            if let code = seen[id] { return code }
            let code = Int32(seen.count)
            seen[id] = code
            return code
        }
    }

    private func check<ID>(
        _ queries: Matrix, _ candidates: Matrix, _ options: RetrievalCallOptions<ID>
    ) throws(RetrievalError) {
        func require(_ argument: String, _ shape: [Int], found: [Int]) throws(RetrievalError) {
            guard shape != found else { return }
            throw .shapeMismatch(
                argument: argument, required: "shape \(shape)", found: "shape \(found)")
        }
        try require(
            "candidateEmbeddings", [candidates.rows, queries.columns],
            found: [candidates.rows, candidates.columns])
        if let weights = options.sampleWeight {
            try require("sampleWeight", [queries.rows], found: [weights.count])
        }
        if let probabilities = options.candidateSamplingProbability {
            try require(
                "candidateSamplingProbability", [candidates.rows], found: [probabilities.count])
        }
        if let ids = options.candidateIDs {
            try require("candidateIDs", [candidates.rows], found: [ids.count])
        }
        if let mask = options.scoreMask {
            try require("scoreMask", [queries.rows * candidates.rows], found: [mask.count])
        }
        if removeAccidentalHits && options.candidateIDs == nil {
            throw .missingArgument("candidateIDs", neededBy: "removeAccidentalHits")
        }
    }
}
