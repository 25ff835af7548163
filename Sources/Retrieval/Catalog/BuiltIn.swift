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
        catalog.registerOptimizers()
        catalog.registerFactorizedMetrics()
        catalog.baselines.register(MostPopular.entry)
        catalog.baselines.register(RecentPopular.entry)
        catalog.baselines.register(RandomRanking.entry)
        catalog.baselines.register(ItemKNN.entry)
        catalog.candidateIndexes.register(BruteForceDefinition.entry)
        catalog.candidateIndexes.register(StreamingDefinition.entry)
        catalog.candidateIndexes.register(PartitionedDefinition.entry)
        catalog.registerBatchMetrics()
        catalog.registerLossMetrics()
        catalog.registerFeatures()
        catalog.registerLayers()
        catalog.registerSequenceEncoders()
        catalog.registerInitializers()
        catalog.regularizers.register(L1L2.l1Entry)
        catalog.regularizers.register(L1L2.l2Entry)
        catalog.regularizers.register(L1L2.entry)
        catalog.dataSources.register(MovieLensChoice.entry)
        catalog.dataSources.register(FileSource.entry)
        catalog.dataSources.register(JSONLinesSource.entry)
        catalog.dataSources.register(AtomicFileSource.entry)
        catalog.dataSources.register(ParquetSource.entry)
        catalog.dataSources.register(SQLiteSource.entry)
        catalog.dataSources.register(SyntheticSource.entry)
        catalog.splits.register(RandomSplit.entry)
        catalog.splits.register(IndexFileSplit.entry)
        catalog.splits.register(PerUserSplit.entry)
        catalog.splits.register(LeaveNLastOut.entry)
        catalog.splits.register(TemporalSplit.entry)
        catalog.splits.register(ColumnSplit.entry)
        catalog.splits.register(KFoldSplit.entry)
        catalog.splits.register(WholeUserSplit.entry)
        catalog.splits.register(SplitFiles.entry)
        catalog.registerFilters()
        return catalog
    }()
}

extension Catalog {
    private mutating func registerFactorizedMetrics() {
        factorizedMetrics.register(FactorizedTopK.entry)
        factorizedMetrics.register(HitRate.entry)
        factorizedMetrics.register(CorpusPrecision.entry)
        factorizedMetrics.register(CorpusRecall.entry)
        factorizedMetrics.register(F1.entry)
        factorizedMetrics.register(CorpusMeanReciprocalRank.entry)
        factorizedMetrics.register(CorpusNDCG.entry)
        factorizedMetrics.register(MeanAveragePrecision.entry)
        factorizedMetrics.register(CorpusAUC.entry)
        factorizedMetrics.register(MeanRank.entry)
        factorizedMetrics.register(MedianRank.entry)
        factorizedMetrics.register(CatalogueCoverage.entry)
        factorizedMetrics.register(GiniIndex.entry)
        factorizedMetrics.register(ExposureEntropy.entry)
        factorizedMetrics.register(Novelty.entry)
        factorizedMetrics.register(AveragePopularity.entry)
        factorizedMetrics.register(PopularityBucketedRecall.entry)
        factorizedMetrics.register(IntraListDiversity.entry)
        factorizedMetrics.register(Serendipity.entry)
    }

    private mutating func registerFilters() {
        filters.register(KCore.entry)
        filters.register(ValueRange.entry)
        filters.register(DateRange.entry)
        filters.register(TextFilter.entry)
        filters.register(RandomSample.entry)
        filters.register(PerUser.firstEntry)
        filters.register(PerUser.lastEntry)
        filters.register(DropDuplicates.entry)
    }

    private mutating func registerFeatures() {
        features.register(StringLookup.entry)
        features.register(IntegerLookup.entry)
        features.register(Hashing.entry)
        features.register(Normalization.entry)
        features.register(Discretization.entry)
        features.register(TextVectorization.entry)
        features.register(TimestampPart.entry)
        features.register(Numeric.entry)
        features.register(UnifiedEmbedding.entry)
        features.register(History.entry)
    }

    private mutating func registerBatchMetrics() {
        batchMetrics.register(TopKCategoricalAccuracy.entry)
        batchMetrics.register(CategoricalAccuracy.entry)
        batchMetrics.register(BinaryAccuracy.entry)
        batchMetrics.register(AUC.entry)
        batchMetrics.register(CategoricalCrossentropyMetric.entry)
        batchMetrics.register(MeanSquaredErrorMetric.entry)
        batchMetrics.register(Precision.entry)
        batchMetrics.register(Recall.entry)
        batchMetrics.register(BatchMeanReciprocalRank.entry)
        batchMetrics.register(BatchNDCG.entry)
        batchMetrics.register(MeanPositiveScore.entry)
        batchMetrics.register(MeanNegativeScore.entry)
        batchMetrics.register(ScoreMargin.entry)
    }

    private mutating func registerOptimizers() {
        optimizers.register(Adagrad.entry)
        optimizers.register(SGD.entry)
        optimizers.register(Adam.entry)
        optimizers.register(Adam.decoupledEntry)
        optimizers.register(RMSprop.entry)
        optimizers.register(Adamax.entry)
        optimizers.register(Nadam.entry)
        optimizers.register(FTRL.entry)
        optimizers.register(Adadelta.entry)
        optimizers.register(ClippyAdagrad.entry)
        schedules.register(ExponentialDecay.entry)
        schedules.register(InverseTimeDecay.entry)
        schedules.register(PolynomialDecay.entry)
        schedules.register(CosineDecay.entry)
        schedules.register(CosineDecayRestarts.entry)
        schedules.register(PiecewiseConstantDecay.entry)
    }

    private mutating func registerLossMetrics() {
        lossMetrics.register(MeanLoss.entry)
        lossMetrics.register(SumLoss.entry)
        lossMetrics.register(StandardDeviationLoss.entry)
        lossMetrics.register(LastLoss.entry)
    }
}

extension Catalog {
    private mutating func registerInitializers() {
        initializers.register(RandomUniform.entry)
        initializers.register(RandomNormal.entry)
        initializers.register(RandomNormal.truncatedEntry)
        initializers.register(Constant.zerosEntry)
        initializers.register(Constant.onesEntry)
        initializers.register(Constant.entry)
        for entry in VarianceScaling.namedEntries { initializers.register(entry) }
        initializers.register(VarianceScaling.entry)
        initializers.register(Orthogonal.entry)
        initializers.register(Identity.entry)
    }
}

extension Catalog {
    private mutating func registerLayers() {
        layers.register(DenseDefinition.entry)
        layers.register(MLPDefinition.entry)
        layers.register(ActivationDefinition.entry)
        layers.register(DropoutDefinition.entry)
        layers.register(LayerNormalizationDefinition.entry)
        layers.register(BatchNormalizationDefinition.entry)
        layers.register(UnitNormalizationDefinition.entry)
        layers.register(CrossDefinition.entry)
        layers.register(CrossDefinition.multiLayerEntry)
        layers.register(DotInteractionDefinition.entry)
        layers.register(ResidualDefinition.entry)
        layers.register(MultiHeadDefinition.entry)
    }
}

extension Catalog {
    private mutating func registerSequenceEncoders() {
        sequenceEncoders.register(AverageDefinition.entry)
        sequenceEncoders.register(AverageDefinition.decayedEntry)
        sequenceEncoders.register(GRUDefinition.entry)
        sequenceEncoders.register(LSTMDefinition.entry)
        sequenceEncoders.register(SelfAttentionDefinition.entry)
    }
}
