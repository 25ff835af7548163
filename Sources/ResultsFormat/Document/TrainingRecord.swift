/// What training went through.
public struct TrainingRecord: Hashable, Sendable {
    /// The epochs that were finished, in order.
    public var epochs: [EpochRecord]
    /// How the work was done, in the engine's own words: which path ran and why. Part of the
    /// digest, so nothing here may depend on the machine.
    public var engine: JSONValue?
    /// What became of early stopping, where it was asked for.
    public var earlyStopping: EarlyStoppingRecord?
    /// The model that training started from, where there was one.
    public var warmStart: WarmStartRecord?
    /// What the figures of the epochs are, by name. Outside the digest: it follows from the spec.
    public var figures: OrderedMap<FigureRecord>

    public init(
        epochs: [EpochRecord], engine: JSONValue? = nil,
        earlyStopping: EarlyStoppingRecord? = nil, warmStart: WarmStartRecord? = nil,
        figures: OrderedMap<FigureRecord> = [:]
    ) {
        self.epochs = epochs
        self.engine = engine
        self.earlyStopping = earlyStopping
        self.warmStart = warmStart
        self.figures = figures
    }

    var json: JSONValue {
        .record([
            ("epochs", .array(epochs.map(\.json))),
            ("engine", engine),
            ("early_stopping", earlyStopping?.json),
            ("warm_start", warmStart?.json),
            ("figures", figures.isEmpty ? nil : .object(figures.mapValues(\.json))),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        epochs = try node.required("epochs").list(EpochRecord.init)
        engine = try node.optional("engine")?.value
        earlyStopping = try node.optional("early_stopping").map(EarlyStoppingRecord.init)
        warmStart = try node.optional("warm_start", WarmStartRecord.init)
        figures =
            try node.optional("figures")?.map { node throws(ResultsDecodingError) in
                FigureRecord(json: node.value)
            } ?? [:]
    }
}

/// One pass over the training data.
public struct EpochRecord: Hashable, Sendable {
    /// Counted from 1.
    public var epoch: Int
    /// The loss over the epoch, per the loss's own reduction. It must be finite: an epoch that
    /// diverged belongs into ``RunFailure``.
    public var loss: Double
    /// The mean of the batches' losses.
    public var batchLossMean: Double
    /// The mean over the steps of the penalties that regularizers add to the loss; nil where there
    /// are none.
    public var regularizationLoss: Double?
    /// Metrics by name, in the order in which they are declared.
    public var metrics: OrderedMap<Double>
    /// The learning rate of the epoch's last step, by the name of its optimizer: `default`, or
    /// the pattern of a rule.
    public var learningRates: OrderedMap<Double>
    /// How many training examples the epoch saw.
    public var examples: Int
    /// How many optimizer steps it took.
    public var steps: Int
    /// Wall-clock time, in seconds; outside the digest.
    public var seconds: Double
    /// `examples / seconds`, as measured; outside the digest.
    public var examplesPerSecond: Double

    public init(
        epoch: Int, loss: Double, batchLossMean: Double, regularizationLoss: Double? = nil,
        metrics: OrderedMap<Double> = [:],
        learningRates: OrderedMap<Double> = [:], examples: Int, steps: Int, seconds: Double,
        examplesPerSecond: Double
    ) {
        self.epoch = epoch
        self.loss = loss
        self.batchLossMean = batchLossMean
        self.regularizationLoss = regularizationLoss
        self.metrics = metrics
        self.learningRates = learningRates
        self.examples = examples
        self.steps = steps
        self.seconds = seconds
        self.examplesPerSecond = examplesPerSecond
    }

    /// What training minimises, `total_loss` of `tfrs.Model`: ``batchLossMean`` and
    /// ``regularizationLoss``; nil where they are the same.
    public var totalLoss: Double? { regularizationLoss.map { batchLossMean + $0 } }

    var json: JSONValue {
        .record([
            ("epoch", .integer(epoch)),
            ("loss", .number(loss)),
            ("batch_loss_mean", .number(batchLossMean)),
            ("regularization_loss", regularizationLoss.map(JSONValue.number)),
            ("total_loss", totalLoss.map(JSONValue.number)),
            ("metrics", .object(metrics.mapValues(JSONValue.number))),
            (
                "learning_rates",
                learningRates.isEmpty ? nil : .object(learningRates.mapValues(JSONValue.number))
            ),
            ("examples", .integer(examples)),
            ("steps", .integer(steps)),
            ("seconds", .number(seconds)),
            ("examples_per_second", .number(examplesPerSecond)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        epoch = try node.required("epoch").integer()
        loss = try node.required("loss").double()
        batchLossMean = try node.required("batch_loss_mean").double()
        regularizationLoss = try node.optional("regularization_loss")?.double()
        metrics = try node.required("metrics").doubles()
        learningRates = try node.optional("learning_rates")?.doubles() ?? [:]
        examples = try node.required("examples").integer()
        steps = try node.required("steps").integer()
        seconds = try node.required("seconds").double()
        examplesPerSecond = try node.required("examples_per_second").double()
    }
}
