import ResultsFormat
import Retrieval

/// `sweep:` many trials of a spec: what its frame may hold. What stands under its paths are values
/// of the spec, which only the merged spec can judge.
enum SweepSection {
    static let field = Field<FieldValues?>(
        "sweep", type: .optional(.object(description)), default: .null,
        """
        Many trials of this spec, list x grid x random x seeds x folds, each a process of its own; \
        null: the spec is one experiment.
        """
    ).examples(gridExample)

    private static var gridExample: FieldValues {
        var values = FieldValues()
        values[gridField.name] = gridField.description.examples.first
        return values
    }

    /// Values by path into the spec.
    private static let overlay = FieldType.map(.anything, keys: "paths")

    private static func paths(_ members: (String, FieldValue)...) -> FieldValue {
        var values = FieldValues()
        for (path, value) in members { values[path] = value }
        return .object(values)
    }

    static let listField = Field<FieldValue>(
        "list", type: .optional(.list(overlay, count: .atLeast(1))), default: .null,
        """
        Overlays, each a mapping from paths into the spec to values, and 'name', what trials are \
        called by in place of the values.
        """
    ).examples(
        .list([
            paths(("name", .string("wide")), ("towers.query.layers", .list([.string("dense")])))
        ]))
    static let gridField = Field<FieldValue>(
        "grid",
        type: .optional(
            .map(
                .either([.list(.anything, count: .atLeast(1)), .object(axis)]), keys: "paths")),
        default: .null, "By path into the spec, the values that it takes in turn."
    ).examples(paths(("train.optimizer.learning_rate", .list([.number(0.1), .number(0.3)]))))
    static let randomField = Field<FieldValues?>(
        "random", type: .optional(.object(random)), default: .null,
        "Draws of all its axes together.")
    static let tpeField = Field<FieldValues?>(
        "tpe", type: .optional(.object(tpe)), default: .null,
        """
        Proposals by what earlier trials came to on the validation part: tree-structured Parzen \
        estimators (Bergstra et al., 2011).
        """
    ).alsoKnown(as: "bayesian", "adaptive", "optuna", "hyperopt", "model")
    static let seedsField = Field<[Int]?>(
        "seeds", type: .optional(.list(.integer(.atLeast(0)), count: .atLeast(1))), default: .null,
        "Every configuration runs with each of these seeds.")
    static let foldsField = Field<[Int]?>(
        "folds", type: .optional(.list(.integer(.atLeast(0)), count: .atLeast(1))), default: .null,
        "The same with each of these values of data.split.fold.")
    static let excludeField = Field<FieldValue>(
        "exclude", type: .optional(.list(overlay, count: .atLeast(1))), default: .null,
        """
        Trials are left out of which one of these conditions holds: each path has the value, or \
        one of the list's.
        """
    ).examples(.list([paths(("train.epochs", .integer(1)))]))
    static let maxRunsField = Field<Int>(
        "max_runs", default: 1000, .between(1, and: 1_000_000),
        "More trials than this are refused.")
    static let objectiveField = Field<FieldValues?>(
        "objective", type: .optional(.object(objective)), default: .null,
        "What trials are ranked by; null: the first gated or else the first corpus metric.")
    static let halvingField = Field<FieldValues?>(
        "halving", type: .optional(.object(halving)), default: .null,
        "Synchronous successive halving by the objective on the validation part.")

    static let description = ObjectDescription(
        name: "sweep",
        fields: [
            listField.description, gridField.description, randomField.description,
            tpeField.description,
            seedsField.description, foldsField.description, excludeField.description,
            maxRunsField.description, objectiveField.description, halvingField.description,
        ])

    // MARK: Axes

