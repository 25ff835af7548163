/// How the bytes of a text file are read as characters.
public enum TextEncoding: String, FieldChoice {
    /// Invalid bytes become replacement characters.
    case utf8 = "utf-8"
    /// Every byte is the code point of that number.
    case latin1 = "iso-8859-1"

    func text(_ bytes: some Collection<UInt8>) -> String {
        guard self == .latin1, bytes.contains(where: { $0 >= 0x80 }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(Unicode.Scalar(byte)) }
        return String(text)
    }

    /// Whether every byte has a meaning.
    func canRead(_ bytes: Cell) -> Bool {
        self == .latin1 || String(validating: bytes, as: UTF8.self) != nil
    }

    /// Whether the bytes can name a user or an item.
    func isID(_ bytes: Cell) -> Bool {
        guard !bytes.isEmpty else { return false }
        return bytes.allSatisfy { $0 < 0x80 } || canRead(bytes)
    }

    /// - Parameter count: distinct tokens that cannot be read.
    func notes(unreadable count: Int) -> [String] {
        guard count > 0 else { return [] }
        return [
            "\(count) distinct tokens are not \(rawValue) and were read with replacement "
                + "characters (files in Latin-1 say 'encoding: iso-8859-1')"
        ]
    }
}
