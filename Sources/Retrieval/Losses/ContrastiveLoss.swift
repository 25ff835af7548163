/// A loss that is defined on cosines: the embeddings are divided by their length before they are
/// scored, in training as in evaluation, and the loss brings a temperature of its own.
public protocol ContrastiveLoss: Loss {
    /// What the cosines are divided by, at first.
    var temperature: Float { get }
    /// Whether the temperature is a parameter of the model, trained as its logarithm.
    var learnsTemperature: Bool { get }
}

/// InfoNCE: softmax cross-entropy over cosines divided by a temperature.
///
/// `−log (exp(cos(q, c⁺)/τ) / Σⱼ exp(cos(q, cⱼ)/τ))`: van den Oord et al., 2018, "Representation
/// Learning with Contrastive Predictive Coding"; with lengths divided out as in Chen et al., 2020,
/// "A Simple Framework for Contrastive Learning of Visual Representations" (NT-Xent), and a learned
/// log τ as in Radford et al., 2021, "Learning Transferable Visual Models From Natural Language
/// Supervision".
public struct InfoNCE: ContrastiveLoss, SharedRowLoss {
    public var temperature: Float
    public var learnsTemperature: Bool
    private var softmax: CategoricalCrossentropy

    public var reduction: Reduction { softmax.reduction }
    public var supportsCounts: Bool { softmax.supportsCounts }
    public var canDropCopiesOfPositive: Bool { softmax.canDropCopiesOfPositive }

    public init(
        temperature: Float = 0.07, learnsTemperature: Bool = false, labelSmoothing: Float = 0,
        reduction: Reduction = .sum
    ) {
        self.temperature = temperature
        self.learnsTemperature = learnsTemperature
        softmax = CategoricalCrossentropy(labelSmoothing: labelSmoothing, reduction: reduction)
    }

    public func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        softmax.evaluate(&logits, labels: labels)
    }

    public func evaluateShared(
        _ logits: inout MutableSpan<Float>, row: SharedRow, losses: inout MutableSpan<Float>
    ) -> Float {
        softmax.evaluateShared(&logits, row: row, losses: &losses)
    }
}

extension InfoNCE: SelfChecking {
    public func advice() -> [Advice] { softmax.advice() }
}

extension InfoNCE: CatalogComponent {
    static let temperatureField = Field<Double>(
        "temperature", default: 0.07, .greaterThan(0),
        "What the cosines are divided by, at first if it is learned.")
    static let learnableTemperatureField = Field<Bool>(
        "learnable_temperature", default: false,
        "Whether the temperature is trained with the towers, as its logarithm.")

    public static let entry = ComponentEntry<any Loss>(
        "info_nce",
        summary: "Softmax cross-entropy over cosines divided by a temperature (contrastive).",
        source: "van den Oord et al., 2018; Chen et al., 2020; Radford et al., 2021",
        fields: [
            temperatureField.description, learnableTemperatureField.description,
            LossFields.labelSmoothing.description, Reduction.field.description,
        ]
    ) { values in
        InfoNCE(
            temperature: Float(values[temperatureField]),
            learnsTemperature: values[learnableTemperatureField],
            labelSmoothing: Float(values[LossFields.labelSmoothing]),
            reduction: values[Reduction.field])
    }
}
