/// A JSON object whose members keep their order.
public typealias JSONObject = OrderedMap<JSONValue>

/// A JSON value, with integers told apart from other numbers and the order of members kept.
///
/// A number written with a fraction or an exponent is a ``number(_:)``; one without is an
/// ``integer(_:)``. Writing and parsing preserve the distinction: `1.0` never becomes `1`.
/// Equality is exact: it sees the order of members, and `integer(1) != number(1)`.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number that is written whole and fits.
    case integer(Int)
    /// A finite number; the writer refuses NaN and the infinities.
    case number(Double)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Members in the order of the text, their names distinct.
    case object(JSONObject)

    /// A single-precision number, printed as the shortest decimal that gives the same `Float`
    /// back (0.1, not 0.10000000149011612).
    ///
    /// The value held is the `Double` nearest to that decimal. A `Float`'s decimal has at most 9
    /// digits and every decimal of up to 15 digits survives a `Double`, so printing it again gives
    /// the same text.
    public init(_ value: Float) {
        self = .number(Double(value.description) ?? Double(value))
    }
}

// MARK: - Reading

extension JSONValue {
    /// The truth value of a ``bool(_:)``.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of an ``integer(_:)``.
    public var integerValue: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The value of a ``number(_:)``, or of an ``integer(_:)`` that a `Double` holds exactly.
    public var doubleValue: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(exactly: value)
        default: nil
        }
    }

    /// The value as a `Float`, rounded once from the decimal text: the inverse of ``init(_:)``.
    public var floatValue: Float? {
        // Through the decimal, for rounding to Double and then to Float may round twice.
        doubleValue.flatMap { Float($0.description) }
    }

    /// The text of a ``string(_:)``.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements of an ``array(_:)``.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an ``object(_:)``.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// What the value is, in words for messages: "a string", "null".
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// Whether the value holds no other values.
    var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }
}

// MARK: - Subscripts

extension JSONValue {
    /// The member of an object, `nil` where there is none or the value is no object.
    ///
    /// Setting replaces, appends or (with `nil`) removes a member; it does nothing to a value
    /// that is no object.
    public subscript(key: String) -> JSONValue? {
        get { objectValue?[key] }
        set {
            guard case .object(var members) = self else { return }
            self = .null  // Leaves `members` the only owner, so that it changes in place.
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element of an array, `nil` where there is none or the value is no array.
    public subscript(index: Int) -> JSONValue? {
        guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value at the end of a path, `nil` where the path leads nowhere.
    public subscript(path path: JSONPath) -> JSONValue? {
        var value = self
        for component in path.components {
            let next: JSONValue? =
                switch component {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// This value without what stands at the end of a path; itself where the path leads nowhere.
    ///
    /// A member of an object goes; an element of an array becomes null, so that its neighbours keep
    /// their places and several paths can be removed in any order.
    public func removing(_ path: JSONPath) -> JSONValue {
        removing(path.components[...])
    }

    /// This value with another at the end of a path; itself where the path leads nowhere.
    public func replacing(_ path: JSONPath, with value: JSONValue) -> JSONValue {
        replacing(path.components[...], with: value)
    }

    private func replacing(
        _ components: ArraySlice<JSONPath.Component>, with value: JSONValue
    ) -> JSONValue {
        guard let first = components.first else { return value }
        let rest = components.dropFirst()
        switch (self, first) {
        case (.object(var members), .key(let key)):
            guard let old = members[key] else { return self }
            members[key] = old.replacing(rest, with: value)
            return .object(members)
        case (.array(var elements), .index(let index)) where elements.indices.contains(index):
            elements[index] = elements[index].replacing(rest, with: value)
            return .array(elements)
        default:
            return self
        }
    }

    private func removing(_ components: ArraySlice<JSONPath.Component>) -> JSONValue {
        guard let first = components.first else { return self }
        let rest = components.dropFirst()
        switch (self, first) {
        case (.object(var members), .key(let key)):
            members[key] = rest.isEmpty ? nil : members[key]?.removing(rest)
            return .object(members)
        case (.array(var elements), .index(let index)) where elements.indices.contains(index):
            elements[index] = rest.isEmpty ? .null : elements[index].removing(rest)
            return .array(elements)
        default:
            return self
        }
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { self = .number(value) }
}

extension JSONValue: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Of several members with one name the last value stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
}
