/// What plain scalars mean: the core schema of YAML 1.2.2, section 10.3.2.
///
/// Unlike YAML 1.1, `yes`, `no`, `on` and `off` are strings, `0777` is the decimal 777, octal is
/// `0o777`, and `1_000`, `0b1` and `12:30` are strings.
enum CoreSchema {
    /// The meaning of a plain scalar.
    static func resolve(_ text: String) -> ScalarValue {
        if isNull(text) { return .null }
        if let value = bool(text) { return .bool(value) }
        return integer(text) ?? float(text).map(ScalarValue.number) ?? .string(text)
    }

    /// Whether the text is `null`, `~` or nothing.
    static func isNull(_ text: String) -> Bool {
        switch text {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// `[-+]? [0-9]+`, `0o [0-7]+` or `0x [0-9a-fA-F]+`; what does not fit 64 bits is a
    /// Double, rounded.
    static func integer(_ text: String) -> ScalarValue? {
        let (prefix, radix) =
            switch text.utf8.prefix(2).last {
            case UInt8(ascii: "o"): (2, 8)
            case UInt8(ascii: "x"): (2, 16)
            default: (isSign(text.utf8.first) ? 1 : 0, 10)
            }
        let digits = text.utf8.dropFirst(prefix)
        guard prefix < 2 || text.utf8.first == UInt8(ascii: "0"), !digits.isEmpty,
            digits.allSatisfy({ isDigit($0, radix: radix) })
        else { return nil }
        let number = radix == 10 ? text[...] : Substring(digits)
        if let value = Int(number, radix: radix) { return .integer(value) }
        if radix == 10 { return Double(number).map(ScalarValue.number) }
        let value = digits.reduce(0.0) { $0 * Double(radix) + Double(digitValue($1)) }
        return .number(value)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, an infinity such as
    /// `-.inf`, or `.nan`. Numbers too large for a Double are infinite.
    static func float(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: break
        }
        var rest = Substring(text).utf8
        if isSign(rest.first) { rest.removeFirst() }
        var digits = dropDigits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            digits += dropDigits(&rest)
        }
        guard digits > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if isSign(rest.first) { rest.removeFirst() }
            guard dropDigits(&rest) > 0 else { return nil }
        }
        return rest.isEmpty ? Double(text) : nil
    }

    // MARK: Characters

    private static func isSign(_ byte: UInt8?) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
        digitValue(byte) < radix
    }

    /// The value of a hexadecimal digit; 16 for anything else.
    private static func digitValue(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: 16
        }
    }

    /// Removes decimal digits from the front.
    /// - Returns: how many there were.
    private static func dropDigits(_ text: inout Substring.UTF8View) -> Int {
        let before = text.count
        text = text.drop { isDigit($0, radix: 10) }
        return before - text.count
    }
}
