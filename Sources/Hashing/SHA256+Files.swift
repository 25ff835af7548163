import Platform

extension SHA256 {
    /// The hash of bytes in lower-case hexadecimal, 64 digits.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal()
    }

    /// The hash of a text's UTF-8 bytes in lower-case hexadecimal, 64 digits.
    public static func hexadecimal(of text: String) -> String {
        hexadecimal(of: Array(text.utf8))
    }

    /// The hash of a file, read in pieces, in lower-case hexadecimal; nil where it cannot be read.
    public static func hexadecimal(ofFile path: String) -> String? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            piece[..<count].withUnsafeBytes { hash.update($0) }
        }
        return ferror(file) == 0 ? hash.hexadecimal() : nil
    }
}
