// MARK: - Numbers

extension JSONParser {
    /// `-? (0 | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?`
    mutating func number() throws(JSONParseError) -> JSONValue {
        let start = position
        _ = take("-")
        let leadsWithZero = peek == UInt8(ascii: "0")
        let count = digits()
        var wellFormed = leadsWithZero ? count == 1 : count > 0
        var isInteger = true
        if take(".") {
            isInteger = false
            wellFormed = digits() > 0 && wellFormed
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            wellFormed = digits() > 0 && wellFormed
        }
        let text = text(from: start)
        guard wellFormed else { throw failure(.malformedNumber(text), at: start) }
        // An integer cannot hold the sign of -0.
        if isInteger, text != "-0" {
            guard let value = Int(text) else { throw failure(.numberOutOfRange(text), at: start) }
            return .integer(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw failure(.numberOutOfRange(text), at: start)
        }
        return .number(value)
    }

    /// Steps over digits; answers how many.
    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        return position - start
    }
}

// MARK: - Strings

extension JSONParser {
    mutating func string() throws(JSONParseError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while true {
            guard let byte = peek else { throw expected("'\"'") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw failure(.invalidUTF8, at: start)
                }
                return text
            case UInt8(ascii: "\\"):
                content.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw failure(.controlCharacter(byte), at: position)
            default:
                content.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape() throws(JSONParseError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let byte = peek else { throw expected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(start)
        default: throw failure(.invalidEscape(text(from: start)), at: start)
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that form a surrogate pair.
    private mutating func unicodeEscape(_ start: Int) throws(JSONParseError) -> Unicode.Scalar {
        let unit = try fourHexDigits(start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let end = position
        if unit < 0xDC00, take("\\"), take("u") {
            let low = try fourHexDigits(position - 2)
            if (0xDC00...0xDFFF).contains(low) {
                let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
                if let scalar = Unicode.Scalar(code) { return scalar }
            }
        }
        // Worded here alone: where a problem stands is found by a look through all before it.
        position = end
        throw failure(.loneSurrogate(text(from: start)), at: start)
    }

    private mutating func fourHexDigits(_ start: Int) throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw expected("four hexadecimal digits") }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure(.invalidEscape(text(from: start)), at: start)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
