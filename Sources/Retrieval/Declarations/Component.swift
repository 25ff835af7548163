/// A family of components that a spec can name, and in its type what they are once made.
public struct ComponentKind<Product: Sendable>: Hashable, Sendable {
    /// The family, whatever its components are once made.
    public let family: AnyComponentKind

    public init(noun: String, pluralNoun: String) {
        family = AnyComponentKind(noun: noun, pluralNoun: pluralNoun)
    }
}

/// A family of components, whatever they are once made: what a spec's decoder, the schema and the
/// reference need to know of it.
public struct AnyComponentKind: Hashable, Sendable {
    /// In the singular, such as "loss".
    public let noun: String
    /// In the plural, such as "losses".
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
public struct ComponentSlot: Hashable, Sendable {
    /// The family.
    public var kind: AnyComponentKind
    /// The key that holds the component's name: `type`, `source` or `strategy`.
    public var discriminator: String
    /// Fields that stand beside the component's own, whichever component is named.
    public var commonFields: [FieldDescription]
    /// The component that an absent discriminator means, if any.
    public var defaultName: String?

    public init(
        _ kind: AnyComponentKind, discriminator: String = "type",
        commonFields: [FieldDescription] = [], defaultName: String? = nil
    ) {
        self.kind = kind
        self.discriminator = discriminator
        self.commonFields = commonFields
        self.defaultName = defaultName
    }

    public init<Product>(
        _ kind: ComponentKind<Product>, discriminator: String = "type",
        commonFields: [FieldDescription] = [], defaultName: String? = nil
    ) {
        self.init(
            kind.family, discriminator: discriminator, commonFields: commonFields,
            defaultName: defaultName)
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
    /// What a spec may say of it, in the order in which messages and results list it.
    public var fields: [FieldDescription]
}

/// One component of a family: its description and the way to make it from checked values.
public struct ComponentEntry<Product: Sendable>: Sendable {
    public let description: ComponentDescription
    private let makeProduct: @Sendable (FieldValues, Components) throws -> Product

    public init(
        _ name: String, summary: String, source: String, fields: [FieldDescription] = [],
        make: @escaping @Sendable (FieldValues) throws -> Product
    ) {
        self.init(name, summary: summary, source: source, fields: fields) { values, _ in
            try make(values)
        }
    }

    /// An entry of a component whose fields name others, which `make` has made for it.
    public init(
        _ name: String, summary: String, source: String, fields: [FieldDescription] = [],
        make: @escaping @Sendable (FieldValues, Components) throws -> Product
    ) {
        description = ComponentDescription(
            name: name, summary: summary, source: source, fields: fields)
        makeProduct = make
    }

    /// Makes the component, and those that its fields name.
    ///
    /// - Parameter components: where the latter are found; none for a component without.
    public func make(
        _ values: FieldValues, _ components: Components = Components()
    ) throws -> Product {
        try makeProduct(values, components)
    }
}

/// A type that describes itself to the catalogue.
///
/// Conform in the file of the component, and add its entry to the built-in list or to a catalogue
/// of your own, as ``Catalog`` shows.
public protocol CatalogComponent<Product>: Sendable {
    /// What the family's components are, such as `any Loss`.
    associatedtype Product: Sendable
    /// Its description and how it is made.
    static var entry: ComponentEntry<Product> { get }
}

/// The components of one family by name, in the order in which they were registered.
public struct Registry<Product: Sendable>: Sendable {
    /// The family.
    public let kind: ComponentKind<Product>
    /// The components in the order in which they were registered.
    public private(set) var entries: [ComponentEntry<Product>] = []

    public init(_ kind: ComponentKind<Product>) {
        self.kind = kind
    }

    /// What the catalogue knows of every component, in the order of registration.
    public var descriptions: [ComponentDescription] { entries.map(\.description) }

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

    /// The component of a name; nil where there is none.
    public subscript(name: String) -> ComponentEntry<Product>? {
        entries.first { $0.description.name == name }
    }
}

/// A component as a spec names it: resolved values, nothing made yet.
public struct ComponentChoice: Hashable, FieldConvertible {
    public var name: String
    /// Its resolved values.
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
