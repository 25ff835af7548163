import Crypto

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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

    /// The hash of a file, read in pieces; nil where it cannot be read.
    public static func ofFile(_ path: String) -> String? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var hasher = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            piece[..<count].withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        return ferror(file) == 0 ? hex(hasher.finalize()) : nil
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
