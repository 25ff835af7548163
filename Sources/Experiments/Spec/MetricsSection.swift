import Retrieval

/// `metrics:` what is measured.
public struct MetricsSection: Sendable {
    /// Metrics over the corpus.
    public var factorized: [ComponentChoice]
    /// Metrics over the batches' scores.
    public var batch: [ComponentChoice]
    public var loss: [ComponentChoice]

    init(_ values: FieldValues) {
        factorized = values[Self.factorizedField]
        batch = values[Self.batchField]
        loss = values[Self.lossField]
    }

    static let factorizedField = Field<[ComponentChoice]>(
        "factorized",
        type: .list(.component(ComponentSlot(.factorizedMetric)), count: .any),
        default: .list([.string(FactorizedTopK.entry.description.name)]),
        "Metrics over the whole corpus of candidates, at evaluation.")
    static let batchField = Field<[ComponentChoice]>(
        "batch", type: .list(.component(ComponentSlot(.batchMetric)), count: .any),
        default: .list([]),
        "Metrics over the transformed scores of each batch, in training and at evaluation.")
    static let lossField = Field<[ComponentChoice]>(
        "loss", type: .list(.component(ComponentSlot(.lossMetric)), count: .any),
        default: .list([]), "Metrics over the losses of the batches.")

    static let description = ObjectDescription(
        name: "metrics",
        fields: [factorizedField.description, batchField.description, lossField.description])
}
