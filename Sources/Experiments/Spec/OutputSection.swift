import Retrieval

/// `output:` what a run writes beside its results. It says nothing of what is computed, so results
/// do not record it.
public struct OutputSection: Sendable {
    /// The page that shows the results; nil: none.
    public var report: String?
    /// The folder that gets a log for TensorBoard; nil: none.
    public var tensorboard: String?

    init(_ values: FieldValues) {
        report = values[Self.reportField]
        tensorboard = values[Self.tensorboardField]
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

    static let description = ObjectDescription(
        name: "output", fields: [reportField.description, tensorboardField.description])
}
