import Retrieval

/// `evaluate:` how the model is measured on interactions it was not trained on.
public struct EvaluateSection: Sendable {
    /// Examples of a batch of the losses; at least 1.
    public var batchSize: Int
    /// Whether a positive is found in the corpus by its id; nil: as TFRS, where the task is given
    /// ids.
    public var idBased: Bool?
    /// Which candidates of a positive's own score stand before it.
    public var tiePolicy: TiePolicy
    /// The index that the corpus is searched with.
    public var candidates: ComponentChoice
    /// What a query must not find.
    public var excludeSeen: SeenExclusion
    /// Which held-out interactions count as hits; nil: all.
    public var relevance: RelevanceThreshold?
    /// What held-out interactions must not be.
    public var leaveOut: [LeftOut]
    /// Which candidates the corpus has; nil: all.
    public var candidateFilter: CandidateFilter?
    /// When candidates begin to exist; nil: they always did.
    public var availableAt: AvailabilityColumns?
    /// Random candidates in place of the corpus; nil: the corpus.
    public var sampledNegatives: SampledNegativesSection?
    /// Parts of the interactions that are reported on their own.
    public var slices: [SliceChoice]
    /// How often queries are drawn again for intervals; 0: there are none.
    public var bootstrapSamples: Int
    /// Rankings without training that are measured beside the model.
    public var baselines: [ComponentChoice]
    /// Where the figures of single queries go; nil: nowhere.
    public var perQuery: String?
    /// Epochs between two evaluations during training; nil: only at the end.
    public var every: Int?
    /// The part that is evaluated during training.
    public var on: EvaluatedPartName
    /// The corpus metrics measured during training; nil: all of them.
    public var metrics: [ComponentChoice]?

    init(_ values: FieldValues) {
        batchSize = values[Self.batchSizeField]
        idBased = values[Self.idBasedField]
        tiePolicy = values[Self.tiePolicyField]
        candidates = values[Self.candidatesField]
        excludeSeen = values[Self.excludeSeenField]
        relevance = values[Self.relevanceField].map(RelevanceThreshold.init)
        leaveOut = values[Self.leaveOutField]
        candidateFilter = values[Self.candidateFilterField].map(CandidateFilter.init)
        availableAt = values[Self.availableAtField].map(AvailabilityColumns.init)
        sampledNegatives = values[Self.sampledNegativesField].map(SampledNegativesSection.init)
        slices = values[Self.slicesField]
        bootstrapSamples = values[Self.bootstrapSamplesField]
        baselines = values[Self.baselinesField].choices
        perQuery = values[Self.perQueryField]
        every = values[Self.everyField]
        on = values[Self.onField]
        metrics = values[Self.metricsField]
    }

