/// A text and its name, kept to quote lines from and to turn offsets into lines and columns.
///
/// It is an immutable reference, so that every node of a tree can point at its file.
public final class SourceFile: Sendable {
    /// The path as the user gave it, or what a text in memory is called.
    public let name: String
    /// The text in UTF-8 without a byte order mark. Errors about bad bytes need them unrepaired.
    let bytes: [UInt8]
    private let lines: [LineExtent]

    /// - Parameter name: what errors call the text.
    public convenience init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        lines = LineExtent.split(bytes)
    }

    /// How many lines there are, at least one. A final line break does not begin another line.
    public var lineCount: Int { lines.count }

    /// A line's text without its line break, or nil where there is no such line.
    ///
    /// Bytes that are not UTF-8 are replaced by U+FFFD.
    /// - Parameter number: the line, from 1.
    public func line(_ number: Int) -> String? {
        guard lines.indices.contains(number - 1) else { return nil }
        return String(decoding: bytes[lines[number - 1].bytes], as: UTF8.self)
    }

    /// The mark of the character with this index, in Unicode scalars from 0. An index within or
    /// behind a line break gives the end of the line.
    func mark(atScalar index: Int) -> SourceMark {
        mark {
            $0.firstScalar <= index
        } column: {
            index - $0.firstScalar
        }
    }

    /// The mark of the character that begins at this byte, from 0.
    func mark(atByte offset: Int) -> SourceMark {
        mark {
            $0.bytes.lowerBound <= offset
        } column: { line in
            let end = min(offset, line.bytes.upperBound)
            return bytes[line.bytes.lowerBound..<end].count { LineExtent.beginsScalar($0) }
        }
    }

    /// A scalar's extent, given by indices in Unicode scalars from 0. Blank lines at its end, which
    /// a block scalar swallows, are left out.
    func range(fromScalar start: Int, to end: Int) -> SourceRange {
        var range = SourceRange(start: mark(atScalar: start), end: mark(atScalar: end))
        while range.end.column == 1, range.end.line > range.start.line {
            let line = range.end.line - 1
            range.end = SourceMark(line: line, column: lines[line - 1].scalarCount + 1)
        }
        return range
    }

    /// The character at a mark, or nil at the end of a line.
    func character(at mark: SourceMark) -> Unicode.Scalar? {
        line(mark.line)?.unicodeScalars.dropFirst(mark.column - 1).first
    }

    /// Finds the last line that begins not after the place, by bisection.
    private func mark(
        _ beginsBefore: (LineExtent) -> Bool, column: (LineExtent) -> Int
    ) -> SourceMark {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if beginsBefore(lines[middle]) { low = middle } else { high = middle }
        }
        let line = lines[low]
        let column = min(max(column(line), 0), line.scalarCount)
        return SourceMark(line: low + 1, column: column + 1)
    }
}

extension SourceFile: Hashable {
    /// Files are equal that have the same name and text.
    public static func == (left: SourceFile, right: SourceFile) -> Bool {
        left === right || (left.name == right.name && left.bytes == right.bytes)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(bytes.count)
    }
}

/// Where one line stands in a text.
private struct LineExtent: Sendable {
    /// Its bytes without the line break.
    var bytes: Range<Int>
    /// The index of its first character in Unicode scalars.
    var firstScalar: Int
    /// Its length in Unicode scalars, without the line break.
    var scalarCount: Int

    /// Whether a byte of UTF-8 begins a character rather than continuing one.
    static func beginsScalar(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    /// The lines of a text, at least one.
    static func split(_ text: [UInt8]) -> [LineExtent] {
        var lines: [LineExtent] = []
        text.withUnsafeBufferPointer { text in
            var lineStart = 0
            var firstScalar = 0
            var scalars = 0
            var offset = 0
            while offset < text.count {
                let byte = text[offset]
                offset += 1
                guard byte == 0x0A || byte == 0x0D else {
                    scalars += beginsScalar(byte) ? 1 : 0
                    continue
                }
                lines.append(
                    LineExtent(
                        bytes: lineStart..<offset - 1, firstScalar: firstScalar,
                        scalarCount: scalars))
                firstScalar += scalars + 1
                if byte == 0x0D, offset < text.count, text[offset] == 0x0A {
                    offset += 1
                    firstScalar += 1
                }
                lineStart = offset
                scalars = 0
            }
            if lineStart < text.count || lines.isEmpty {
                lines.append(
                    LineExtent(
                        bytes: lineStart..<text.count, firstScalar: firstScalar,
                        scalarCount: scalars))
            }
        }
        return lines
    }
}
