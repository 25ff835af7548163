/// What a part of a model learned from data, beside its parameters: what a saved model keeps, so
/// that it can be built again without them.
public enum LearnedFact: Hashable, Sendable {
    /// A vocabulary without its special tokens, in the order of the indices, and for `tf_idf` the
    /// weight of each index; else no weights.
    case tokens([String], weights: [Float])
    /// What numbers are standardised by.
    case statistics(mean: [Float], variance: [Float])
    /// Where one bin ends and the next starts, ascending.
    case boundaries([Float])

    /// What it is, in words.
    public var words: String {
        switch self {
        case .tokens: "a vocabulary"
        case .statistics: "statistics"
        case .boundaries: "boundaries"
        }
    }
}

/// A thing that is learned from data.
public protocol Learnable: Sendable {
    /// What there is to keep of it.
    var fact: LearnedFact { get }
}

/// What a model is built from when it was built before: its numbers, and what it learned.
public struct BuiltParts: Sendable {
    /// By the name of each, of its shape.
    public var parameters: [String: Matrix]
    /// What the part of a path has learned; nil where nothing was kept of it. Asked once for each.
    public var fact: @Sendable (_ path: String) throws(DataError) -> LearnedFact?

    public init(
        parameters: [String: Matrix],
        fact: @escaping @Sendable (_ path: String) throws(DataError) -> LearnedFact?
    ) {
        self.parameters = parameters
        self.fact = fact
    }
}

/// A table of embeddings whose rows stand for tokens.
public struct TokenTable: Hashable, Sendable {
    /// The part whose vocabulary names the rows.
    public var owner: String
    /// The token of each row; nil where a row stands for none.
    public var tokens: [String?]

    /// Rows before those of tokens.
    public var specialRows: Int { tokens.prefix { $0 == nil }.count }
}

/// A token that a feature of a model, built again for new inputs, has no row for.
public struct UnknownToken: Hashable, Sendable {
    /// The feature's.
    public var path: String
    /// The tower's key of the input.
    public var key: Int32
    /// The first such token of the input.
    public var token: String
}

/// What a builder keeps of what was learned on the way.
public struct Learned: Sendable {
    /// What was made of data, by the path of its part: made once, used by all later builds.
    private var products: [String: any Learnable] = [:]
    /// The paths in the order in which they were learned.
    public private(set) var paths: [String] = []
    /// Tables by the name of their parameter.
    public internal(set) var tables: [String: TokenTable] = [:]

    public init() {}

    /// By path, in the order in which they were learned.
    public var facts: [(path: String, fact: LearnedFact)] {
        paths.compactMap { path in products[path].map { (path, $0.fact) } }
    }

    subscript(path: String) -> (any Learnable)? { products[path] }

    mutating func note(_ product: any Learnable, of path: String) {
        if products.updateValue(product, forKey: path) == nil { paths.append(path) }
    }
}

extension ModelBuilder {
    /// What a part learns from data: known where the model was built before, else learned now.
    ///
    /// - Parameters:
    ///   - path: the part's.
    ///   - remake: makes it of what was kept; nil where that is of another kind.
    /// - Throws: ``DataError/impossible(_:)`` where a model that was built before lacks it.
    mutating func learning<Product: Learnable>(
        _ path: String, from remake: (LearnedFact) throws(DataError) -> Product?,
        _ learn: (DataEnvironment) throws(DataError) -> Product
    ) throws(DataError) -> Product {
        if let known = learned[path] as? Product { return known }
        let product: Product
        if let built {
            guard let fact = try built.fact(path) else {
                throw .impossible("what '\(path)' learned is not among what was saved")
            }
            guard let made = try remake(fact) else {
                throw .impossible("what was saved of '\(path)' is \(fact.words)")
            }
            product = made
        } else {
            product = try learn(environment)
        }
        learned.note(product, of: path)
        return product
    }
}
