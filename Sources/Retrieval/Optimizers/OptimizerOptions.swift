/// What every optimizer takes: `tf.keras.optimizers.Optimizer`.
public struct OptimizerOptions: Sendable {
    public var learningRate: LearningRate
    /// The share of every weight, times the learning rate, that is taken off before each step
    /// ("decoupled": Loshchilov and Hutter, 2019); nil: none.
    public var weightDecay: Float?
    /// What gradients are limited to; nil: they are not.
    public var clipping: GradientClipping?
    /// Whether rows without a gradient are left alone. Otherwise, as in Keras, they are treated
    /// as if their gradient were 0: moments decay, and move them; weights decay.
    public var isLazy: Bool

    public init(
        learningRate: LearningRate = 0.001, weightDecay: Float? = nil,
        clipping: GradientClipping? = nil, isLazy: Bool = false
    ) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.isLazy = isLazy
    }
}

extension OptimizerOptions {
    /// What is to be said of an optimizer with these options.
    func advice() -> [Advice] {
        learningRate.schedule == nil && learningRate(at: 0) == 0
            ? [
                Advice(
                    at: Self.learningRateField(default: 0), "a learning rate of 0 trains nothing")
            ] : []
    }

    static func learningRateField(default rate: Double) -> Field<LearningRateChoice> {
        Field<LearningRateChoice>(
            "learning_rate",
            type: .either([.number(.atLeast(0)), .component(ComponentSlot(.schedule))]),
            default: .number(rate), "Step size: a number, or a schedule over the steps taken."
        ).alsoKnown(as: "lr", "rate")
    }

    static func weightDecayField(default decay: Double?) -> Field<Double?> {
        Field<Double?>(
            "weight_decay", type: .optional(.number(.atLeast(0))), default: decay.fieldValue,
            "Share of every weight, times the learning rate, taken off before a step; null: none."
        ).alsoKnown(as: "decay")
    }

    static let clipnormField = Field<Double?>(
        "clipnorm", optional: .greaterThan(0),
        "Longest gradient of a parameter; longer ones are scaled down. null: no limit.")
    static let globalClipnormField = Field<Double?>(
        "global_clipnorm", optional: .greaterThan(0),
        "Longest gradient of all parameters together; null: no limit.")
    static let clipvalueField = Field<Double?>(
        "clipvalue", optional: .greaterThan(0),
        "Largest magnitude of a number of a gradient; null: no limit.")
    static let lazyField = Field<Bool>(
        "lazy", default: false,
        """
        Whether rows without a gradient are left alone; false treats them as Keras does, as if it \
        were 0: moments decay and move them.
        """)

    /// The fields of an optimizer's entry, with its own between the learning rate and the rest.
    public static func fields(
        learningRate: Double = 0.001, weightDecay: Double? = nil, _ own: [FieldDescription] = []
    ) -> [FieldDescription] {
        [learningRateField(default: learningRate).description] + own + [
            weightDecayField(default: weightDecay).description, clipnormField.description,
            globalClipnormField.description, clipvalueField.description, lazyField.description,
        ]
    }

    /// Reads what ``fields(learningRate:weightDecay:_:)`` declared.
    ///
    /// - Parameter components: makes the schedule, if the learning rate is one.
    /// - Throws: ``OptimizerError/conflictingClipping(_:)``, and what the schedule's entry does.
    public init(_ values: FieldValues, _ components: Components) throws {
        learningRate = try values[Self.learningRateField(default: 0.001)].made(components)
        weightDecay = values[Self.weightDecayField(default: nil)].map { Float($0) }
        isLazy = values[Self.lazyField]
        let limits: [(name: String, clipping: GradientClipping?)] = [
            (Self.clipnormField.name, values[Self.clipnormField].map { .norm(Float($0)) }),
            (
                Self.globalClipnormField.name,
                values[Self.globalClipnormField].map { .globalNorm(Float($0)) }
            ),
            (Self.clipvalueField.name, values[Self.clipvalueField].map { .value(Float($0)) }),
        ].filter { $0.clipping != nil }
        guard limits.count < 2 else { throw OptimizerError.conflictingClipping(limits.map(\.name)) }
        clipping = limits.first?.clipping
    }
}

/// A learning rate as a spec gives it.
enum LearningRateChoice: FieldConvertible {
    case number(Double)
    case schedule(ComponentChoice)

    init?(fieldValue: FieldValue) {
        if let number = Double(fieldValue: fieldValue) {
            self = .number(number)
        } else if let choice = ComponentChoice(fieldValue: fieldValue) {
            self = .schedule(choice)
        } else {
            return nil
        }
    }

    var fieldValue: FieldValue {
        switch self {
        case .number(let number): number.fieldValue
        case .schedule(let choice): choice.fieldValue
        }
    }

    func made(_ components: Components) throws -> LearningRate {
        switch self {
        case .number(let number): LearningRate(constant: Float(number))
        case .schedule(let choice): LearningRate(try components.make(.schedule, choice))
        }
    }
}
