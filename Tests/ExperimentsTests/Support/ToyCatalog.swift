import Retrieval

/// A catalogue of few and fixed components, so that what messages list does not change with the
/// components that the tool comes with.
enum Toy {
    static let catalog: Catalog = {
        var catalog = Catalog()
        catalog.losses.register(
            loss("hinge", [marginField.description, Reduction.field.description]))
        catalog.losses.register(loss("softmax", [Reduction.field.description]))
        catalog.optimizers.register(Adagrad.entry)
        catalog.factorizedMetrics.register(FactorizedTopK.entry)
        catalog.features.register(StringLookup.entry)
        catalog.initializers.register(RandomUniform.entry)
        catalog.dataSources.register(MovieLensChoice.entry)
        catalog.dataSources.register(SyntheticSource.entry)
        catalog.splits.register(RandomSplit.entry)
        catalog.splits.register(IndexFileSplit.entry)
        return catalog
    }()

    static let marginField = Field<Double>("margin", default: 1, .greaterThan(0), "The margin.")

    private static func loss(
        _ name: String, _ fields: [FieldDescription]
    ) -> ComponentEntry<any Loss> {
        ComponentEntry(name, summary: "A toy.", source: "none", fields: fields) { _ in
            CategoricalCrossentropy()
        }
    }
}
