import Crypto

/// SHA-256 in lower-case hexadecimal, as `sha256sum` prints it.
public enum SHA256Hex {
    /// The hash of bytes: 64 digits.
    public static func of(_ bytes: [UInt8]) -> String {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hex(hasher.finalize())
    }

    /// The hash of a text's UTF-8 bytes: 64 digits.
    public static func of(_ text: String) -> String {
        of(Array(text.utf8))
    }

    static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
