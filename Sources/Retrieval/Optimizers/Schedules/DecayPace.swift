/// How fast and how far a schedule falls, in the numbers that several of Keras's take.
public struct DecayPace: Sendable {
    /// The rate of the first step.
    public var initialLearningRate: Double
    /// Optimizer steps of a period.
    public var decaySteps: Double
    /// What the rate is multiplied by, or falls by, over that many steps.
    public var decayRate: Double
    /// Whether the rate changes between periods only.
    public var staircase: Bool

    public init(
        initialLearningRate: Double, decaySteps: Double, decayRate: Double,
        staircase: Bool = false
    ) {
        self.initialLearningRate = initialLearningRate
        self.decaySteps = decaySteps
        self.decayRate = decayRate
        self.staircase = staircase
    }

    /// The periods that so many steps make, whole ones on a staircase.
    func periods(at step: Int) -> Double {
        let periods = Double(step) / decaySteps
        return staircase ? periods.rounded(.down) : periods
    }

    private static let initialLearningRateField = ScheduleMath.initialLearningRateField()
    private static let decayRateField = Field<Double>(
        "decay_rate", default: nil, .atLeast(0), "How strong the decay is.")
    private static let staircaseField = Field<Bool>(
        "staircase", default: false, "Whether the rate changes at every decay_steps only.")

    /// The entry of a schedule that is made of a pace alone.
    static func entry(
        _ name: String, summary: String, source: String,
        make: @escaping @Sendable (DecayPace) -> any LearningRateSchedule
    ) -> ComponentEntry<any LearningRateSchedule> {
        ComponentEntry(
            name, summary: summary, source: source,
            fields: [
                initialLearningRateField.description, ScheduleMath.decayStepsField.description,
                decayRateField.description, staircaseField.description,
            ]
        ) { values in
            make(
                DecayPace(
                    initialLearningRate: values[initialLearningRateField],
                    decaySteps: values[ScheduleMath.decayStepsField],
                    decayRate: values[decayRateField], staircase: values[staircaseField]))
        }
    }
}
