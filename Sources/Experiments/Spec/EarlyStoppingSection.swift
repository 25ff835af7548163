import Retrieval

/// `early_stopping:` when training ends before its last epoch, and which weights it ends with:
/// `tf.keras.callbacks.EarlyStopping`.
public struct EarlyStoppingSection: Sendable {
    /// What a record of an epoch calls the watched figure.
    public var monitor: String
    /// Watched epochs without an improvement after which training stops; at least 0.
    public var patience: Int
    /// By how much a figure must be better to be an improvement; at least 0.
    public var minDelta: Double
    /// Which way the figure is better.
    public var mode: MonitorMode
    /// A figure that must be bettered within the patience; nil: none.
    public var baseline: Double?
    /// Whether training ends with the weights of the best epoch.
    public var restoreBestWeights: Bool
    /// Epochs at the start that are not watched; at least 0.
    public var startFromEpoch: Int

    init(_ values: FieldValues) {
        monitor = values[Self.monitorField]
        patience = values[Self.patienceField]
        minDelta = values[Self.minDeltaField]
        mode = values[Self.modeField]
        baseline = values[Self.baselineField]
        restoreBestWeights = values[Self.restoreBestWeightsField]
        startFromEpoch = values[Self.startFromEpochField]
    }

    static let monitorField = Field<String>(
        "monitor", default: "val_loss",
        """
        The figure of an epoch to watch: loss, a batch or loss metric, or what evaluate.every \
        measures, with val_ or test_ before its name.
        """
    ).alsoKnown(as: "metric", "objective")
    static let patienceField = Field<Int>(
        "patience", default: 0, .atLeast(0), unit: "epochs",
        "Watched epochs without an improvement after which training stops.")
    static let minDeltaField = Field<Double>(
        "min_delta", default: 0, .atLeast(0),
        "A figure must be better by more than this to be an improvement."
    ).alsoKnown(as: "delta", "threshold", "tolerance")
    static let modeField = Field<MonitorMode>(
        "mode", default: .auto,
        "Whether a smaller figure is better (min) or a larger one (max); auto: as the figure is.")
    static let baselineField = Field<Double?>(
        "baseline", type: .optional(.number(.any)), default: .null,
        "A figure that must be bettered within the patience; null: none.")
    static let restoreBestWeightsField = Field<Bool>(
        "restore_best_weights", default: true,
        """
        Whether training, however it ends, ends with the weights of the best epoch, where Keras's \
        default is false; false: those of the last epoch.
        """)
    static let startFromEpochField = Field<Int>(
        "start_from_epoch", default: 0, .atLeast(0), unit: "epochs",
        "Epochs at the start that are not watched.")

    static let description = ObjectDescription(
        name: "early_stopping",
        fields: [
            monitorField.description, patienceField.description, minDeltaField.description,
            modeField.description, baselineField.description,
            restoreBestWeightsField.description, startFromEpochField.description,
        ])
}

/// Which way a watched figure is better.
public enum MonitorMode: String, FieldChoice {
    /// As the figure itself says.
    case auto
    /// Smaller is better.
    case min
    /// Larger is better.
    case max
}
