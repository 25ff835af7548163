/// What filters and splits know beside the interactions.
public struct InteractionContext: Sendable {
    /// The column that identifies what asks: the user, as filters and splits call it.
    public var query: String
    /// The column that identifies what is retrieved.
    public var candidate: String
    /// The experiment's; whoever draws does so from streams of its own name.
    public var seed: UInt64
    /// Resolves relative file names.
    public var environment: DataEnvironment

    public init(
        query: String = "user_id", candidate: String = "item_id", seed: UInt64 = 42,
        environment: DataEnvironment = .process
    ) {
        self.query = query
        self.candidate = candidate
        self.seed = seed
        self.environment = environment
    }
}
