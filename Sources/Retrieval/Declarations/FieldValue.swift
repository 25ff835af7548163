/// A value of a spec field: checked against its ``FieldType``, with every default filled in, and
/// free of any file format. What a catalogue entry receives, and what a results file records.
public enum FieldValue: Hashable, Sendable {
    /// No value, where the field may have none.
    case null
    /// Of a ``FieldType/boolean``.
    case boolean(Bool)
    /// Of a ``FieldType/integer(_:)``, or of a ``FieldType/number(_:)`` that was written whole.
    case integer(Int)
    /// Of a ``FieldType/number(_:)``; finite.
    case number(Double)
    /// Of a text, a path or one of several names.
    case string(String)
    /// Of a ``FieldType/list(_:count:)``.
    case list([FieldValue])
    /// Of a ``FieldType/object(_:)`` or of a component, whose first member is then its name.
    case object(FieldValues)
}

/// The fields of one object in the order in which the catalogue declares them.
public struct FieldValues: Hashable, Sendable {
    /// One field with its value.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: FieldValue
    }

    /// In the order of the declaration.
    public private(set) var members: [Member]

    public init() {
        members = []
    }

    /// The value of a field by name, as a spec reader or a report needs it; components read
    /// theirs through ``subscript(_:)-(Field<Value>)``, which cannot be misspelt.
    public subscript(name: String) -> FieldValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The value of a declared field.
    ///
    /// Reading a field that the entry did not declare is a mistake in the entry, not in a spec: a
    /// decoder fills in every declared field, so no input reaches the trap.
    public subscript<Value: FieldConvertible>(field: Field<Value>) -> Value {
        guard let value = self[field.name] ?? field.defaultValue else {
            preconditionFailure("the entry reads '\(field.name)' but does not declare it")
        }
        guard let converted = Value(fieldValue: value) else {
            preconditionFailure("'\(field.name)' holds \(value), which its type does not allow")
        }
        return converted
    }
}

/// A Swift type that a spec field can hold.
public protocol FieldConvertible: Sendable {
    init?(fieldValue: FieldValue)
    /// As a spec would write it.
    var fieldValue: FieldValue { get }
}

/// A Swift type that also says by itself what a spec may write for it.
public protocol FieldTyped: FieldConvertible {
    /// The type as the catalogue, the schema and error messages know it.
    static var fieldType: FieldType { get }
}

extension Bool: FieldTyped {
    public static var fieldType: FieldType { .boolean }

    public init?(fieldValue: FieldValue) {
        guard case .boolean(let value) = fieldValue else { return nil }
        self = value
    }

    public var fieldValue: FieldValue { .boolean(self) }
}

extension Int: FieldTyped {
    public static var fieldType: FieldType { .integer(.any) }

    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self = value
    }

    public var fieldValue: FieldValue { .integer(self) }
}

extension Double: FieldTyped {
    public static var fieldType: FieldType { .number(.any) }

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .integer(let value): self = Double(value)
        case .number(let value): self = value
        default: return nil
        }
    }

    public var fieldValue: FieldValue { .number(self) }
}

extension String: FieldTyped {
    public static var fieldType: FieldType { .string }

    public init?(fieldValue: FieldValue) {
        guard case .string(let value) = fieldValue else { return nil }
        self = value
    }

    public var fieldValue: FieldValue { .string(self) }
}

extension Optional: FieldConvertible where Wrapped: FieldConvertible {
    public init?(fieldValue: FieldValue) {
        if case .null = fieldValue {
            self = .none
        } else if let value = Wrapped(fieldValue: fieldValue) {
            self = .some(value)
        } else {
            return nil
        }
    }

    public var fieldValue: FieldValue { self?.fieldValue ?? .null }
}

extension Array: FieldConvertible where Element: FieldConvertible {
    public init?(fieldValue: FieldValue) {
        guard case .list(let values) = fieldValue else { return nil }
        self = []
        for value in values {
            guard let element = Element(fieldValue: value) else { return nil }
            append(element)
        }
    }

    public var fieldValue: FieldValue { .list(map(\.fieldValue)) }
}

/// An enumeration of names; declare the cases, and conformance is free.
public protocol FieldChoice: FieldTyped, RawRepresentable, CaseIterable
where RawValue == String {}

extension FieldChoice {
    public static var fieldType: FieldType { .choice(allCases.map(\.rawValue)) }

    public init?(fieldValue: FieldValue) {
        guard case .string(let name) = fieldValue else { return nil }
        self.init(rawValue: name)
    }

    public var fieldValue: FieldValue { .string(rawValue) }
}

extension FieldValue: FieldConvertible {
    public init?(fieldValue: FieldValue) { self = fieldValue }
    public var fieldValue: FieldValue { self }
}

extension FieldValues: FieldConvertible {
    public init?(fieldValue: FieldValue) {
        guard case .object(let values) = fieldValue else { return nil }
        self = values
    }

    public var fieldValue: FieldValue { .object(self) }
}

extension Optional: FieldTyped where Wrapped: FieldTyped {
    public static var fieldType: FieldType { .optional(Wrapped.fieldType) }
}

extension Array: FieldTyped where Element: FieldTyped {
    public static var fieldType: FieldType { .list(Element.fieldType, count: .any) }
}
