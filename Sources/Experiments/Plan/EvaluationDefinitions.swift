import Retrieval

/// By which rules metrics were computed: equal ones are comparable.
public struct EvaluationDefinitions: Sendable {
    /// Whether positives are found in the corpus by their ids.
    public var isIDBased: Bool
    /// Candidates of the corpus.
    public var candidates: Int
    /// Which candidates of a positive's own score stand before it.
    public var tiePolicy: TiePolicy
    /// What a query must not find.
    public var excludeSeen: SeenExclusion
    /// The index by the catalogue's name, and whether it finds the best candidates for sure.
    public var index: (name: String, isExact: Bool)
    /// How often queries are drawn again for an interval; 0: there are none.
    public var bootstrapSamples: Int
    /// What each figure is.
    public var metrics: [SpecFigures.Figure]
}
