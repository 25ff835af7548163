/// The components of all families: where one that a spec chose is found and made, and those that
/// its fields name with it.
public struct Components: Sendable {
    private var registries: [AnyComponentKind: any ComponentRegistry] = [:]
    /// The families that have components, in the order in which they got their first.
    public private(set) var kinds: [AnyComponentKind] = []

    public init() {}

    /// The components of a family; empty where none was registered.
    public subscript<Product>(kind: ComponentKind<Product>) -> Registry<Product> {
        get { registries[kind.family] as? Registry<Product> ?? Registry(kind) }
        set {
            if registries.updateValue(newValue, forKey: kind.family) == nil {
                kinds.append(kind.family)
            }
        }
    }

    /// Makes the component that a spec chose, and those that its fields name.
    ///
    /// - Throws: ``UnknownComponent`` where there is none of that name, which a decoder has ruled
    ///   out for what a spec writes; what the component's entry throws.
    public func make<Product>(
        _ kind: ComponentKind<Product>, _ choice: ComponentChoice
    ) throws -> Product {
        guard let entry = self[kind][choice.name] else {
            throw UnknownComponent(kind: kind.family, name: choice.name)
        }
        return try entry.make(choice.values, self)
    }

    /// Makes a component for an owner that tells it by its name as well.
    public func chosen<Product>(
        _ kind: ComponentKind<Product>, _ choice: ComponentChoice
    ) throws -> Chosen<Product> {
        Chosen(choice, try make(kind, choice))
    }

    /// What is known of every component of a family.
    public func descriptions(of kind: AnyComponentKind) -> [ComponentDescription] {
        registries[kind]?.descriptions ?? []
    }

    /// Makes a component to see whether its fields, each right by itself, go together.
    ///
    /// - Returns: what the component advises against, ``SelfChecking/advice()``.
    /// - Throws: what the component's entry and its ``SelfChecking`` do.
    @discardableResult
    public func check(_ choice: ComponentChoice, of kind: AnyComponentKind) throws -> [Advice] {
        try registries[kind]?.check(choice, self) ?? []
    }
}

/// A registry, whatever its components are once made.
private protocol ComponentRegistry: Sendable {
    var descriptions: [ComponentDescription] { get }
    func check(_ choice: ComponentChoice, _ components: Components) throws -> [Advice]
}

extension Registry: ComponentRegistry {
    fileprivate func check(
        _ choice: ComponentChoice, _ components: Components
    ) throws -> [Advice] {
        guard let component = try components.make(kind, choice) as? any SelfChecking else {
            return []
        }
        try component.check()
        return component.advice()
    }
}

/// A component that another one's field chose: made, and as it was named.
public struct Chosen<Product: Sendable>: Sendable {
    /// As it was named, with its resolved values.
    public let choice: ComponentChoice
    /// The component itself.
    public let product: Product

    public init(_ choice: ComponentChoice, _ product: Product) {
        self.choice = choice
        self.product = product
    }

    public var name: String { choice.name }
}

/// A catalogue without a component that a field's default or a caller names.
public struct UnknownComponent: Error, Hashable, CustomStringConvertible {
    /// The family.
    public var kind: AnyComponentKind
    public var name: String

    public var description: String { "the catalogue has no \(kind.noun) '\(name)'" }
}
