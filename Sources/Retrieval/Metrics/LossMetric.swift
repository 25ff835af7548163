/// A metric over the losses that the task returns (`loss_metrics` of `tfrs.tasks.Retrieval`).
///
/// It sees the loss as returned: one value per batch where the loss is reduced to a number,
/// whatever the batch's size, and one per query for the reduction `none`, its sample weight already
/// in it. Values are not weighted again.
public protocol LossMetric: DescribedMetric {
    /// What was measured so far.
    associatedtype Accumulator: Restorable

    /// An accumulator that has measured nothing.
    func makeAccumulator() -> Accumulator

    /// Adds the loss of one call to what was measured before.
    func measure(_ losses: [Float], into accumulator: inout Accumulator)

    /// The metric's values by name.
    func summarize(_ accumulator: Accumulator) -> [MetricValue]
}

extension ComponentKind where Product == any LossMetric {
    /// Metrics over batches' losses: ``LossMetric``.
    public static var lossMetric: ComponentKind {
        ComponentKind(noun: "loss metric", pluralNoun: "loss metrics")
    }
}

/// A loss metric with its accumulator, its type erased.
public struct LossMetricRun: Sendable {
    private var state: any LossMetricState

    public init(_ metric: any LossMetric) {
        state = Self.make(metric)
    }

    private static func make<M: LossMetric>(_ metric: M) -> any LossMetricState {
        Remembering(component: metric, memory: metric.makeAccumulator())
    }

    public mutating func measure(_ losses: [Float]) {
        state.measure(losses)
    }

    public func summarize() -> [MetricValue] {
        state.summarize()
    }
}

extension LossMetricRun: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        state.save(to: &arrays, as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try state.restore(from: &arrays, as: name)
    }
}

private protocol LossMetricState: Restorable {
    mutating func measure(_ losses: [Float])
    func summarize() -> [MetricValue]
}

extension Remembering: LossMetricState
where Component: LossMetric, Memory == Component.Accumulator {
    mutating func measure(_ losses: [Float]) {
        component.measure(losses, into: &memory)
    }

    func summarize() -> [MetricValue] {
        component.describing(component.summarize(memory))
    }
}
