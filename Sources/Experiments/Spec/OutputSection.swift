import Retrieval

/// `output:` what a run writes beside its results. It says nothing of what is computed, so results
/// do not record it.
public struct OutputSection: Sendable {
    /// The page that shows the results; nil: none.
    public var report: String?
    /// The folder that gets a log for TensorBoard; nil: none.
    public var tensorboard: String?
    /// The folder that the trained model is written to; nil: none.
    public var model: String?
    /// Whether the model keeps what optimizers remember, so that another training may go on.
    public var keepsTrainingState: Bool

    public init(
        report: String? = nil, tensorboard: String? = nil, model: String? = nil,
        keepsTrainingState: Bool = true
    ) {
        self.report = report
        self.tensorboard = tensorboard
        self.model = model
        self.keepsTrainingState = keepsTrainingState
    }

    init(_ values: FieldValues) {
        report = values[Self.reportField]
        tensorboard = values[Self.tensorboardField]
        model = values[Self.modelField]
        keepsTrainingState = values[Self.trainingStateField]
    }

    static let reportField = Field<String?>(
        "report", type: .optional(.path), default: .null,
        """
        The file that gets a page of the results, such as results.html, as tfrs-run report makes \
        it; of a sweep one page of all trials. null: none.
        """)
    static let tensorboardField = Field<String?>(
        "tensorboard", type: .optional(.path), default: .null,
        """
        The folder that gets a log for TensorBoard: losses, metrics and learning rates by epoch; \
        of a sweep a folder for each trial. null: none.
        """)
    static let modelField = Field<String?>(
        "model", type: .optional(.path), default: .null,
        """
        The folder that the trained model is written to, for tfrs-run recommend, evaluate, embed \
        and export; a model that stands there is replaced. In a sweep each trial has a folder of \
        its own inside. null: none.
        """)
    static let trainingStateField = Field<Bool>(
        "training_state", default: true,
        """
        Whether the model keeps what the optimizers remember, for a warm_start that goes on with \
        it: as much again as the parameters, or twice.
        """)

    static let description = ObjectDescription(
        name: "output",
        fields: [
            reportField.description, tensorboardField.description, modelField.description,
            trainingStateField.description,
        ])
}
