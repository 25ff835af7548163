import Retrieval

/// What the command line or a caller says about a run beside the spec.
public struct RunOptions: Sendable {
    /// Threads that may run at once.
    public var threads: Int
    /// Where data may come from.
    public var environment: DataEnvironment

    public init(threads: Int = 1, environment: DataEnvironment = .process) {
        self.threads = threads
        self.environment = environment
    }
}