    static let valuesField = Field<FieldValue>(
        "values", type: .list(.anything, count: .atLeast(1)), default: nil,
        "The values that the path takes in turn.")
    static let whenField = Field<FieldValue>(
        "when", type: .optional(overlay), default: .null,
        """
        The axis counts only where each of these paths has the value, or one of the list's; null: \
        always.
        """
    ).examples(paths(("train.optimizer.type", .string("adam"))))
    private static let axis = ObjectDescription(
        name: "grid axis", fields: [valuesField.description, whenField.description])

    static let trialsField = Field<Int>(
        "trials", default: nil, .between(1, and: 1_000_000), "How many to draw.")
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0), "Of the draws; null: the spec's seed.")
    static let axesField = Field<FieldValue>(
        "axes", type: .map(.object(randomAxis), keys: "paths"), default: nil,
        "By path into the spec, what its values are drawn from."
    ).examples(
        paths(
            (
                "train.optimizer.learning_rate",
                paths(("log_uniform", .list([.number(0.01), .number(1)])))
            )))
    private static let random = ObjectDescription(
        name: "random search",
        fields: [trialsField.description, seedField.description, axesField.description])

    static let startupField = Field<Int>(
        "startup", default: 10, .atLeast(1),
        "How many of the trials are drawn at random, before any is proposed.")
    static let perRoundField = Field<Int>(
        "per_round", default: 4, .atLeast(1),
        """
        How many are proposed at once, by all that ended before them: those that can run side by \
        side. Fewer learn more from each other.
        """)
    private static let tpe = ObjectDescription(
        name: "tpe",
        fields: [
            trialsField.description, startupField.description, perRoundField.description,
            seedField.description, axesField.description,
        ])

    private static func bounds(_ name: String, _ type: FieldType, _ summary: String)
        -> Field<FieldValue>
    {
        Field(
            name, type: .optional(.list(type, count: .between(2, and: 2))), default: .null, summary)
    }
    static let distributions: [FieldDescription] = [
        Field<FieldValue>(
            "choice", type: .optional(.list(.anything, count: .atLeast(1))), default: .null,
            "One of these values."
        ).examples(.list([.integer(16), .integer(32)])).description,
        bounds("uniform", .number(.any), "A number between two, all alike.").examples(
            .list([.number(0), .number(0.5)])
        ).description,
        bounds(
            "log_uniform", .number(.greaterThan(0)), "A number between two, its logarithm alike."
        ).examples(.list([.number(0.01), .number(1)])).description,
        bounds("int", .integer(.any), "An integer between two, both included.").examples(
            .list([.integer(1), .integer(4)])
        ).description,
    ]
    private static let randomAxis = ObjectDescription(
        name: "distribution", fields: distributions + [whenField.description])

    // MARK: Objective

    static let metricField = Field<String?>(
        "metric", type: .optional(.string), default: .null,
        "A figure by its name in the results; loss for the mean loss per example."
    ).examples("recall@10")
    static let directionField = Field<String?>(
        "direction", type: .optional(.choice(MetricDirection.allCases.map(\.rawValue))),
        default: .null, "Which way it is better; null: as the figure is.")
    static let onField = Field<String?>(
        "on", type: .optional(.choice(["test", "validation"])), default: .null,
        """
        The part of the data; null: validation where there is such a part, else test. What the \
        test part chooses it judges too kindly.
        """)
    private static let objective = ObjectDescription(
        name: "objective",
        fields: [metricField.description, directionField.description, onField.description])

    static let epochsField = Field<[Int]>(
        "epochs", type: .list(.integer(.atLeast(1)), count: .atLeast(2)), default: nil,
        "The epochs of each rung, ascending."
    ).examples([5, 15, 45])
    static let factorField = Field<Int>(
        "factor", default: 3, .between(2, and: 1000), "After a rung the best 1/factor go on.")
    private static let halving = ObjectDescription(
        name: "halving", fields: [epochsField.description, factorField.description])
}

extension ExperimentSpec {
    /// Every key that a spec file may have: those of an experiment, and its sweep.
    static let fileDescription = ObjectDescription(
        name: "experiment", fields: description.fields + [SweepSection.field.description])
}
