/// Reads YAML into a located tree.
///
/// Scalars mean what the core schema of YAML 1.2 says. A file holds one document, the keys of a
/// mapping are scalars and differ from each other, and the only tags are those of the core schema.
/// Merge keys `<<` are honoured, as in YAML 1.1. Text that was not written by a friend is safe to
/// read: its size, depth and expansion are limited, and whatever is wrong with it is an error.
///
/// The syntax is what libyaml reads, which differs from YAML 1.2 in these points:
/// - A key without a `?` before it is on one line and has at most 1,024 characters.
/// - U+0085, U+2028 and U+2029 break lines within a scalar; marks nevertheless count lines by
///   LF, CR LF and CR alone.
/// - U+007F to U+009F are refused even in quotes, except U+0085, as are byte order marks other
///   than the first.
/// - The names of anchors consist of ASCII letters, digits, `_` and `-`.
public enum YAMLReader {
    /// How large a text may be.
    public struct Limits: Hashable, Sendable {
        /// Bytes of the text, a byte order mark included.
        public var maximumBytes: Int
        /// Collections inside each other, aliases expanded. Kept within 1...1000, because what
        /// walks a tree is recursive.
        public let maximumDepth: Int
        /// Scalars, sequences and mappings, each alias counted as all that it stands for; keys are
        /// not counted.
        public let maximumNodes: Int

        public init(
            maximumBytes: Int = 1 << 20, maximumDepth: Int = 64, maximumNodes: Int = 100_000
        ) {
            self.maximumBytes = maximumBytes
            self.maximumDepth = min(max(maximumDepth, 1), 1000)
            self.maximumNodes = min(max(maximumNodes, 1), 1 << 40)
        }
    }

    /// Reads a regular file.
    /// - Parameter path: opened as it is, and what errors call the file.
    /// - Throws: ``YAMLError`` if the file cannot be read, or for the first thing wrong in it.
    public static func read(
        path: String, limits: Limits = Limits()
    ) throws(YAMLError) -> YAMLNode {
        let bytes: [UInt8]
        do {
            bytes = try FileContents.read(path: path, maximumBytes: limits.maximumBytes)
        } catch {
            throw YAMLError(error, at: .wholeFile, in: SourceFile(name: path, bytes: []))
        }
        return try read(bytes: bytes, name: path, limits: limits)
    }

    /// Reads a text.
    /// - Parameter name: what errors call the text.
    /// - Throws: ``YAMLError`` for the first thing wrong in it.
    public static func read(
        text: String, name: String, limits: Limits = Limits()
    ) throws(YAMLError) -> YAMLNode {
        try read(bytes: Array(text.utf8), name: name, limits: limits)
    }

    /// Reads a text in UTF-8, with or without a byte order mark.
    /// - Parameter name: what errors call the text.
    /// - Throws: ``YAMLError`` for the first thing wrong in it.
    public static func read(
        bytes: [UInt8], name: String, limits: Limits = Limits()
    ) throws(YAMLError) -> YAMLNode {
        guard bytes.count <= limits.maximumBytes else {
            throw YAMLError(
                .tooLarge(maximumBytes: limits.maximumBytes), at: .wholeFile,
                in: SourceFile(name: name, bytes: []))
        }
        let source = try InputText.source(name: name, bytes: bytes)
        return try TreeBuilder(source, limits: limits).build()
    }
}
