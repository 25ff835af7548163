/// Every component that a spec can name.
///
/// Start from ``builtIn``, register your own, and hand the result to the runner:
///
/// ```swift
/// var catalog = Catalog.builtIn
/// catalog.losses.register(MyLoss.entry)
/// ```
public struct Catalog: Sendable {
    /// The components of all families.
    public private(set) var components = Components()

    public init() {}

    /// Makes the component that a spec chose, and those that its fields name.
    ///
    /// - Throws: ``UnknownComponent``; what the component's entry throws.
    public func make<Product>(
        _ kind: ComponentKind<Product>, _ choice: ComponentChoice
    ) throws -> Product {
        try components.make(kind, choice)
    }

    /// Makes a component for an owner that tells it by its name as well.
    public func chosen<Product>(
        _ kind: ComponentKind<Product>, _ choice: ComponentChoice
    ) throws -> Chosen<Product> {
        try components.chosen(kind, choice)
    }

    /// The families that have components.
    public var kinds: [AnyComponentKind] { components.kinds }

    /// What the catalogue knows of every component of a family.
    public func descriptions(of kind: AnyComponentKind) -> [ComponentDescription] {
        components.descriptions(of: kind)
    }

    /// What the catalogue knows of every component, in the order of registration.
    public func descriptions<Product>(
        of kind: ComponentKind<Product>
    ) -> [ComponentDescription] {
        components[kind].descriptions
    }

    /// The names of every component of a family, in the order in which they were registered.
    public func names(of kind: AnyComponentKind) -> [String] {
        descriptions(of: kind).map(\.name)
    }

    /// The names of every component of a family, in the order in which they were registered.
    public func names<Product>(of kind: ComponentKind<Product>) -> [String] {
        names(of: kind.family)
    }
}

/// The families by name.
extension Catalog {
    /// What a training batch minimises.
    public var losses: Registry<any Loss> {
        get { components[.loss] }
        set { components[.loss] = newValue }
    }

    /// Rules that move parameters against their gradients.
    public var optimizers: Registry<any Optimizer> {
        get { components[.optimizer] }
        set { components[.optimizer] = newValue }
    }

    /// Learning rates over the optimizer's steps.
    public var schedules: Registry<any LearningRateSchedule> {
        get { components[.schedule] }
        set { components[.schedule] = newValue }
    }

    /// Metrics over the whole corpus.
    public var factorizedMetrics: Registry<any FactorizedMetric> {
        get { components[.factorizedMetric] }
        set { components[.factorizedMetric] = newValue }
    }

    /// Rankings without training that a model has to beat.
    public var baselines: Registry<any Baseline> {
        get { components[.baseline] }
        set { components[.baseline] = newValue }
    }

    /// Ways to search the corpus.
    public var candidateIndexes: Registry<any CandidateIndexDefinition> {
        get { components[.candidateIndex] }
        set { components[.candidateIndex] = newValue }
    }

    /// Metrics over the scores of a batch.
    public var batchMetrics: Registry<any BatchMetric> {
        get { components[.batchMetric] }
        set { components[.batchMetric] = newValue }
    }

    /// Metrics over the losses of the batches.
    public var lossMetrics: Registry<any LossMetric> {
        get { components[.lossMetric] }
        set { components[.lossMetric] = newValue }
    }

    /// Inputs of a tower, each made of a column.
    public var features: Registry<any FeatureDefinition> {
        get { components[.feature] }
        set { components[.feature] = newValue }
    }

    /// Steps from one vector per input to another.
    public var layers: Registry<any LayerDefinition> {
        get { components[.layer] }
        set { components[.layer] = newValue }
    }

    /// What makes one vector of a user's history.
    public var sequenceEncoders: Registry<any SequenceEncoderDefinition> {
        get { components[.sequenceEncoder] }
        set { components[.sequenceEncoder] = newValue }
    }

    /// Where parameters start.
    public var initializers: Registry<any Initializer> {
        get { components[.initializer] }
        set { components[.initializer] = newValue }
    }

    /// Penalties on parameters or outputs.
    public var regularizers: Registry<any Regularizer> {
        get { components[.regularizer] }
        set { components[.regularizer] = newValue }
    }

    /// Where interactions come from.
    public var dataSources: Registry<any DataSource> {
        get { components[.dataSource] }
        set { components[.dataSource] = newValue }
    }

    /// What is left out before the split.
    public var filters: Registry<any InteractionFilter> {
        get { components[.filter] }
        set { components[.filter] = newValue }
    }

    /// Ways to divide interactions into parts.
    public var splits: Registry<any Splitter> {
        get { components[.split] }
        set { components[.split] = newValue }
    }
}

extension Catalog {
    /// A default as the catalogue declares it, with the defaults of its own fields filled in: a
    /// component's may be just its name.
    public func resolving(_ value: FieldValue, as type: FieldType) -> FieldValue {
        switch (type, value) {
        case (.optional, .null):
            .null
        case (.optional(let wrapped), _):
            resolving(value, as: wrapped)
        case (.list(let element, _), .list(let values)):
            .list(values.map { resolving($0, as: element) })
        case (.either(let types), .list):
            types.first(where: \.isList).map { resolving(value, as: $0) } ?? value
        case (.object(let object), .object(let values)):
            .object(resolving(values, object.fields, into: FieldValues()))
        case (.component(let slot), .string(let name)):
            .object(resolvingComponent(slot, name: name, FieldValues()))
        default:
            value
        }
    }

    private func resolvingComponent(
        _ slot: ComponentSlot, name: String, _ given: FieldValues
    ) -> FieldValues {
        var values = FieldValues()
        values[slot.discriminator] = .string(name)
        let own = descriptions(of: slot.kind).first { $0.name == name }?.fields ?? []
        return resolving(given, slot.commonFields + own, into: values)
    }

    private func resolving(
        _ given: FieldValues, _ fields: [FieldDescription], into values: FieldValues
    ) -> FieldValues {
        var values = values
        for field in fields {
            guard let value = given[field.name] ?? field.defaultValue else { continue }
            values[field.name] = resolving(value, as: field.type)
        }
        return values
    }
}
