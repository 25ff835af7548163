import ResultsFormat

/// A JSON Schema and the verdicts it gives, for the keywords that the project's schemas use. A
/// keyword that it does not know is an error of the schema and not passed over.
public struct JSONSchema: Sendable {
    private let root: JSONValue

    public init(_ root: JSONValue) {
        self.root = root
    }

    /// What a value violates, a line each; empty for a valid one.
    public func violations(of value: JSONValue) -> [String] {
        check(value, root, at: "$")
    }

    // MARK: Keywords

    private func check(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        guard let members = schema.objectValue else { return ["\(path): a schema is no object"] }
        return members.flatMap { member in
            check(value, member.key, member.value, of: members, at: path)
        }
    }

    private func check(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, of schema: JSONObject,
        at path: String
    ) -> [String] {
        func fail(_ holds: Bool) -> [String] {
            holds ? [] : ["\(path): \(keyword) \(argument) is violated by \(value)"]
        }
        switch keyword {
        case "$schema", "definitions", "$defs", "title", "description", "default", "examples":
            return []
        case "$ref":
            return check(value, definition(argument), at: path)
        case "type":
            let types = argument.arrayValue ?? [argument]
            return fail(types.contains { $0.stringValue.map { isType($0, value) } ?? false })
        case "enum":
            return fail(argument.arrayValue?.contains(value) ?? false)
        case "const":
            return fail(argument == value)
        case "anyOf":
            let alternatives = argument.arrayValue ?? []
            return fail(alternatives.contains { check(value, $0, at: path).isEmpty })
        case "allOf":
            return (argument.arrayValue ?? []).flatMap { check(value, $0, at: path) }
        case "not":
            return fail(!check(value, argument, at: path).isEmpty)
        case "if":
            let branch = check(value, argument, at: path).isEmpty ? "then" : "else"
            return schema[branch].map { check(value, $0, at: path) } ?? []
        case "then", "else":
            return []
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
            guard let number = value.doubleValue, let limit = argument.doubleValue else {
                return []
            }
            switch keyword {
            case "minimum": return fail(number >= limit)
            case "maximum": return fail(number <= limit)
            case "exclusiveMinimum": return fail(number > limit)
            default: return fail(number < limit)
            }
        case "minLength":
            return fail((value.stringValue?.unicodeScalars.count ?? .max) >= integer(argument))
        case "pattern":
            return fail(matches(value, argument))
        case "minItems":
            return fail((value.arrayValue?.count ?? .max) >= integer(argument))
        case "maxItems":
            return fail((value.arrayValue?.count ?? 0) <= integer(argument))
        case "minProperties":
            return fail((value.objectValue?.count ?? .max) >= integer(argument))
        case "items":
            return (value.arrayValue ?? []).enumerated().flatMap {
                check($1, argument, at: "\(path)[\($0)]")
            }
        case "required":
            guard let object = value.objectValue else { return [] }
            return (argument.arrayValue ?? []).compactMap(\.stringValue).filter {
                object[$0] == nil
            }
            .map { "\(path): '\($0)' is missing" }
        case "properties":
            return (value.objectValue ?? [:]).flatMap { member in
                argument[member.key].map { check(member.value, $0, at: "\(path).\(member.key)") }
                    ?? []
            }
        case "patternProperties":
            return (value.objectValue ?? [:]).flatMap { member in
                (argument.objectValue ?? [:]).filter { isPrefix($0.key, of: member.key) }.flatMap {
                    check(member.value, $0.value, at: "\(path).\(member.key)")
                }
            }
        case "additionalProperties":
            let known = schema["properties"]
            let patterns = schema["patternProperties"]?.objectValue ?? [:]
            return (value.objectValue ?? [:]).filter { member in
                known?[member.key] == nil
                    && !patterns.contains { isPrefix($0.key, of: member.key) }
            }.flatMap { member in
                argument == .bool(false)
                    ? ["\(path): '\(member.key)' is unknown"]
                    : check(member.value, argument, at: "\(path).\(member.key)")
            }
        default:
            return ["\(path): the keyword '\(keyword)' is not known"]
        }
    }

    private func definition(_ reference: JSONValue) -> JSONValue {
        let names = reference.stringValue?.split(separator: "/").dropFirst().map(String.init)
        return names?.reduce(root) { $0[$1] ?? .null } ?? .null
    }

    private func isType(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
            ("object", .object), ("integer", .integer), ("number", .integer),
            ("number", .number):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }

    /// The patterns of the schemas are all of one kind.
    private func matches(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
        guard let text = value.stringValue, pattern == "^[0-9a-f]{64}$" else { return false }
        return text.wholeMatch(of: /[0-9a-f]{64}/) != nil
    }

    /// The patterns of names are all of the form `^prefix`.
    private func isPrefix(_ pattern: String, of name: String) -> Bool {
        pattern.hasPrefix("^") && name.hasPrefix(pattern.dropFirst())
    }

    private func integer(_ value: JSONValue) -> Int { value.integerValue ?? 0 }
}
