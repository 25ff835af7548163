/// A metric over the scores of a batch: what the loss sees, before the loss overwrites it.
///
/// TFRS hands a Keras metric the labels `eye(Q, C)` and the transformed scores of the whole batch
/// (`batch_metrics`); here a metric measures one example's row at a time. Lanes measure on their
/// own and are merged in a fixed order. A metric that is a weighted mean of one figure per row
/// need only be a ``RowMeanMetric``.
public protocol BatchMetric: DescribedMetric {
    /// What was measured so far.
    associatedtype Accumulator: Restorable

    /// An accumulator that has measured nothing.
    func makeAccumulator() -> Accumulator

    /// Adds one example to what was measured before.
    ///
    /// - Parameters:
    ///   - logits: scores of the example's query against every column, after temperature, sampling
    ///     correction, accidental hits, mask and mining. Removed columns hold about −3.4e36.
    ///   - labels: which column is the positive.
    ///   - weight: the example's sample weight.
    func measure(
        _ logits: Span<Float>, labels: RowLabels, weight: Float,
        into accumulator: inout Accumulator)

    /// Adds what another accumulator measured.
    func merge(_ other: Accumulator, into accumulator: inout Accumulator)

    /// The metric's values by name.
    func summarize(_ accumulator: Accumulator) -> [MetricValue]

    /// Whether ``measure(_:labels:weight:into:)`` honours ``RowLabels/counts``, so that equal
    /// candidates of a batch may be scored once. False unless a metric says otherwise.
    var supportsCounts: Bool { get }

    /// The number of columns without which the metric is not defined; a call of the task with
    /// fewer raises an error.
    var requiredColumns: Int { get }
}

extension ComponentKind where Product == any BatchMetric {
    /// Metrics over a batch's scores: ``BatchMetric``.
    public static var batchMetric: ComponentKind {
        ComponentKind(noun: "batch metric", pluralNoun: "batch metrics")
    }
}

extension BatchMetric {
    public var supportsCounts: Bool { false }
    public var requiredColumns: Int { 0 }
}

/// A batch metric with its accumulator, its type erased.
public struct BatchMetricRun: Sendable {
    private var state: any BatchMetricState

    public init(_ metric: any BatchMetric) {
        state = Self.make(metric)
    }

    private static func make<M: BatchMetric>(_ metric: M) -> any BatchMetricState {
        Remembering(component: metric, memory: metric.makeAccumulator())
    }

    public mutating func measure(_ logits: Span<Float>, labels: RowLabels, weight: Float) {
        state.measure(logits, labels: labels, weight: weight)
    }

    /// Adds what another run of the same metric measured.
    public mutating func merge(_ other: BatchMetricRun) {
        state.merge(other.state)
    }

    public func summarize() -> [MetricValue] {
        state.summarize()
    }
}

extension BatchMetricRun: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        state.save(to: &arrays, as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try state.restore(from: &arrays, as: name)
    }
}

private protocol BatchMetricState: Restorable {
    mutating func measure(_ logits: Span<Float>, labels: RowLabels, weight: Float)
    mutating func merge(_ other: any BatchMetricState)
    func summarize() -> [MetricValue]
}

extension Remembering: BatchMetricState
where Component: BatchMetric, Memory == Component.Accumulator {
    mutating func measure(_ logits: Span<Float>, labels: RowLabels, weight: Float) {
        component.measure(logits, labels: labels, weight: weight, into: &memory)
    }

    fileprivate mutating func merge(_ other: any BatchMetricState) {
        guard let other = other as? Self else {
            preconditionFailure(
                "a run of \(Component.self) cannot take what another metric measured")
        }
        component.merge(other.memory, into: &memory)
    }

    func summarize() -> [MetricValue] {
        component.describing(component.summarize(memory))
    }
}
