/// A key of a mapping and where it stands.
public struct YAMLKey: Sendable {
    /// The text of the key; `1` and `"1"` are the same key.
    public var text: String
    /// The extent of the key, quotes included.
    public var range: SourceRange
    public var source: SourceFile

    public init(text: String, range: SourceRange, source: SourceFile) {
        self.text = text
        self.range = range
        self.source = source
    }
}

/// The entries of a mapping in the order of the file.
///
/// Entries taken over by a merge key `<<` follow those that the mapping writes itself.
public struct YAMLMapping: Sendable {
    public struct Entry: Sendable {
        public var key: YAMLKey
        public var value: YAMLNode

        public init(key: YAMLKey, value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    public private(set) var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    public init() {}

    /// The value of a key, or nil if there is no such key.
    ///
    /// Keys are compared as Swift compares strings: by canonical equivalence.
    public subscript(key: String) -> YAMLNode? {
        positions[key].map { entries[$0].value }
    }

    /// The entry of a key, or nil if there is no such key.
    public func entry(_ key: String) -> Entry? {
        positions[key].map { entries[$0] }
    }

    /// Appends an entry.
    /// - Returns: false, with nothing changed, if the key is there already.
    @discardableResult
    public mutating func append(_ entry: Entry) -> Bool {
        guard positions[entry.key.text] == nil else { return false }
        positions[entry.key.text] = entries.count
        entries.append(entry)
        return true
    }

    /// Replaces the entry of the same key, at its place, or appends one.
    public mutating func set(_ entry: Entry) {
        guard let position = positions[entry.key.text] else {
            append(entry)
            return
        }
        entries[position] = entry
    }
}
