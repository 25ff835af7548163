import Retrieval

/// `metrics:` what is measured.
public struct MetricsSection: Sendable {
    public var factorized: [ComponentChoice]

    init(_ values: FieldValues) {
        factorized = values[Self.factorizedField]
    }

    static let factorizedField = Field<[ComponentChoice]>(
        "factorized",
        type: .list(.component(ComponentSlot(.factorizedMetric)), count: .any),
        default: .list([.string(FactorizedTopK.entry.description.name)]),
        "Metrics over the whole corpus of candidates.")

    static let description = ObjectDescription(
        name: "metrics", fields: [factorizedField.description])
}
