import ResultsFormat
import Retrieval

/// The figures that a spec's runs have, with their descriptions: what tells early stopping, the
/// gate, sweeps and results which way a figure is better, in place of its name.
public struct SpecFigures: Sendable {
    /// A figure and where in the spec its maker stands.
    public struct Figure: Hashable, Sendable {
        public var name: String
        /// Where its maker stands, such as `metrics.factorized[0]`.
        public var path: String
        public var description: FigureDescription
    }

    /// Whether there is a model to train: a baseline's scores are no logits and have no losses.
    private let isTrained: Bool
    /// The losses over a part of the data.
    let losses: [Figure]
    /// The penalties, and the loss with them, where a regularizer adds any to it.
    let penalties: [Figure]
    /// The same of training steps, in which penalties on activities count too.
    let stepPenalties: [Figure]
    /// What loss and batch metrics measure, in training and at evaluation.
    let measured: [Figure]
    /// What metrics over the corpus measure at evaluation.
    let corpus: [Figure]
    /// What metrics over the corpus measure during training.
    let watched: [Figure]

    init(_ spec: ExperimentSpec, catalog: Catalog) {
        func made<Product>(_ choice: ComponentChoice, _ registry: Registry<Product>) -> Product? {
            // One of few components may lack what is a default.
            registry[choice.name] == nil ? nil : try? catalog.make(registry.kind, choice)
        }
        func figures(
            _ choices: [ComponentChoice], at path: String,
            _ task: (ComponentChoice) -> RetrievalTask?
        ) -> [Figure] {
            choices.enumerated().flatMap { index, choice in
                (task(choice)?.makeMetricState().summarize() ?? []).map { value in
                    var figure = value.figure ?? FigureDescription()
                    figure.component = choice.name
                    return Figure(name: value.name, path: "\(path)[\(index)]", description: figure)
                }
            }
        }
        func corpus(_ choices: [ComponentChoice], at path: String) -> [Figure] {
            figures(choices, at: path) {
                made($0, catalog.factorizedMetrics).map { RetrievalTask(metrics: [$0]) }
            }
        }
        isTrained = spec.baseline == nil
        losses = [.loss(spec)]
        let components = spec.components(in: catalog)
        penalties = components.penaltyFigures(
            besides: DenseDefinition.activityRegularizerField.name)
        stepPenalties = components.penaltyFigures()
        measured =
            figures(spec.metrics.loss, at: "metrics.loss") {
                made($0, catalog.lossMetrics).map { RetrievalTask(lossMetrics: [$0]) }
            }
            + figures(spec.metrics.batch, at: "metrics.batch") {
                made($0, catalog.batchMetrics).map { RetrievalTask(batchMetrics: [$0]) }
            }
        self.corpus = corpus(spec.metrics.factorized, at: "metrics.factorized")
        watched =
            spec.evaluate.metrics.map { corpus($0, at: "evaluate.metrics") } ?? self.corpus
    }

    /// What an evaluation of a part finds, in the order of the results.
    public var ofEvaluation: [Figure] {
        isTrained ? losses + penalties + measured + corpus : corpus
    }

    /// What every epoch has.
    var ofEveryEpoch: [Figure] {
        let batchLosses = losses.map {
            Figure(
                name: "batch_loss_mean", path: $0.path,
                description: .loss("mean of the batches' losses"))
        }
        return losses + batchLosses + stepPenalties + measured
    }

    /// What `evaluate.every` brings, by the names that epochs give it.
    func ofEvaluatedEpochs(of spec: ExperimentSpec) -> [Figure] {
        guard spec.evaluate.every != nil else { return [] }
        let prefix = spec.evaluate.on == .validation ? "val_" : "test_"
        return (losses + penalties + measured + watched).map {
            Figure(name: prefix + $0.name, path: $0.path, description: $0.description)
        }
    }
}

extension SpecFigures {
    /// Which way the figure that early stopping watches is better: as the spec says, else as the
    /// figure does; nil where neither tells.
    func direction(of early: EarlyStoppingSection, in spec: ExperimentSpec) -> MetricDirection? {
        switch early.mode {
        case .min: .minimize
        case .max: .maximize
        case .auto:
            (ofEveryEpoch + ofEvaluatedEpochs(of: spec))
                .first { $0.name == early.monitor }?.direction
        }
    }
}

extension SpecFigures.Figure {
    fileprivate static func loss(_ spec: ExperimentSpec) -> Self {
        var description = FigureDescription.loss("mean loss per example")
        description.component = spec.loss.name
        return Self(name: "loss", path: "loss", description: description)
    }

    /// Whether a metric measures the figure, rather than the training's loss or a regularizer.
    var isOfMetric: Bool { path.hasPrefix("metrics.") && !path.hasPrefix("metrics.loss") }

    /// Which way the figure is better; nil for neither, or where its maker does not say.
    public var direction: MetricDirection? { record.direction }

    /// The figure as results describe it.
    public var record: FigureRecord {
        FigureRecord(
            component: description.component.isEmpty ? nil : description.component,
            better: description.better.map { better in
                switch better {
                case .higher: .higher
                case .lower: .lower
                case .neither: .neither
                }
            }, range: description.range, unit: description.unit, cutoff: description.cutoff,
            definition: description.definition.isEmpty ? nil : description.definition,
            source: path)
    }
}

extension [NamedComponent] {
    /// The losses of regularizers, if there is one in the towers.
    fileprivate func penaltyFigures(besides other: String? = nil) -> [SpecFigures.Figure] {
        let sides = ["towers.query", "towers.candidate"].filter { side in
            contains {
                $0.slot.kind == ComponentKind.regularizer.family && $0.field != other
                    && $0.path.hasPrefix(side + ".")
            }
        }
        guard let side = sides.first else { return [] }
        return [
            ("regularization_loss", "penalties that regularizers add to the loss"),
            ("total_loss", "mean of the batches' losses and the penalties"),
        ].map { name, definition in
            SpecFigures.Figure(name: name, path: side, description: .loss(definition))
        }
    }
}
