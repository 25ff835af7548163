/// Every component that a spec can name.
///
/// Start from ``builtIn``, register your own, and hand the result to the runner:
///
/// ```swift
/// var catalog = Catalog.builtIn
/// catalog.losses.register(MyLoss.entry)
/// ```
public struct Catalog: Sendable {
    public var losses = Registry<any Loss>(.loss)
    public var optimizers = Registry<any Optimizer>(.optimizer)
    public var schedules = Registry<any LearningRateSchedule>(.schedule)
    public var factorizedMetrics = Registry<any FactorizedMetric>(.factorizedMetric)
    public var baselines = Registry<any Baseline>(.baseline)
    public var candidateIndexes = Registry<any CandidateIndexDefinition>(.candidateIndex)
    public var batchMetrics = Registry<any BatchMetric>(.batchMetric)
    public var lossMetrics = Registry<any LossMetric>(.lossMetric)
    public var features = Registry<any FeatureDefinition>(.feature)
    public var layers = Registry<any LayerDefinition>(.layer)
    public var sequenceEncoders = Registry<any SequenceEncoderDefinition>(.sequenceEncoder)
    public var initializers = Registry<any Initializer>(.initializer)
    public var regularizers = Registry<any Regularizer>(.regularizer)
    public var dataSources = Registry<any DataSource>(.dataSource)
    public var filters = Registry<any InteractionFilter>(.filter)
    public var splits = Registry<any Splitter>(.split)

    public init() {}

    /// What the catalogue knows of every component of a family.
    public func descriptions(of kind: ComponentKind) -> [ComponentDescription] {
        switch kind {
        case losses.kind: losses.descriptions
        case optimizers.kind: optimizers.descriptions
        case schedules.kind: schedules.descriptions
        case factorizedMetrics.kind: factorizedMetrics.descriptions
        case baselines.kind: baselines.descriptions
        case candidateIndexes.kind: candidateIndexes.descriptions
        case batchMetrics.kind: batchMetrics.descriptions
        case lossMetrics.kind: lossMetrics.descriptions
        case features.kind: features.descriptions
        case layers.kind: layers.descriptions
        case sequenceEncoders.kind: sequenceEncoders.descriptions
        case initializers.kind: initializers.descriptions
        case regularizers.kind: regularizers.descriptions
        case dataSources.kind: dataSources.descriptions
        case filters.kind: filters.descriptions
        case splits.kind: splits.descriptions
        default: []
        }
    }

    /// Makes a component to see whether its fields, each right by itself, go together.
    ///
    /// - Throws: what the component's entry and its ``SelfChecking`` do.
    public func check(_ choice: ComponentChoice, of kind: ComponentKind) throws {
        switch kind {
        case losses.kind: try check(losses, choice)
        // Its schedule is a component of its own, which is checked as such.
        case optimizers.kind: try check(optimizers, choice)
        case schedules.kind: try check(schedules, choice)
        case factorizedMetrics.kind: try check(factorizedMetrics, choice)
        case baselines.kind: try check(baselines, choice)
        case candidateIndexes.kind: try check(candidateIndexes, choice)
        case batchMetrics.kind: try check(batchMetrics, choice)
        case lossMetrics.kind: try check(lossMetrics, choice)
        case features.kind: try check(features, choice)
        case layers.kind: try check(layers, choice)
        case sequenceEncoders.kind: try check(sequenceEncoders, choice)
        case initializers.kind: try check(initializers, choice)
        case regularizers.kind: try check(regularizers, choice)
        case dataSources.kind: try check(dataSources, choice)
        case filters.kind: try check(filters, choice)
        case splits.kind: try check(splits, choice)
        default: break
        }
    }

    private func check<Product>(_ registry: Registry<Product>, _ choice: ComponentChoice) throws {
        try (try registry.make(choice) as? any SelfChecking)?.check()
    }

    public func names(of kind: ComponentKind) -> [String] {
        descriptions(of: kind).map(\.name)
    }
}

extension Registry {
    public var descriptions: [ComponentDescription] { entries.map(\.description) }

    /// Makes the component that a spec chose. The decoder has checked that it exists.
    public func make(_ choice: ComponentChoice) throws -> Product {
        guard let entry = self[choice.name] else {
            preconditionFailure("no \(kind.noun) is called '\(choice.name)'")
        }
        return try entry.make(choice.values)
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
