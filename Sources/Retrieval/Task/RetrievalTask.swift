/// The retrieval task: `tfrs.tasks.Retrieval`.
///
/// Scores every query of a batch against every candidate of it; a query's own candidate is the
/// positive, all others are negatives. Scores are transformed in TFRS's order: ÷ `temperature`,
/// − log q of the sampling correction, accidental hits, score mask, hard negatives; then the loss.
public struct RetrievalTask: Sendable {
    public var loss: any Loss
    /// The metrics over the whole corpus.
    public var factorizedMetrics: [any FactorizedMetric]
    /// What the scores are divided by; nil leaves them as they are.
    public var temperature: Float?
    /// How many of the highest-scoring negatives of each row take part; nil: all.
    public var numHardNegatives: Int?
    /// Whether candidates with the id of a row's own positive are removed from its negatives.
    public var removeAccidentalHits: Bool
    public var name: String?

    public init(
        loss: any Loss = CategoricalCrossentropy(),
        metrics: [any FactorizedMetric] = [],
        temperature: Float? = nil,
        numHardNegatives: Int? = nil,
        removeAccidentalHits: Bool = false,
        name: String? = nil
    ) {
        self.loss = loss
        factorizedMetrics = metrics
        self.temperature = temperature
        self.numHardNegatives = numHardNegatives
        self.removeAccidentalHits = removeAccidentalHits
        self.name = name
    }

    /// The bounds of the sampling correction's probabilities (`layers/loss.py`).
    static let probabilityBounds: ClosedRange<Float> = 1e-6...1

    /// Evaluates the loss of a batch and, if asked, its gradients.
    package func evaluate(
        _ problem: InBatchProblem, gradients: Bool, lanes: Lanes
    ) -> ScoringPass.Result {
        var problem = problem
        if !removeAccidentalHits { problem.columnIDs = nil }
        return ScoringPass(
            loss: loss, temperature: temperature ?? 1,
            transforms: RowTransforms(
                columnIDs: problem.columnIDs, mask: problem.mask,
                numHardNegatives: numHardNegatives),
            lanes: lanes
        ).run(problem, gradients: gradients)
    }

    /// Whether equal candidates of a batch may be scored once and counted.
    var canCountColumns: Bool {
        guard loss.supportsCounts, numHardNegatives == nil else { return false }
        guard removeAccidentalHits else { return true }
        return (loss as? any SharedRowLoss)?.canDropCopiesOfPositive ?? false
    }
}
