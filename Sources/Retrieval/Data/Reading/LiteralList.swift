/// Lists as programs print them into a cell: of JSON, `["a", "b"]`, or of Python, `['a', None]`,
/// `{'a', 'b'}`; of objects, one member of each.
struct LiteralList {
    private let bytes: Cell
    private var position = 0
    /// Which member of objects is meant; nil: elements are single values.
    private let member: [UInt8]?

    private init(_ bytes: Cell, member: [UInt8]?) {
        self.bytes = bytes
        self.member = member
    }

    /// The elements' texts, without what stands for nothing; nil where the cell is no such list. A
    /// single object is a list of one.
    static func elements(of cell: Cell, member: [UInt8]? = nil) -> [[UInt8]]? {
        var list = LiteralList(cell, member: member)
        list.skipSpaces()
        guard list.byte != nil, let found = list.value(depth: 0) else { return nil }
        list.skipSpaces()
        guard list.position == cell.count else { return nil }
        switch found {
        case .list(let elements): return elements
        case .object(let element): return [element].compactMap { $0 }
        case .text: return nil
        }
    }

    private enum Value {
        case text([UInt8]?)
        case list([[UInt8]])
        /// The text of the member that is meant.
        case object([UInt8]?)
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpaces() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
        }
    }

    private mutating func take(_ wanted: Character) -> Bool {
        skipSpaces()
        guard byte == wanted.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) -> Value? {
        guard depth < 16 else { return nil }
        skipSpaces()
        switch byte {
        case UInt8(ascii: "["): return elements(closedBy: "]", depth)
        case UInt8(ascii: "("): return elements(closedBy: ")", depth)
        case UInt8(ascii: "{"): return objectOrSet(depth)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map { .text($0) }
        default: return word().map { .text($0) }
        }
    }

    private mutating func elements(closedBy end: Character, _ depth: Int) -> Value? {
        position += 1
        var elements: [[UInt8]] = []
        while !take(end) {
            guard let value = value(depth: depth + 1) else { return nil }
            switch value {
            case .text(let text), .object(let text): elements += [text].compactMap { $0 }
            case .list: return nil
            }
            guard !take(",") else { continue }
            return take(end) ? .list(elements) : nil
        }
        return .list(elements)
    }

    /// `{'a': 1}` is an object, `{'a', 'b'}` a set.
    private mutating func objectOrSet(_ depth: Int) -> Value? {
        let start = position
        position += 1
        var found: [UInt8]?
        while !take("}") {
            guard case .text(let name)? = value(depth: depth + 1) else { return nil }
            guard take(":") else {
                position = start
                return elements(closedBy: "}", depth)
            }
            guard let value = value(depth: depth + 1) else { return nil }
            if case .text(let text) = value, name == member { found = text }
            guard !take(",") else { continue }
            return take("}") ? .object(found) : nil
        }
        return .object(found)
    }

    /// A quoted text, in which an escape makes the next character text, or one of the usual.
    private mutating func string() -> [UInt8]? {
        guard let quote = byte else { return nil }
        position += 1
        var text: [UInt8] = []
        while let byte {
            position += 1
            if byte == quote { return text }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escaped = self.byte else { return nil }
            position += 1
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "x"): guard append(digits: 2, to: &text) else { return nil }
            case UInt8(ascii: "u"): guard append(digits: 4, to: &text) else { return nil }
            default: text.append(escaped)
            }
        }
        return nil
    }

    /// The character whose number stands here in hexadecimal digits.
    private mutating func append(digits: Int, to text: inout [UInt8]) -> Bool {
        guard position + digits <= bytes.count else { return false }
        let number = String(decoding: bytes[position..<position + digits], as: UTF8.self)
        guard let value = UInt32(number, radix: 16), let scalar = Unicode.Scalar(value) else {
            return false
        }
        position += digits
        text += Array(String(scalar).utf8)
        return true
    }

    /// A number, true, false, or what stands for nothing.
    private mutating func word() -> [UInt8]?? {
        let start = position
        while let byte, !",:]})( \t\n\r'\"".utf8.contains(byte) { position += 1 }
        guard position > start else { return nil }
        let text = Array(bytes[start..<position])
        let isNothing = ["None", "null", "nan", "NaN"].contains { text.elementsEqual($0.utf8) }
        return .some(isNothing ? nil : text)
    }
}
