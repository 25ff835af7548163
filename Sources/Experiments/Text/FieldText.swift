import Retrieval

/// What the reference and `explain` say of a field.
enum FieldText {
    /// The type in a few words, with its bounds and unit: "integer, at least 1; examples".
    static func type(_ field: FieldDescription) -> String {
        type(field.type) + (field.unit.map { "; \($0)" } ?? "")
    }

    static func type(_ type: FieldType) -> String {
        switch type {
        case .boolean: "true or false"
        case .integer(let bounds): join("integer", bounds.words)
        case .number(let bounds): join("number", bounds.words)
        case .string: "string"
        case .text: "string, may be empty"
        case .path: "path"
        case .choice(let names): names.joined(separator: " \u{2502} ")
        case .optional(let wrapped): self.type(wrapped) + ", or null"
        case .list(let element, let count):
            join("list of \(plural(element))", count.words.map { "\($0) of them" })
        case .object: "mapping"
        case .component(let slot): slot.kind.noun
        case .either(let types): types.map(self.type).joined(separator: ", or ")
        case .map(let element, let keys): "mapping from \(keys) to \(plural(element))"
        case .anything: "any value"
        }
    }

    /// The default as a spec writes it; "required" where there is none.
    static func defaultValue(_ field: FieldDescription) -> String {
        guard let value = field.defaultValue else { return "required" }
        if case .object(let values) = value, values.members.isEmpty { return "its defaults" }
        return YAMLText.flow(value)
    }

    private static func plural(_ type: FieldType) -> String {
        switch type {
        case .integer(let bounds): join("integers", bounds.words)
        case .number(let bounds): join("numbers", bounds.words)
        case .string, .text: "strings"
        case .path: "paths"
        case .component(let slot): slot.kind.pluralNoun
        case .object(let object): "mappings (\(object.name))"
        case .map(let element, let keys): "mappings from \(keys) to \(plural(element))"
        case .anything: "values"
        default: "(\(self.type(type)))"
        }
    }

    private static func join(_ noun: String, _ rest: String?) -> String {
        rest.map { "\(noun), \($0)" } ?? noun
    }
}
