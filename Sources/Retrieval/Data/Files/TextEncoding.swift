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
}
