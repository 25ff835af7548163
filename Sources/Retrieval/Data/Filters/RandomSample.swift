/// Keeps a random part of the interactions, or all interactions of a random part of the users.
public struct RandomSample: InteractionFilter {
    /// What is drawn.
    public enum Unit: String, FieldChoice {
        /// Single interactions, or users with all of theirs.
        case interactions, users
    }

    /// How many are drawn: a count, or a share of them in 0 ... 1.
    public var size: SplitSize
    /// What is drawn.
    public var of: Unit
    /// Nil: the experiment's.
    public var seed: UInt64?

    public init(size: SplitSize, of: Unit = .interactions, seed: UInt64? = nil) {
        self.size = size
        self.of = of
        self.seed = seed
    }

    /// - Throws: ``DataError/impossible(_:)`` where there are fewer than asked for.
    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        switch of {
        case .interactions:
            return try draw(interactions.rowCount, context).sorted()
        case .users:
            let users = try interactions.tokens(context.query)
            var isKept = [Bool](repeating: false, count: users.dictionary.count)
            for user in try draw(users.dictionary.count, context) { isKept[Int(user)] = true }
            return users.codes.indices.filter { isKept[Int(users.codes[$0])] }.map { Int32($0) }
        }
    }

    private func draw(
        _ available: Int, _ context: InteractionContext
    ) throws(DataError) -> ArraySlice<Int32> {
        if case .rows(let count) = size, count > available {
            throw .impossible("a sample of \(count) requires as many \(of); found \(available)")
        }
        var stream = RandomStream(seed: seed ?? context.seed, stream: StreamNames.sample)
        return stream.permutation(available).prefix(size.count(of: available))
    }
}

extension RandomSample: CatalogComponent {
    static let sizeField = Field<SplitSize>(
        "size", required: SplitSize.self, "How many to keep: a count, or a fraction.")
    static let ofField = Field<Unit>(
        "of", default: .interactions, "Whether interactions are drawn, or users with all theirs.")
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0), "Seed of the draw; null: the experiment's.")

    public static let entry = ComponentEntry<any InteractionFilter>(
        "sample", summary: "Keeps a random part of the interactions or of the users.",
        source: "tfrs-run",
        fields: [sizeField.description, ofField.description, seedField.description]
    ) { values in
        RandomSample(
            size: values[sizeField], of: values[ofField],
            seed: values[seedField].map(UInt64.init))
    }
}
