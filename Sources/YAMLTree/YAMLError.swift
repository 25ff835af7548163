/// Why a text could not be read as YAML, with the place.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    public var kind: Kind
    /// The wording of ``kind`` and where it is.
    public var diagnostic: Diagnostic

    init(_ kind: Kind, at range: SourceRange, in source: SourceFile) {
        self.kind = kind
        diagnostic = Diagnostic(
            severity: .error, message: kind.message, source: source, range: range)
    }

    /// The diagnostic on one line.
    public var description: String { diagnostic.description }
}

extension YAMLError {
    /// What may be wrong with a text.
    public enum Kind: Error, Hashable, Sendable {
        // The file.
        case missingFile
        case directory
        /// A device, pipe or socket.
        case notARegularFile
        /// The reason, in the words of the system.
        case unreadableFile(String)
        case tooLarge(maximumBytes: Int)

        // The characters.
        /// A byte order mark of UTF-16 or UTF-32.
        case notUTF8
        case invalidUTF8(byte: UInt8)
        case forbiddenCharacter(Unicode.Scalar)

        // The syntax.
        /// Nothing at all, or only white space.
        case emptyFile
        /// Comments or document markers and nothing else.
        case noContent
        case severalDocuments
        case tabIndentation
        /// The message of the parser.
        case syntax(String)
        case outOfMemory

        // The tree.
        case tooDeep(maximumDepth: Int)
        case tooManyNodes(maximumNodes: Int)
        /// The line of the key's first use.
        case duplicateKey(String, firstLine: Int)
        case keyIsCollection
        case undefinedAlias(String)
        case recursiveAlias(String)
        case invalidMerge
        case unknownTag(String)
        /// A tag, and the scalar's text or nil for a collection.
        case tagMismatch(tag: String, text: String?)
    }
}
