/// How a delimited file seems to be written.
struct DelimitedDialect: Hashable {
    /// What stands between fields.
    var delimiter = ","
    /// Nil: nothing quotes.
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Makes the next character text.
    var escape: UInt8?
    /// Lines that begin with it are none of the table.
    var comment: UInt8?
    var encoding = TextEncoding.utf8

    /// What is tried, the likelier first.
    private static let delimiters = [
        ",", "\t", ";", "::", "|", " ", ", ", "; ", " , ", " ; ", " | ",
    ]
    /// Shares that differ by less are alike.
    fileprivate static let margin = 0.05

    /// How some text is cut into fields.
    fileprivate struct Cut {
        var dialect: DelimitedDialect
        /// Records of as many fields as most have, of all.
        var share: Double
        var fields: Int
        /// Whether the first record, which may be a header, has as many.
        var fitsFirst: Bool
    }
}

extension DelimitedDialect {
    /// Guesses by what cuts the first records most evenly; nil where nothing does.
    ///
    /// - Parameter known: what stands between fields, where that is known.
    init?(of window: TextWindow, delimiter known: String?) {
        let named = DelimitedPreamble(window.place.bytes).delimiter.map {
            String(Unicode.Scalar($0))
        }
        let text = window.place.bytes
        var base = DelimitedDialect()
        base.encoding = Self.encoding(of: window)
        base.comment = Self.comment(of: text)
        var variants = [base]
        let candidates = (known ?? named).map { [$0] } ?? Self.delimiters
        // Other ways to quote are tried where the text holds what would be theirs.
        if text.holds("\\\"") {
            var variant = base
            variant.escape = UInt8(ascii: "\\")
            variants.append(variant)
        }
        if candidates.contains(where: { text.holds($0 + "'") }) {
            var variant = base
            variant.quote = UInt8(ascii: "'")
            variants.append(variant)
        }
        if text.holds("\"") {
            var variant = base
            variant.quote = nil
            variants.append(variant)
        }
        var best: Cut?
        for variant in variants {
            guard let cut = variant.bestCut(of: window, by: candidates) else { continue }
            // Another way to quote must be the better one, and cut the header as well.
            if best == nil || cut.share > (best?.share ?? 0) && cut.fitsFirst { best = cut }
        }
        guard let best else { return nil }
        self = best.dialect
        // Fields that all stand in single quotes are cut as well with their quotes as without.
        let single = UInt8(ascii: "'")
        let (rows, _, _) = DelimitedSample.read(window, self, limit: 1)
        let isSingle = rows.first?.allSatisfy {
            $0.count > 1 && $0.first == single && $0.last == single
        }
        if isSingle ?? false { quote = single }
    }

    private func bestCut(of window: TextWindow, by candidates: [String]) -> Cut? {
        var best: Cut?
        for delimiter in candidates {
            var dialect = self
            dialect.delimiter = delimiter
            let (rows, bad, _) = DelimitedSample.read(window, dialect, limit: 200)
            let count = DelimitedSample.usualCount(rows)
            guard count > 1 else { continue }
            let share =
                Double(rows.count { $0.count == count }) / Double(max(1, rows.count + bad))
            let cut = Cut(
                dialect: dialect, share: share, fields: count,
                fitsFirst: rows.first?.count == count)
            let isMoreEven = share > (best?.share ?? 0.5) + Self.margin
            let isFiner = best.map { cut.isFiner(than: $0) } ?? false
            if isMoreEven || isFiner { best = cut }
        }
        return best
    }

    /// What a spec says of it beside the delimiter.
    var options: [(name: String, value: FieldValue)] {
        let text = { (byte: UInt8) in FieldValue.string(String(Unicode.Scalar(byte))) }
        var options: [(name: String, value: FieldValue)] = []
        if quote != UInt8(ascii: "\"") { options.append(("quote", quote.map(text) ?? .null)) }
        if let escape { options.append(("escape", text(escape))) }
        if let comment { options.append(("comment", text(comment))) }
        if encoding != .utf8 { options.append(("encoding", .string(encoding.rawValue))) }
        return options
    }

    /// The encoding that reads the text; a line that the window cuts is not looked at.
    private static func encoding(of window: TextWindow) -> TextEncoding {
        let text = window.place.bytes
        let end = window.isFinal ? text.count : text.lastIndex(of: 0x0A) ?? text.count
        return TextEncoding.utf8.canRead(Cell(rebasing: text[..<end])) ? .utf8 : .latin1
    }

    /// The mark of the lines at the beginning that tell of the file, if it has such lines. One line
    /// alone may be a header behind its mark.
    private static func comment(of text: Cell) -> UInt8? {
        let mark = UInt8(ascii: "#")
        let lines = text.prefix(65_536).split(separator: 0x0A, maxSplits: 64)
        let marked = lines.prefix { $0.first == mark }
        guard let first = marked.first, marked.count < lines.count else { return nil }
        let looksLikeHeader = marked.count == 1 && first.contains { ",;\t|".utf8.contains($0) }
        return looksLikeHeader ? nil : mark
    }
}

extension DelimitedDialect.Cut {
    /// Whether this is likelier than another that cuts as evenly.
    fileprivate func isFiner(than other: Self) -> Bool {
        guard share >= other.share - DelimitedDialect.margin, fitsFirst else { return false }
        let (own, others) = (dialect.delimiter, other.dialect.delimiter)
        // The same with the blanks that stand beside each.
        let bare = { (text: String) in text.filter { $0 != " " } }
        if own.count > others.count, bare(own) == bare(others) {
            return share >= other.share && fields == other.fields
        }
        // What cuts the header as well, where the other one only stands in all rows.
        if !other.fitsFirst, "\t;|".contains(own) { return share >= other.share }
        guard fields > other.fields else { return false }
        // A decimal comma cuts as evenly as what stands between the numbers; bars stand within
        // lists, too, but then cut the header less well.
        return "\t;".contains(own) || own == "|" && !other.fitsFirst
    }
}

extension Cell {
    /// Whether a text is in this one.
    func holds(_ text: String) -> Bool { holds(Array(text.utf8)) }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Whether some bytes, at least one, are among these, which count from 0.
    func holds(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, count >= bytes.count else { return false }
        return (0...(count - bytes.count)).contains { start in
            self[start] == first && self[start..<(start + bytes.count)].elementsEqual(bytes)
        }
    }
}
