import Retrieval
import Safeguards

/// What the command line or a caller says about a run beside the spec.
public struct RunOptions: Sendable {
    /// Threads that may run at once.
    public var threads: Int
    /// Where data may come from.
    public var environment: DataEnvironment
    /// Bytes that a run may take: what is sure to need more is refused before it starts.
    public var memoryLimit: Int
    /// Whether somebody set the limit, or it is what the machine has.
    public var memoryLimitIsGiven: Bool
    /// Seconds that a run may take: one that a trial of it says to take longer is refused before
    /// it starts. Nil: any.
    public var timeLimit: Double?
    /// Where the results are to be written, beside which checkpoints stand; nil: their usual place.
    public var output: String?
    /// Whether a run goes on from a checkpoint of it.
    public var resumption = Resumption.automatic
    /// The processes that run the experiment together; the first of them writes.
    public var ranks: any Communicator = SingleProcess()

    /// Whether a run goes on from a checkpoint of it.
    public enum Resumption: Hashable, Sendable {
        /// Where there is one.
        case automatic
        /// There has to be one.
        case required
        /// Checkpoints that are there go.
        case never
    }

    public init(
        threads: Int = 1, environment: DataEnvironment = .process, memoryLimit: Int? = nil,
        memoryLimitIsGiven: Bool = false
    ) {
        self.threads = threads
        self.environment = environment
        self.memoryLimit = memoryLimit ?? MachineLimits.current.memory
        self.memoryLimitIsGiven = memoryLimit != nil && memoryLimitIsGiven
    }
}
