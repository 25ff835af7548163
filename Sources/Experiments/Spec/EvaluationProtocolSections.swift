import Retrieval

/// `candidate_filter:` the candidates that have one of some tokens in a column.
public struct CandidateFilter: Sendable {
    public var column: String
    /// The tokens, one of which a candidate must have.
    public var values: [String]

    static let columnField = Field(
        "column", required: String.self, "A column of the candidates, of tokens or lists of them.")
    static let valuesField = Field<[String]>(
        "values", type: .list(.string, count: .atLeast(1)), default: nil,
        "The tokens of which a candidate must have one.")
    static let description = ObjectDescription(
        name: "candidate_filter", fields: [columnField.description, valuesField.description])

    init(_ fields: FieldValues) {
        column = fields[Self.columnField]
        values = fields[Self.valuesField]
    }
}

/// `relevance:` the held-out interactions that count, by a number that they have.
public struct RelevanceThreshold: Sendable {
    public var column: String
    /// The least value that counts, itself included; nil: no bound.
    public var minimum: Double?
    /// The largest value that counts, itself included; nil: no bound.
    public var maximum: Double?

    static let columnField = Field<String>(
        "column", default: "rating", "A column of numbers of the interactions.")
    static let minimumField = Field<Double?>(
        "min", optional: .any, "The least value that counts; null: any.")
    static let maximumField = Field<Double?>(
        "max", optional: .any, "The greatest value that counts; null: any.")
    static let description = ObjectDescription(
        name: "relevance",
        fields: [columnField.description, minimumField.description, maximumField.description])

    init(_ fields: FieldValues) {
        column = fields[Self.columnField]
        minimum = fields[Self.minimumField]
        maximum = fields[Self.maximumField]
    }
}

/// One of `leave_out:`.
public enum LeftOut: String, FieldChoice {
    /// Interactions of queries that never train.
    case unseenQueries = "unseen_queries"
    /// Interactions whose candidate never trains.
    case unseenCandidates = "unseen_candidates"
}

/// `available_at:` the columns that say when a candidate begins to exist and when an interaction
/// happened.
public struct AvailabilityColumns: Sendable {
    /// The candidates' column of times.
    public var candidate: String
    /// The interactions' column of times.
    public var interaction: String

    static let candidateField = Field(
        "candidate", required: String.self,
        "A column of numbers of the candidates: the time from which each exists.")
    static let interactionField = Field(
        "interaction", required: String.self,
        "A column of numbers of the interactions: when each happened, in the same unit.")
    static let description = ObjectDescription(
        name: "available_at", fields: [candidateField.description, interactionField.description])

    init(_ fields: FieldValues) {
        candidate = fields[Self.candidateField]
        interaction = fields[Self.interactionField]
    }
}

/// `sampled_negatives:` how many, and how they are drawn.
public struct SampledNegativesSection: Sendable {
    public var count: Int
    /// How they are drawn.
    public var distribution: ExtraNegatives.Distribution

    static let countField = Field<Int>(
        "count", default: nil, .between(1, and: 1_000_000),
        "Distinct candidates drawn for each interaction, none of them a positive of its query.")
    static let distributionField = Field<ExtraNegatives.Distribution>(
        "distribution", default: .uniform,
        "uniform: every candidate alike; popularity: by share of the training interactions.")
    static let description = ObjectDescription(
        name: "sampled_negatives",
        fields: [countField.description, distributionField.description])

    init(_ fields: FieldValues) {
        count = fields[Self.countField]
        distribution = fields[Self.distributionField]
    }
}

/// One of `slices:`.
public enum SliceChoice: FieldConvertible {
    /// Interactions of queries that never train.
    case unseenQueries
    /// Interactions whose candidate never trains.
    case unseenCandidates
    /// One slice for each value of a column.
    case column(ColumnReference)

    static let names = ["unseen_queries", "unseen_candidates"]

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .string("unseen_queries"): self = .unseenQueries
        case .string("unseen_candidates"): self = .unseenCandidates
        case .object:
            guard let reference = ColumnReference(fieldValue: fieldValue) else { return nil }
            self = .column(reference)
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .unseenQueries: .string("unseen_queries")
        case .unseenCandidates: .string("unseen_candidates")
        case .column(let reference): reference.fieldValue
        }
    }
}
