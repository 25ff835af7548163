/// What is wrong with a ZIP archive.
package enum ZipError: Error, Hashable {
    case notAnArchive
    case damaged(String)
    case unsupported(String)
    case missingEntry(String)
    case duplicateEntry(String)
    case tooLarge(String, bytes: Int, limit: Int)
    case wrongChecksum(String)
}

extension ZipError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnArchive: "not a ZIP archive, or only a part of one"
        case .damaged(let what): "the ZIP archive is damaged: \(what)"
        case .unsupported(let what): "the ZIP archive uses what is not supported: \(what)"
        case .missingEntry(let name): "the ZIP archive has no '\(name)'"
        case .duplicateEntry(let name): "the ZIP archive has more than one '\(name)'"
        case .tooLarge(let name, let bytes, let limit):
            "'\(name)' in the ZIP archive has \(bytes) bytes, more than the limit of \(limit)"
        case .wrongChecksum(let name):
            "the ZIP archive is damaged: the CRC-32 of '\(name)' differs"
        }
    }
}

/// A reader of ZIP archives, for taking a few files of known names out of one.
///
/// It follows PKWARE's APPNOTE 6.3: the end record, the central directory, stored and deflated
/// entries; no encryption, no ZIP64, one disk. Every number of the archive is checked before it
/// is used. An entry's name is only ever compared and never becomes a path.
package struct ZipArchive {
    private struct Entry {
        var flags: Int
        var method: Int
        var crc: UInt32
        var compressedSize: Int
        var size: Int
        var headerOffset: Int
    }

    private let bytes: [UInt8]
    private var entries: [[UInt8]: [Entry]] = [:]

    package init(_ bytes: [UInt8]) throws(ZipError) {
        self.bytes = bytes
        let end = try Self.endRecord(bytes)
        let count = word(end + 10)
        let directorySize = long(end + 12)
        var offset = long(end + 16)
        guard word(end + 4) == 0, word(end + 6) == 0, word(end + 8) == count else {
            throw .unsupported("more than one disk")
        }
        guard count != 0xFFFF, directorySize != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
            throw .unsupported("ZIP64")
        }
        guard offset + directorySize <= end else {
            throw .damaged("the central directory lies outside the file")
        }
        let limit = offset + directorySize
        for _ in 0..<count {
            guard offset + 46 <= limit, long(offset) == 0x0201_4B50 else {
                throw .damaged("the central directory is cut short")
            }
            let nameLength = word(offset + 28)
            let next = offset + 46 + nameLength + word(offset + 30) + word(offset + 32)
            guard next <= limit else { throw .damaged("the central directory is cut short") }
            let name = Array(bytes[(offset + 46)..<(offset + 46 + nameLength)])
            entries[name, default: []].append(
                Entry(
                    flags: word(offset + 8), method: word(offset + 10),
                    crc: UInt32(long(offset + 16)), compressedSize: long(offset + 20),
                    size: long(offset + 24), headerOffset: long(offset + 42)))
            offset = next
        }
    }

    /// The content of the entry of exactly that name, its CRC-32 checked; at most `limit` bytes.
    package func contents(of name: String, limit: Int) throws(ZipError) -> [UInt8] {
        guard let found = entries[Array(name.utf8)] else { throw .missingEntry(name) }
        guard found.count == 1, let entry = found.first else { throw .duplicateEntry(name) }
        guard entry.flags & 1 == 0 else { throw .unsupported("encryption of '\(name)'") }
        guard entry.size <= limit else {
            throw .tooLarge(name, bytes: entry.size, limit: limit)
        }
        let data = try data(of: entry, name)
        let content: [UInt8]
        switch entry.method {
        case 0:
            guard data.count == entry.size else { throw .damaged("the sizes of '\(name)' differ") }
            content = Array(bytes[data])
        case 8:
            guard let inflated = Zlib.inflate(bytes, data, size: entry.size) else {
                throw .damaged("'\(name)' does not inflate to its size")
            }
            content = inflated
        default: throw .unsupported("compression method \(entry.method) of '\(name)'")
        }
        guard Zlib.crc32(content) == entry.crc else { throw .wrongChecksum(name) }
        return content
    }

    /// Where the entry's bytes lie, behind its local header.
    private func data(of entry: Entry, _ name: String) throws(ZipError) -> Range<Int> {
        let header = entry.headerOffset
        guard header + 30 <= bytes.count, long(header) == 0x0403_4B50 else {
            throw .damaged("'\(name)' has no local header")
        }
        let nameEnd = header + 30 + word(header + 26)
        let start = nameEnd + word(header + 28)
        guard start + entry.compressedSize <= bytes.count else {
            throw .damaged("'\(name)' is cut short")
        }
        guard bytes[(header + 30)..<nameEnd].elementsEqual(name.utf8) else {
            throw .damaged("the two names of '\(name)' differ")
        }
        return start..<(start + entry.compressedSize)
    }

    /// The offset of the end record, which stands last but for a comment of up to 65,535 bytes.
    private static func endRecord(_ bytes: [UInt8]) throws(ZipError) -> Int {
        var offset = bytes.count - 22
        let first = max(0, offset - 0xFFFF)
        while offset >= first {
            if bytes[offset] == 0x50, bytes[offset + 1] == 0x4B, bytes[offset + 2] == 5,
                bytes[offset + 3] == 6,
                offset + 22 + Int(bytes[offset + 20]) + Int(bytes[offset + 21]) << 8 == bytes.count
            {
                return offset
            }
            offset -= 1
        }
        throw .notAnArchive
    }

    /// 16 bits, little-endian; the caller has checked that they are there.
    private func word(_ offset: Int) -> Int {
        Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    /// 32 bits, little-endian; the caller has checked that they are there.
    private func long(_ offset: Int) -> Int {
        word(offset) | word(offset + 2) << 16
    }
}
