/// The JSON Schema of results files, JSON Schema 2020-12, strict: what ``ResultsDocument`` writes.
///
/// Readers accept more, members that they do not know.
public enum ResultsSchema {
    /// The JSON Schema of a results file.
    public static var document: JSONValue {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "tfrs-run results",
        ]
        for member in ResultsDocument.schema.json { schema[member.key] = member.value }
        return .object(schema)
    }
}

extension ResultsDocument {
    static var schema: RecordSchema {
        RecordSchema(
            .required("schema_version", ["const": .integer(schemaVersion)], "Of this format."),
            .required(
                "status", ["enum": .array(RunStatus.allCases.map { .string($0.rawValue) })],
                "How the run ended."),
            .optional("failure", RunFailure.schema.json, "Why the run did not complete."),
            .required("experiment", ExperimentRecord.schema.json, "What was run."),
            .required("seed", .integer(from: 0), "Of every random stream of the run."),
            .optional("data", DataRecord.schema.json, "The data the run saw."),
            .optional("training", TrainingRecord.schema.json, "What training went through."),
            .required(
                "evaluation", .map(of: EvaluationRecord.schema.json),
                "The final metrics by name of the split."),
            .required("warnings", .list(of: .text), "What the user should know."),
            .required("environment", EnvironmentRecord.schema.json, "Where the run took place."),
            .required("timing", TimingRecord.schema.json, "Where the time went."),
            .optional(
                "peak_memory_bytes", .integer(from: 0), "The most memory the process held."),
            .optional("model", ModelReference.schema.json, "The model that the run has written."),
            .optional(
                "profile", RunProfile.schema.json, "What reports draw beside the figures."),
            .optional(
                "digest", .sha256, "SHA-256 over everything that must come out the same."))
    }
}

extension RunFailure {
    static var schema: RecordSchema {
        RecordSchema(
            .required("reason", .text, "A sentence for people."),
            .optional("epoch", .integer(from: 1), "The epoch, from 1."),
            .optional("step", .integer(from: 1), "The step of that epoch, from 1."))
    }
}

extension ExperimentRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("name", .text, "The experiment's name."),
            .required("spec", ["type": "object"], "The spec with every default filled in."),
            .optional(
                "local_members", .list(of: .text),
                "Paths of the spec's members outside both hashes: folders."),
            .required("spec_sha256", .sha256, "SHA-256 of the spec without its local members."))
    }
}

extension DataRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("source", .text, "The kind of source."),
            .optional("variant", .text, "Which of the source's data sets."),
            .optional("stand_in_for", .text, "What the data stand in for."),
            .required("fingerprint", .sha256, "Of the interactions and their split."),
            .optional("content_sha256", .sha256, "Of the data alone, whatever the split."),
            .required("counts", .map(of: .integer(from: 0)), "How many there are of each."),
            .optional(
                "filters", .list(of: FilterRecord.schema.json),
                "What each filter left, in order."),
            .optional(
                "unseen", .map(of: .map(of: .integer(from: 0))),
                "What a held-out part holds that training never sees, by part."),
            .required("notes", .list(of: .text), "What a reader should know about the data."))
    }
}

extension TrainingRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required(
                "epochs", .list(of: EpochRecord.schema.json), "The epochs that were finished."),
            .optional("engine", .anything, "How the work was done."),
            .optional(
                "warm_start", WarmStartRecord.schema.json,
                "The model that training started from."),
            .optional(
                "early_stopping", EarlyStoppingRecord.schema.json,
                "What became of early stopping."),
            .optional(
                "figures", .map(of: FigureRecord.schema.json),
                "What the figures of the epochs are, by name."))
    }
}

extension EpochRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("epoch", .integer(from: 1), "Counted from 1."),
            .required("loss", .anyNumber, "Mean loss per example over the epoch."),
            .required("batch_loss_mean", .anyNumber, "Mean of the batches' losses."),
            .optional(
                "regularization_loss", .anyNumber,
                "Mean over the steps of the penalties that regularizers add."),
            .optional("total_loss", .anyNumber, "The batches' mean loss and the penalties."),
            .required("metrics", .map(of: .anyNumber), "Metrics by name."),
            .optional(
                "learning_rates", .map(of: .anyNumber),
                "The learning rate of the epoch's last step, by optimizer."),
            .required("examples", .integer(from: 0), "Training examples seen."),
            .required("steps", .integer(from: 0), "Optimizer steps taken."),
            .required("seconds", .nonnegative, "Wall-clock time."),
            .required("examples_per_second", .nonnegative, "As measured."))
    }
}

extension EvaluationRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("metrics", .map(of: .anyNumber), "Metrics by name."),
            .required("examples", .integer(from: 0), "Examples evaluated."),
            .optional("loss", .anyNumber, "The loss over the split."),
            .optional(
                "regularization_loss", .anyNumber, "The penalties on the weights, where there are."
            ),
            .optional("total_loss", .anyNumber, "The batches' mean loss and the penalties."),
            .optional(
                "intervals", .map(of: ConfidenceInterval.schema),
                "The 95% interval of each metric that has one."),
            .optional(
                "slices", .map(of: SliceRecord.schema.json), "The metrics of parts of the split."),
            .optional("diagnosis", .anything, "What the model lists for its queries."),
            .optional(
                "baselines", .map(of: .map(of: .anyNumber)),
                "The metrics of rankings without training, by name."),
            .optional(
                "per_query_sha256", .sha256, "Of the file with the figures of single queries."),
            .optional(
                "definitions",
                [
                    "type": "object",
                    "properties": [
                        "metrics": .object(.map(of: FigureRecord.schema.json))
                    ],
                ], "What the figures mean."))
    }
}

extension EnvironmentRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("tool_version", .text, "Of this tool."),
            .required("os", .text, "The operating system and its version."),
            .required("cpu", .text, "The processor's name."),
            .required("instruction_set", .text, "Of the kernels that ran."),
            .required("threads", .integer(from: 1), "How many threads the run used."),
            .optional("swift", .text, "The compiler's version."),
            .optional("started", .text, "When the run began, in UTC as RFC 3339 has it."),
            .optional("host", .text, "The machine's name."),
            .optional("commit", .text, "Of the Git working tree that the spec lies in."))
    }
}

extension TimingRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("seconds", .map(of: .nonnegative), "Seconds by name of the stage."),
            .required("total_seconds", .nonnegative, "Seconds of the whole run."))
    }
}

extension ConfidenceInterval {
    /// `[lower, upper]`.
    static var schema: JSONObject {
        ["type": "array", "items": .object(.anyNumber), "minItems": 2, "maxItems": 2]
    }
}

extension SliceRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("examples", .integer(from: 0), "How many examples the part has."),
            .required("metrics", .map(of: .anyNumber), "Metrics by name."))
    }
}

extension FilterRecord {
    static var schema: RecordSchema {
        RecordSchema(
            .required("name", .text, "The filter."),
            .required("removed", .integer(from: 0), "Interactions that it left out."),
            .required("interactions", .integer(from: 0), "Interactions that were left."),
            .required("queries", .integer(from: 0), "Distinct queries among them."),
            .required("candidates", .integer(from: 0), "Distinct candidates among them."))
    }
}
