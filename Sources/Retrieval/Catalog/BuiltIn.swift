extension Catalog {
    /// Every component that comes with the tool.
    public static let builtIn: Catalog = {
        var catalog = Catalog()
        catalog.losses.register(CategoricalCrossentropy.entry)
        catalog.losses.register(InfoNCE.entry)
        catalog.losses.register(BinaryCrossentropy.entry)
        catalog.losses.register(CategoricalFocalCrossentropy.entry)
        catalog.losses.register(CategoricalHinge.entry)
        catalog.losses.register(Hinge.entry)
        catalog.losses.register(SquaredHinge.entry)
        catalog.losses.register(MeanSquaredError.entry)
        catalog.losses.register(KLDivergence.entry)
        catalog.losses.register(BayesianPersonalizedRanking.entry)
        catalog.losses.register(PairwiseLogistic.entry)
        catalog.losses.register(PairwiseHinge.entry)
        catalog.optimizers.register(Adagrad.entry)
        catalog.factorizedMetrics.register(FactorizedTopK.entry)
        catalog.features.register(StringLookup.entry)
        catalog.layers.register(UnitNormalizationDefinition.entry)
        catalog.initializers.register(RandomUniform.entry)
        catalog.dataSources.register(MovieLensChoice.entry)
        catalog.dataSources.register(SyntheticSource.entry)
        catalog.splits.register(RandomSplit.entry)
        catalog.splits.register(IndexFileSplit.entry)
        return catalog
    }()
}
