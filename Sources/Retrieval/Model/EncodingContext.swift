/// What an encoder or layer knows of the call it serves, beside its inputs and parameters.
public struct EncodingContext: Sendable {
    /// The step that this call belongs to; nil: inference. In training dropout drops, and batch
    /// normalization takes its statistics from the batch.
    public var step: TrainingStep?
    /// How many times each input stands in the batch, where the copies of an input are encoded
    /// once; nil: once. Statistics over a batch are those of the batch with its copies.
    public var multiplicities: [Float]?
    /// The threads that work may be cut among; no bit depends on their number.
    public var lanes: Lanes
    /// Where the call may borrow memory, to be left for the next.
    var pool = BufferPool()
    /// How ranks share the inputs of the batch, of which the call gets this rank's; nil: it gets all
    /// of them, at every rank.
    var share: RowShare?

    public init(
        step: TrainingStep? = nil, multiplicities: [Float]? = nil,
        lanes: Lanes = Lanes(threads: 1)
    ) {
        self.step = step
        self.multiplicities = multiplicities
        self.lanes = lanes
    }

    /// Of a call outside of training, on one thread.
    public static let inference = EncodingContext()

    /// Whether the call belongs to a training step.
    public var isTraining: Bool { step != nil }
}

/// A training step as a source of randomness.
public struct TrainingStep: Hashable, Sendable {
    /// The experiment's seed.
    public var seed: UInt64
    /// The steps taken before this one.
    public var index: Int

    public init(seed: UInt64, index: Int) {
        self.seed = seed
        self.index = index
    }

    /// The step's stream of that name, such as `query/dropout_1`: the same numbers whatever else
    /// the step draws.
    public func stream(_ name: String) -> RandomStream {
        RandomStream(seed: seed, stream: name, index: index)
    }
}
