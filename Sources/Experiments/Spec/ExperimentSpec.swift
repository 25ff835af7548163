import Retrieval
import YAMLTree

/// An experiment as its file declares it, every default explicit: nothing has been read, made or
/// measured yet.
public struct ExperimentSpec: Sendable {
    /// What the results and the default file name call the experiment.
    public var name: String
    /// Where every stream of random numbers begins; at least 0.
    public var seed: Int
    /// Where interactions come from, and how they are divided.
    public var data: DataSection
    /// What embeds queries and candidates.
    public var towers: TowersSection
    /// What is evaluated in place of the trained model; nil: the model.
    public var baseline: ComponentChoice?
    /// The retrieval task's options.
    public var task: TaskSection
    public var loss: ComponentChoice
    /// What is measured.
    public var metrics: MetricsSection
    /// Epochs, batches and the optimizer.
    public var train: TrainSection
    public var evaluate: EvaluateSection
    /// What a run writes beside its results.
    public var output: OutputSection
    /// Nil: the run keeps nothing on the way.
    public var checkpoint: CheckpointSection?
    /// A model that training starts from; nil: random numbers.
    public var warmStart: WarmStartSection?
    /// The whole spec as checked values, in the catalogue's order: what the results record.
    public var resolved: FieldValues
    /// Where the values stand in the file.
    public var marks: SpecMarks
    /// What the spec may say, but surely did not mean, as far as no data tell.
    public internal(set) var warnings: [Diagnostic] = []

    init(_ values: FieldValues, marks: SpecMarks) {
        var values = Self.resolvingDependentDefaults(values)
        // The spec holds what it extends.
        values[Self.extendsField.name] = nil
        // Where things are written is not a matter of what is computed.
        output = OutputSection(values[Self.outputField])
        values[Self.outputField.name] = nil
        name = values[Self.nameField]
        seed = values[Self.seedField]
        data = DataSection(values[Self.dataField])
        // Every field that follows it says it itself.
        if case .object(var section)? = values[Self.dataField.name] {
            section[DataSection.timeField.name] = nil
            values[Self.dataField.name] = .object(section)
        }
        towers = TowersSection(values[Self.towersField])
        baseline = values[Self.baselineField]
        task = TaskSection(values[Self.taskField])
        loss = values[Self.lossField]
        metrics = MetricsSection(values[Self.metricsField])
        train = TrainSection(values[Self.trainField])
        evaluate = EvaluateSection(values[Self.evaluateField])
        checkpoint = values[Self.checkpointField].map(CheckpointSection.init)
        warmStart = values[Self.warmStartField].map(WarmStartSection.init)
        resolved = values
        self.marks = marks
    }
}

extension ExperimentSpec {
    /// The same experiment with another seed; the resolved spec says so.
    public func settingSeed(_ seed: Int) -> ExperimentSpec {
        var copy = self
        copy.seed = seed
        copy.resolved[Self.seedField.name] = .integer(seed)
        return copy
    }

    /// Fills in the defaults that depend on other fields.
    private static func resolvingDependentDefaults(_ values: FieldValues) -> FieldValues {
        var values = values
        var evaluate = values[evaluateField]
        if evaluate[EvaluateSection.idBasedField] == nil {
            let task = TaskSection(values[taskField])
            evaluate[EvaluateSection.idBasedField.name] = .boolean(task.removeAccidentalHits)
            values[evaluateField.name] = .object(evaluate)
        }
        return values
    }

    static let extendsField = Field<FieldValue>(
        "extends", type: .optional(.either([.path, .object(ExtendsSection.description)])),
        default: .null,
        "The spec that this one is laid over, mapping by mapping; null: none."
    ).examples(.string("base.yaml"))
    static let nameField = Field("name", required: String.self, "The experiment's name.")
    static let descriptionField = Field<String?>(
        "description", default: nil, "What the experiment is for, in a line or two.")
    static let seedField = Field<Int>(
        "seed", default: 42, .atLeast(0),
        "Where all randomness comes from: split, initial weights, batches.")
    static let dataField = Field<ComponentChoice>(
        "data", type: .component(DataSection.slot), default: nil,
        "The interactions, what asks and what is retrieved, and the split.")
    static let towersField = Field<FieldValues>(
        "towers", type: .object(TowersSection.description), default: nil,
        "The model: one tower for queries, one for candidates.")
    static let baselineField = Field<ComponentChoice?>(
        "baseline", type: .optional(.component(ComponentSlot(.baseline))), default: .null,
        """
        Evaluates a ranking that needs no training in place of the model, by the same data, \
        protocol and metrics: towers, loss and train then have no part in the results. null: the \
        model.
        """)
    static let taskField = Field<FieldValues>(
        "task", type: .object(TaskSection.description), default: .object(FieldValues()),
        "The options of tfrs.tasks.Retrieval.")
    static let lossField = Field<ComponentChoice>(
        "loss", type: .component(ComponentSlot(.loss)),
        default: .string(CategoricalCrossentropy.entry.description.name),
        "The loss over a batch's scores.")
    static let metricsField = Field<FieldValues>(
        "metrics", type: .object(MetricsSection.description), default: .object(FieldValues()),
        "What is measured.")
    static let trainField = Field<FieldValues>(
        "train", type: .object(TrainSection.description), default: .object(FieldValues()),
        "How the model is trained.")
    static let evaluateField = Field<FieldValues>(
        "evaluate", type: .object(EvaluateSection.description), default: .object(FieldValues()),
        "How the model is evaluated.")

    static let checkpointField = Field<FieldValues?>(
        "checkpoint", type: .optional(.object(CheckpointSection.description)), default: .null,
        """
        What the run keeps on the way, so that the same command goes on where a run was killed, to \
        the same results. null: nothing.
        """)
    static let warmStartField = Field<FieldValues?>(
        "warm_start", type: .optional(.object(WarmStartSection.description)), default: .null,
        "A saved model that training starts from. null: random numbers.")

    static let gateField = Field<FieldValues?>(
        "gate", type: .optional(.object(GateSection.description)), default: .null,
        "What tfrs-run check holds against the baseline; null: the default rules.")

    static let outputField = Field<FieldValues>(
        "output", type: .object(OutputSection.description), default: .object(FieldValues()),
        "What a run writes beside its results; they do not record it.")

    /// Whether a key of the top is the user's own: one that begins with `x-` is passed over, as in
    /// Compose files and OpenAPI, and may hold what anchors refer to.
    static func isExtension(_ key: String) -> Bool { key.hasPrefix(extensionPrefix) }
    static let extensionPrefix = "x-"

    /// Every key a spec may have, from the top, beside the user's own.
    public static let description = ObjectDescription(
        name: "experiment",
        fields: [
            extendsField.description, nameField.description, descriptionField.description,
            seedField.description,
            dataField.description, towersField.description, taskField.description,
            baselineField.description, lossField.description, metricsField.description,
            trainField.description, evaluateField.description, outputField.description,
            checkpointField.description, warmStartField.description, gateField.description,
        ])
}
