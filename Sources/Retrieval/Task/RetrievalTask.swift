/// The retrieval task: `tfrs.tasks.Retrieval`.
///
/// Scores every query of a batch against every candidate of it; a query's own candidate is the
/// positive, all others are negatives. Scores are transformed in TFRS's order: ÷ `temperature`,
/// − log q of the sampling correction, accidental hits, score mask, hard negatives; then the loss.
public struct RetrievalTask: Sendable {
    public var loss: any Loss
    /// The metrics over the scores of a batch.
    public var batchMetrics: [any BatchMetric]
    /// The metrics over the losses that calls return.
    public var lossMetrics: [any LossMetric]
    /// The metrics over the whole corpus.
    public var factorizedMetrics: [any FactorizedMetric]
    /// What the scores are divided by; nil leaves them as they are.
    public var temperature: Float?
    /// How many of the highest-scoring negatives of each row take part; nil: all.
    public var numHardNegatives: Int?
    /// Whether candidates with the id of a row's own positive are removed from its negatives.
    public var removeAccidentalHits: Bool
    public var name: String?

    /// - Parameter metrics: the metrics over the whole corpus, ``factorizedMetrics``.
    public init(
        loss: any Loss = CategoricalCrossentropy(),
        metrics: [any FactorizedMetric] = [],
        batchMetrics: [any BatchMetric] = [],
        lossMetrics: [any LossMetric] = [],
        temperature: Float? = nil,
        numHardNegatives: Int? = nil,
        removeAccidentalHits: Bool = false,
        name: String? = nil
    ) {
        self.loss = loss
        factorizedMetrics = metrics
        self.batchMetrics = batchMetrics
        self.lossMetrics = lossMetrics
        self.temperature = temperature
        self.numHardNegatives = numHardNegatives
        self.removeAccidentalHits = removeAccidentalHits
        self.name = name
    }

    /// The task with one metric over the corpus.
    public init(
        loss: any Loss = CategoricalCrossentropy(),
        metrics metric: any FactorizedMetric,
        batchMetrics: [any BatchMetric] = [],
        lossMetrics: [any LossMetric] = [],
        temperature: Float? = nil,
        numHardNegatives: Int? = nil,
        removeAccidentalHits: Bool = false,
        name: String? = nil
    ) {
        self.init(
            loss: loss, metrics: [metric], batchMetrics: batchMetrics, lossMetrics: lossMetrics,
            temperature: temperature, numHardNegatives: numHardNegatives,
            removeAccidentalHits: removeAccidentalHits, name: name)
    }

    /// The bounds of the sampling correction's probabilities (`layers/loss.py`).
    static let probabilityBounds: ClosedRange<Float> = 1e-6...1

    /// Evaluates the loss of a batch and, if asked, its gradients and the batch metrics.
    package func evaluate(
        _ problem: InBatchProblem, gradients: Bool, measuresBatchMetrics: Bool = false,
        lanes: Lanes
    ) -> ScoringResult {
        evaluate(
            problem, gradients: gradients, measuresBatchMetrics: measuresBatchMetrics,
            on: Engines.scoring(lanes: lanes))
    }

    func evaluate(
        _ problem: InBatchProblem, gradients: Bool, measuresBatchMetrics: Bool,
        on engine: any ScoringEngine
    ) -> ScoringResult {
        var problem = problem
        if !removeAccidentalHits { problem.columnIDs = nil }
        let rules = ScoringRules(
            loss: loss,
            temperature: temperature ?? (loss as? any ContrastiveLoss)?.temperature ?? 1,
            numHardNegatives: numHardNegatives,
            batchMetrics: measuresBatchMetrics ? batchMetrics : [])
        return engine.score(problem, by: rules, gradients: gradients)
    }

    /// How many columns of each row the loss and the batch metrics see of a batch.
    public func keptColumns(of candidates: Int) -> Int {
        RowTransforms.keptColumns(of: candidates, numHardNegatives: numHardNegatives)
    }

    /// Whether equal candidates of a batch may be scored once and counted: the loss, and the
    /// metrics that see its scores, must know how. Everything else of the task does.
    func canCountColumns(measuringBatchMetrics: Bool) -> Bool {
        loss.supportsCounts
            && (!measuringBatchMetrics || batchMetrics.allSatisfy(\.supportsCounts))
    }
}
