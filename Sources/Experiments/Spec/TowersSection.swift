import Retrieval

/// `towers:` the two encoders.
public struct TowersSection: Sendable {
    /// The tower of those who ask.
    public var query: TowerSection
    /// The tower of what is retrieved.
    public var candidate: TowerSection

    init(_ values: FieldValues) {
        query = TowerSection(values[Self.queryField])
        candidate = TowerSection(values[Self.candidateField])
    }

    static let queryField = Field<FieldValues>(
        "query", type: .object(TowerSection.description), default: nil,
        "Encodes what asks.")
    static let candidateField = Field<FieldValues>(
        "candidate", type: .object(TowerSection.description), default: nil,
        "Encodes what is retrieved.")

    static let description = ObjectDescription(
        name: "towers", fields: [queryField.description, candidateField.description])
}

/// One tower: features side by side, then layers.
public struct TowerSection: Sendable {
    /// The tower's inputs; at least one.
    public var features: [ComponentChoice]
    /// How the features become one vector.
    public var combine: FeatureCombination
    /// What that vector passes through, in order.
    public var layers: [ComponentChoice]

    init(_ values: FieldValues) {
        features = values[Self.featuresField]
        combine = values[Self.combineField]
        layers = values[Self.layersField]
    }

    static let featuresField = Field<[ComponentChoice]>(
        "features",
        type: .list(.component(ComponentSlot(.feature)), count: .atLeast(1)), default: nil,
        "The inputs.")
    static let combineField = Field<FeatureCombination>(
        "combine", default: .concatenate,
        "Whether the features' encodings stand side by side, or are summed.")
    static let layersField = Field<[ComponentChoice]>(
        "layers", type: .list(.component(ComponentSlot(.layer)), count: .any), default: .list([]),
        "What follows the features, first to last.")

    static let description = ObjectDescription(
        name: "tower",
        fields: [
            featuresField.description, combineField.description, layersField.description,
        ])
}

/// How the encodings of a tower's features become one vector.
public enum FeatureCombination: String, FieldChoice {
    /// Side by side.
    case concatenate
    /// Added up; they must have one length.
    case sum
}
