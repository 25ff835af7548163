/// An index as a spec declares it: how the corpus is searched at evaluation.
public protocol CandidateIndexDefinition: Sendable {
    /// Whether the index finds the best candidates there are; see ``CandidateIndex/isExact``.
    var isExact: Bool { get }

    /// Whether the index keeps every candidate's embedding in memory; it does unless it says so.
    var keepsEmbeddings: Bool { get }

    /// Makes the index of `count` candidates.
    ///
    /// - Parameters:
    ///   - encode: the embeddings at some places, each independent of the others.
    ///   - seed: the experiment's; an index draws from streams of its own name.
    func makeIndex(
        count: Int, encode: @escaping @Sendable (_ places: [Int32]) -> Matrix, seed: UInt64,
        lanes: Lanes
    ) -> any CandidateIndex

    /// Makes the index of the same candidates again.
    ///
    /// - Parameter state: what ``CandidateIndex/state`` was.
    /// - Returns: nil for an index that keeps nothing.
    func makeIndex(
        count: Int, encode: @escaping @Sendable (_ places: [Int32]) -> Matrix,
        from state: NamedArrays, lanes: Lanes
    ) throws(StateError) -> (any CandidateIndex)?
}

extension ComponentKind where Product == any CandidateIndexDefinition {
    /// Ways to search the corpus: ``CandidateIndex``.
    public static var candidateIndex: ComponentKind {
        ComponentKind(noun: "candidate index", pluralNoun: "candidate indexes")
    }
}

extension CandidateIndexDefinition {
    public var keepsEmbeddings: Bool { true }

    public func makeIndex(
        count: Int, encode: @escaping @Sendable ([Int32]) -> Matrix, from state: NamedArrays,
        lanes: Lanes
    ) throws(StateError) -> (any CandidateIndex)? { nil }
}

/// `brute_force`, as a spec declares it.
public struct BruteForceDefinition: CandidateIndexDefinition {
    public init() {}

    public var isExact: Bool { true }

    public func makeIndex(
        count: Int, encode: @escaping @Sendable ([Int32]) -> Matrix, seed: UInt64, lanes: Lanes
    ) -> any CandidateIndex {
        BruteForce(encode(Array(0..<Int32(count))))
    }
}

extension BruteForceDefinition: CatalogComponent {
    public static let entry = ComponentEntry<any CandidateIndexDefinition>(
        "brute_force", summary: "Scores every candidate, all of them encoded beforehand.",
        source: "tfrs.layers.factorized_top_k.BruteForce"
    ) { _ in BruteForceDefinition() }
}

/// `streaming`, as a spec declares it.
public struct StreamingDefinition: CandidateIndexDefinition {
    /// Candidates that are scored at a time; at least 1.
    public var batchSize: Int

    public init(batchSize: Int = 4096) {
        self.batchSize = batchSize
    }

    public var isExact: Bool { true }
    public var keepsEmbeddings: Bool { false }

    public func makeIndex(
        count: Int, encode: @escaping @Sendable ([Int32]) -> Matrix, seed: UInt64, lanes: Lanes
    ) -> any CandidateIndex {
        Streaming(count: count, batchSize: batchSize, encode: encode)
    }
}

extension StreamingDefinition: CatalogComponent {
    static let batchSizeField = Field<Int>(
        "batch_size", default: 4096, .atLeast(1), unit: "candidates",
        "Candidates that are encoded at once.")

    public static let entry = ComponentEntry<any CandidateIndexDefinition>(
        "streaming",
        summary:
            "Scores every candidate, encoding them in batches: memory does not grow with them.",
        source: "tfrs.layers.factorized_top_k.Streaming",
        fields: [batchSizeField.description]
    ) { StreamingDefinition(batchSize: $0[batchSizeField]) }
}
