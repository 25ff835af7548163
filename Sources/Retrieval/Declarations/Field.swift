/// One declared field with its Swift type: the handle by which an entry reads its own value.
///
/// ```swift
/// static let margin = Field("margin", default: 1.0, .greaterThan(0), "Distance asked for.")
/// ```
public struct Field<Value: FieldConvertible>: Sendable {
    public let description: FieldDescription

    public var name: String { description.name }

    var defaultValue: FieldValue? { description.defaultValue }

    /// A field whose type says more than its Swift type does: bounds, a path, a component. Without
    /// a default the field is required.
    public init(
        _ name: String, type: FieldType, default value: FieldValue?, unit: String? = nil,
        _ summary: String
    ) {
        description = FieldDescription(
            name: name, type: type, defaultValue: value, unit: unit, summary: summary,
            synonyms: [])
    }

    private init(_ description: FieldDescription) {
        self.description = description
    }

    /// Other names under which people look for this field, for "did you mean".
    public func alsoKnown(as synonyms: String...) -> Field {
        var copy = description
        copy.synonyms = synonyms
        return Field(copy)
    }

    /// Names that the field had in earlier versions. Specs may still use them.
    public func formerly(_ names: String...) -> Field {
        var copy = description
        copy.formerNames = names
        return Field(copy)
    }

    /// A field that names the interactions' column of times: where a spec leaves it out, it is the
    /// column that `data.time` names for the whole spec. It is looked for under the names that
    /// columns of times have elsewhere.
    public func namingTimes() -> Field {
        var copy = description
        copy.isTimeColumn = true
        copy.synonyms = description.synonyms + ["sort_by", "time", "timestamp", "time_column"]
        return Field(copy)
    }

    /// Values that people give this field, for the schema and `explain`; the default need not be
    /// among them.
    public func examples(_ values: Value...) -> Field {
        var copy = description
        copy.examples = values.map(\.fieldValue)
        return Field(copy)
    }
}

extension Field where Value: FieldTyped {
    /// A field that a spec may leave out.
    public init(_ name: String, default value: Value, unit: String? = nil, _ summary: String) {
        self.init(name, type: Value.fieldType, default: value.fieldValue, unit: unit, summary)
    }

    /// A field that a spec must give.
    public init(_ name: String, required: Value.Type, unit: String? = nil, _ summary: String) {
        self.init(name, type: Value.fieldType, default: nil, unit: unit, summary)
    }
}

extension Field where Value == Int {
    public init(
        _ name: String, default value: Int?, _ bounds: Bounds<Int>, unit: String? = nil,
        _ summary: String
    ) {
        self.init(
            name, type: .integer(bounds), default: value?.fieldValue, unit: unit, summary)
    }
}

extension Field where Value == Double {
    public init(
        _ name: String, default value: Double?, _ bounds: Bounds<Double>, unit: String? = nil,
        _ summary: String
    ) {
        self.init(
            name, type: .number(bounds), default: value?.fieldValue, unit: unit, summary)
    }
}

extension Field where Value == Int? {
    public init(
        _ name: String, optional bounds: Bounds<Int>, unit: String? = nil, _ summary: String
    ) {
        self.init(
            name, type: .optional(.integer(bounds)), default: .null, unit: unit, summary)
    }
}

extension Field where Value == Double? {
    public init(
        _ name: String, optional bounds: Bounds<Double>, unit: String? = nil, _ summary: String
    ) {
        self.init(
            name, type: .optional(.number(bounds)), default: .null, unit: unit, summary)
    }
}

/// Everything the catalogue knows of a field, without its Swift type.
public struct FieldDescription: Hashable, Sendable {
    /// snake_case, TFRS's or Keras's name where they have one.
    public var name: String
    /// What a spec may write for it.
    public var type: FieldType
    /// The value of a field left out; nil for a required field.
    public var defaultValue: FieldValue?
    /// The unit of a number, such as "seconds"; nil for a pure number.
    public var unit: String?
    /// One line: what the field means.
    public var summary: String
    /// Other names under which people look for it.
    public var synonyms: [String]
    /// Values that people give it, where the default is none.
    public var examples: [FieldValue] = []
    /// Names that it had in earlier versions, which specs may still use.
    public var formerNames: [String] = []
    /// Whether it names the interactions' column of times, and `data.time` is its default.
    public var isTimeColumn = false

    /// Whether a spec must write it.
    public var isRequired: Bool { defaultValue == nil }
}

/// The fields of one section of a spec.
public struct ObjectDescription: Hashable, Sendable {
    public var name: String
    /// Its members, in order.
    public var fields: [FieldDescription]

    public init(name: String, fields: [FieldDescription]) {
        self.name = name
        self.fields = fields
    }
}
