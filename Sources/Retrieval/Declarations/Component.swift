/// The families of components that a spec can name.
public struct ComponentKind: Hashable, Sendable {
    public let noun: String
    public let pluralNoun: String

    public init(noun: String, pluralNoun: String) {
        self.noun = noun
        self.pluralNoun = pluralNoun
    }

    /// Such as "a loss" or "an optimizer".
    public var nounWithArticle: String {
        (noun.first.map("aeiou".contains) == true ? "an " : "a ") + noun
    }
}

/// Where a component stands in a spec: its family and the key that names it.
public struct ComponentSlot: Sendable {
    public var kind: ComponentKind
    /// The key that holds the component's name: `type`, `source` or `strategy`.
    public var discriminator: String
    /// Fields that stand beside the component's own, whichever component is named.
    public var commonFields: [FieldDescription]
    /// The component that an absent discriminator means, if any.
    public var defaultName: String?

    public init(
        _ kind: ComponentKind, discriminator: String = "type",
        commonFields: [FieldDescription] = [], defaultName: String? = nil
    ) {
        self.kind = kind
        self.discriminator = discriminator
        self.commonFields = commonFields
        self.defaultName = defaultName
    }
}

/// The catalogue's account of one component: what the decoder, the schema, `list`, `explain` and
/// the reference page know of it.
public struct ComponentDescription: Sendable {
    public var name: String
    /// One line: what it does.
    public var summary: String
    /// The paper or the TFRS/Keras symbol that defines it.
    public var source: String
    public var fields: [FieldDescription]
}

/// One component of a family: its description and the way to make it from checked values.
public struct ComponentEntry<Product: Sendable>: Sendable {
    public let description: ComponentDescription
    public let make: @Sendable (FieldValues) throws -> Product

    public init(
        _ name: String, summary: String, source: String, fields: [FieldDescription] = [],
        make: @escaping @Sendable (FieldValues) throws -> Product
    ) {
        description = ComponentDescription(
            name: name, summary: summary, source: source, fields: fields)
        self.make = make
    }
}

/// A type that describes itself to the catalogue.
///
/// Conform in the file of the component, and add the type to the built-in list or to your own
/// catalogue by ``Catalog/registering(loss:)`` and its siblings.
public protocol CatalogComponent<Product>: Sendable {
    associatedtype Product: Sendable
    static var entry: ComponentEntry<Product> { get }
}

/// The components of one family by name, in the order in which they were registered.
public struct Registry<Product: Sendable>: Sendable {
    public let kind: ComponentKind
    public private(set) var entries: [ComponentEntry<Product>] = []

    public init(_ kind: ComponentKind) {
        self.kind = kind
    }

    /// Adds a component; one of the same name is replaced, so that a user can substitute a
    /// built-in.
    public mutating func register(_ entry: ComponentEntry<Product>) {
        if let index = entries.firstIndex(where: { $0.description.name == entry.description.name })
        {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    public subscript(name: String) -> ComponentEntry<Product>? {
        entries.first { $0.description.name == name }
    }
}

/// A component as a spec names it: resolved values, nothing made yet.
public struct ComponentChoice: Hashable, FieldConvertible {
    public var name: String
    public var values: FieldValues

    public init(name: String, values: FieldValues = FieldValues()) {
        self.name = name
        self.values = values
    }

    /// Reads the choice from a decoded component object, whose first member is its discriminator,
    /// or from the bare name of a component with its defaults.
    public init?(fieldValue: FieldValue) {
        if case .string(let name) = fieldValue {
            self.init(name: name)
            return
        }
        guard case .object(let values) = fieldValue,
            case .string(let name)? = values.members.first?.value
        else { return nil }
        self.init(name: name, values: values)
    }

    public var fieldValue: FieldValue { .object(values) }
}