    static let batchSizeField = Field<Int>(
        "batch_size", default: 4096, .atLeast(1), unit: "examples",
        "Examples of a batch of the test loss; corpus metrics do not depend on it.")
    static let idBasedField = Field<Bool?>(
        "id_based", default: nil,
        """
        Whether corpus metrics find a positive by its id, equal scores in the corpus's order, or \
        by its score, ties its own; null: by id if task.remove_accidental_hits gives the task ids, \
        as in TFRS.
        """)
    static let tiePolicyField = Field<TiePolicy>(
        "tie_policy", default: .expected,
        """
        Where a positive stands among the candidates of its own score. expected: anywhere, each \
        order being as likely as another, and metrics are their expected values; tfrs: before \
        them, as TFRS has it, or by id in the corpus's order; pessimistic: after them; mean: in \
        their middle.
        """)
    static let candidatesField = Field<ComponentChoice>(
        "candidates", type: .component(ComponentSlot(.candidateIndex)),
        default: .string(BruteForceDefinition.entry.description.name),
        "The index that the corpus is searched with.")
    static let excludeSeenField = Field<SeenExclusion>(
        "exclude_seen", default: .nothing,
        """
        What a query must not find: train: its training interactions; train_and_validation: those \
        of the validation part too, at the test. A positive is never excluded. Unlike TFRS's \
        query_with_exclusions, which lowers scores by 100000, what is excluded never appears.
        """)
    static let relevanceField = Field<FieldValues?>(
        "relevance", type: .optional(.object(RelevanceThreshold.description)), default: .null,
        """
        Which held-out interactions are evaluated, by a number that they have, such as ratings of \
        at least 4; all of the training part train. Null: all.
        """
    ).alsoKnown(as: "relevance_threshold", "min_rating")
    static let leaveOutField = Field<[LeftOut]>(
        "leave_out", type: .list(LeftOut.fieldType, count: .any), default: .list([]),
        """
        Held-out interactions that are not evaluated: unseen_queries, unseen_candidates, those of \
        a query or a candidate that never trains.
        """)
    static let candidateFilterField = Field<FieldValues?>(
        "candidate_filter", type: .optional(.object(CandidateFilter.description)), default: .null,
        "Limits the corpus to candidates with one of some tokens in a column; null: all.")
    static let availableAtField = Field<FieldValues?>(
        "available_at", type: .optional(.object(AvailabilityColumns.description)), default: .null,
        """
        Limits each interaction's candidates to those that existed when it happened; null: all. \
        The corpus is then ordered by time.
        """)
    static let sampledNegativesField = Field<FieldValues?>(
        "sampled_negatives", type: .optional(.object(SampledNegativesSection.description)),
        default: .null,
        """
        Ranks each positive among so many random candidates only; null: among the whole corpus. \
        Such metrics do not compare with those over the corpus.
        """)
    static let slicesField = Field<[SliceChoice]>(
        "slices",
        type: .list(
            .either([.choice(SliceChoice.names), .object(ColumnReference.description)]),
            count: .any), default: .list([]),
        """
        Parts of the interactions whose corpus metrics are reported as well: unseen_queries, \
        unseen_candidates (never in training), or one for each value of a column.
        """)
    static let bootstrapSamplesField = Field<Int>(
        "bootstrap_samples", default: 1000, .between(0, and: 100_000),
        """
        How often the queries are drawn again for the 95% interval of each corpus metric; 0: no \
        intervals.
        """)
    static let baselinesField = Field<BaselineChoices>(
        "baselines",
        type: .either([
            .choice([BaselineChoices.off]),
            .list(.component(ComponentSlot(.baseline)), count: .any),
        ]),
        default: .list([.string(MostPopular.entry.description.name)]),
        """
        Rankings without training that are measured beside the model, by the same data, protocol \
        and metrics: what it has to beat. Neither the digest nor the gate looks at them. off: none.
        """)
    static let perQueryField = Field<String?>(
        "per_query", type: .optional(.path), default: .null,
        "The file that gets each query's ranks and metric figures; null: none.")
    static let everyField = Field<Int?>(
        "every", optional: .atLeast(1), unit: "epochs",
        "Epochs between evaluations during training; null: only at the end.")
    static let onField = Field<EvaluatedPartName>(
        "on", default: .validation, "The part that is evaluated during training.")
    static let metricsField = Field<[ComponentChoice]?>(
        "metrics",
        type: .optional(.list(.component(ComponentSlot(.factorizedMetric)), count: .any)),
        default: .null,
        "The corpus metrics measured during training; null: those of metrics.factorized.")

    static let description = ObjectDescription(
        name: "evaluate",
        fields: [
            batchSizeField.description, idBasedField.description, tiePolicyField.description,
            candidatesField.description, excludeSeenField.description,
            relevanceField.description, leaveOutField.description,
            candidateFilterField.description, availableAtField.description,
            sampledNegativesField.description, slicesField.description,
            bootstrapSamplesField.description, baselinesField.description,
            perQueryField.description, everyField.description, onField.description,
            metricsField.description,
        ])
}

/// `baselines:` a list of them, or none.
struct BaselineChoices: FieldConvertible {
    static let off = "off"

    var choices: [ComponentChoice]

    init?(fieldValue: FieldValue) {
        if fieldValue == .string(Self.off) {
            choices = []
        } else if let choices = [ComponentChoice](fieldValue: fieldValue) {
            self.choices = choices
        } else {
            return nil
        }
    }

    var fieldValue: FieldValue {
        choices.isEmpty ? .string(Self.off) : choices.fieldValue
    }
}

/// Which interactions of a query's past exclude candidates.
public enum SeenExclusion: String, FieldChoice {
    /// Nothing.
    case nothing
    /// The query's training interactions.
    case train
    /// Those, and at the test those of the validation part too.
    case trainAndValidation = "train_and_validation"
}

/// A part of the data that a model is measured on.
public enum EvaluatedPartName: String, FieldChoice {
    /// The validation part.
    case validation
    /// The test part.
    case test
}
