/// The JSON Schema of one kind of record: its members, each with what it means.
struct RecordSchema {
    struct Member {
        var name: String
        var schema: JSONObject
        var isRequired: Bool
    }

    let members: [Member]

    init(_ members: Member...) {
        self.members = members
    }

    var json: JSONObject {
        var properties = JSONObject()
        for member in members { properties[member.name] = .object(member.schema) }
        var schema: JSONObject = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }
}

extension RecordSchema.Member {
    /// A member that is always there.
    static func required(_ name: String, _ schema: JSONObject, _ summary: String) -> Self {
        Self(name: name, schema: schema.described(summary), isRequired: true)
    }

    /// A member that is absent where there is nothing to say.
    static func optional(_ name: String, _ schema: JSONObject, _ summary: String) -> Self {
        Self(name: name, schema: schema.described(summary), isRequired: false)
    }
}

extension JSONObject {
    static var text: JSONObject { ["type": "string"] }
    static var anyNumber: JSONObject { ["type": "number"] }
    static var anything: JSONObject { [:] }
    /// An integer of at least a value.
    static func integer(from least: Int) -> JSONObject {
        ["type": "integer", "minimum": .integer(least)]
    }
    /// Seconds, rates and the like.
    static var nonnegative: JSONObject { ["type": "number", "minimum": 0] }
    /// A SHA-256 in lower-case hexadecimal.
    static var sha256: JSONObject { ["type": "string", "pattern": "^[0-9a-f]{64}$"] }

    static func list(of element: JSONObject) -> JSONObject {
        ["type": "array", "items": .object(element)]
    }

    /// An object with names of any kind.
    static func map(of value: JSONObject) -> JSONObject {
        ["type": "object", "additionalProperties": .object(value)]
    }

    fileprivate func described(_ summary: String) -> JSONObject {
        var schema = self
        schema["description"] = .string(summary)
        return schema
    }
}
