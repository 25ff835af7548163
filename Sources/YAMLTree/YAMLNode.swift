/// A value in a YAML file and where it stands.
public struct YAMLNode: Sendable {
    public enum Content: Sendable {
        case scalar(Scalar)
        case sequence([YAMLNode])
        case mapping(YAMLMapping)
    }

    public var content: Content
    /// Where the value is written: the extent of a scalar or of a collection in brackets; for a
    /// block collection only its first character. An anchor or tag before a value belongs to it.
    ///
    /// An alias has the range of what it stands for; see ``aliasRange``.
    public var range: SourceRange
    /// Where the alias stands if the value was given as one, such as `*name`.
    public var aliasRange: SourceRange?
    public var source: SourceFile

    public init(
        _ content: Content, range: SourceRange, aliasRange: SourceRange? = nil, source: SourceFile
    ) {
        self.content = content
        self.range = range
        self.aliasRange = aliasRange
        self.source = source
    }

    /// The scalar, or nil if this is a collection.
    public var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, or nil if this is not a sequence.
    public var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The mapping, or nil if this is none.
    public var mapping: YAMLMapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }
}
