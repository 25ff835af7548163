/// Checks that bytes are text that YAML allows, before the parser sees them: its own errors for
/// bad characters carry no line.
enum InputText {
    /// The file of these bytes, without a byte order mark of UTF-8.
    /// - Throws: ``YAMLError`` for other encodings, invalid UTF-8 and characters that are not
    ///   printable, by YAML 1.2.2 section 5.1.
    static func source(name: String, bytes: [UInt8]) throws(YAMLError) -> SourceFile {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF])
        {
            // Nothing that could be quoted.
            let source = SourceFile(name: name, bytes: [])
            throw YAMLError(.notUTF8, at: SourceRange(at: .start), in: source)
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let source = SourceFile(name: name, bytes: hasMark ? Array(bytes.dropFirst(3)) : bytes)
        if let offset = firstInvalidByte(source.bytes) {
            throw YAMLError(
                .invalidUTF8(byte: source.bytes[offset]),
                at: SourceRange(at: source.mark(atByte: offset)), in: source)
        }
        if let (offset, character) = firstForbidden(source.bytes) {
            throw YAMLError(
                .forbiddenCharacter(character),
                at: SourceRange(at: source.mark(atByte: offset)), in: source)
        }
        return source
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            offset += scalar.count
        }
        return min(offset, bytes.count - 1)
    }

    /// - Parameter bytes: valid UTF-8.
    private static func firstForbidden(_ bytes: [UInt8]) -> (Int, Unicode.Scalar)? {
        bytes.withUnsafeBufferPointer { bytes in
            for offset in bytes.indices {
                let byte = bytes[offset]
                if byte >= 0x20, byte < 0x7F { continue }
                switch byte {
                case 0x09, 0x0A, 0x0D:
                    continue
                case ..<0x80:
                    return (offset, Unicode.Scalar(byte))
                case 0xC2 where bytes[offset + 1] < 0xA0 && bytes[offset + 1] != 0x85:
                    return (offset, Unicode.Scalar(bytes[offset + 1]))
                case 0xEF where bytes[offset + 1] == 0xBB && bytes[offset + 2] == 0xBF:
                    return (offset, "\u{FEFF}")
                case 0xEF where bytes[offset + 1] == 0xBF && bytes[offset + 2] >= 0xBE:
                    return (offset, bytes[offset + 2] == 0xBE ? "\u{FFFE}" : "\u{FFFF}")
                default:
                    continue
                }
            }
            return nil
        }
    }
}
