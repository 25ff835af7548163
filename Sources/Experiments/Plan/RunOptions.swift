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
