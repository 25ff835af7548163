/// A place in a source file, counted from 1.
public struct SourceMark: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The line, from 1. Lines end with LF, CR LF or CR.
    public var line: Int
    /// The column, from 1, in Unicode scalars; a byte order mark is not counted.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of a file.
    public static let start = SourceMark(line: 1, column: 1)

    public static func < (left: SourceMark, right: SourceMark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The mark as compilers write it, `LINE:COLUMN`.
    public var description: String { "\(line):\(column)" }
}

/// An extent in a source file, from its first character up to, but not including, `end`.
public struct SourceRange: Hashable, Sendable, CustomStringConvertible {
    public var start: SourceMark
    /// One past the last character; equal to ``start`` where only a place is meant.
    public var end: SourceMark

    public init(start: SourceMark, end: SourceMark) {
        self.start = start
        self.end = end
    }

    /// A place without an extent.
    public init(at mark: SourceMark) {
        self.init(start: mark, end: mark)
    }

    /// The file itself and no line of it, for errors such as a missing file. Its marks are 0:0,
    /// which sorts before everything inside a file.
    public static let wholeFile = SourceRange(at: SourceMark(line: 0, column: 0))

    public var description: String { "\(start)-\(end)" }
}
