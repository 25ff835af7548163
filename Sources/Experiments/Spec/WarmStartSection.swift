import Retrieval

/// `warm_start:` a model that training starts from, in place of random numbers.
public struct WarmStartSection: Sendable {
    /// What becomes of what the earlier training's optimizers remember.
    public enum OptimizerState: String, FieldChoice {
        /// It goes on with the parameters that are taken, or begins anew.
        case keep, reset
    }

    /// The folder of the model.
    public var model: String
    /// Which parameters are taken, by name; `*` stands for any characters.
    public var match: String
    /// Whether those that are taken stay as they are.
    public var frozen: Bool
    /// Whether the optimizers go on, too.
    public var optimizer: OptimizerState

    public init(
        model: String, match: String = "*", frozen: Bool = false,
        optimizer: OptimizerState = .keep
    ) {
        self.model = model
        self.match = match
        self.frozen = frozen
        self.optimizer = optimizer
    }

    init(_ values: FieldValues) {
        model = values[Self.modelField]
        match = values[Self.matchField]
        frozen = values[Self.frozenField]
        optimizer = values[Self.optimizerField]
    }

    static let modelField = Field<String>(
        "model", type: .path, default: nil,
        "The folder of a model that an earlier run has written by output.model.")
    static let matchField = Field<String>(
        "match", default: "*",
        """
        Names of the parameters to take, such as query/* or */embeddings; * stands for any \
        characters. Rows of tables go by their token: known tokens keep their row, new ones start \
        as their initializer says.
        """)
    static let frozenField = Field<Bool>(
        "frozen", default: false, "Whether the parameters that are taken stay as they are.")
    static let optimizerField = Field<OptimizerState>(
        "optimizer", default: .keep,
        """
        keep goes on with what the optimizers remember of the parameters that are taken, and with \
        their number of steps; reset begins anew.
        """)

    static let description = ObjectDescription(
        name: "warm_start",
        fields: [
            modelField.description, matchField.description, frozenField.description,
            optimizerField.description,
        ])
}
