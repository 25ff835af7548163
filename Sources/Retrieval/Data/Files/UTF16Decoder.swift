/// Turns UTF-16 into UTF-8 while it is read. Surrogates without a partner, and half a unit at the
/// end, become replacement characters.
struct UTF16Decoder {
    private let isBigEndian: Bool
    /// What is read from, a part at a time.
    private var raw = [UInt8](repeating: 0, count: 1 << 16)
    /// Bytes of `raw` that are half a character.
    private var rawCount: Int
    /// Decoded, and how much of that was delivered.
    private var decoded: [UInt8] = []
    private var delivered = 0
    private var isAtEnd = false

    /// - Parameter start: the first bytes of the text, which were read already.
    /// - Returns: nil where they have no byte order mark.
    init?(start: some Collection<UInt8>) {
        guard start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) else {
            return nil
        }
        isBigEndian = start.first == 0xFE
        raw.replaceSubrange(0..<(start.count - 2), with: start.dropFirst(2))
        rawCount = start.count - 2
    }

    /// Fills the room as far as there is text, and answers how far.
    mutating func read(
        into room: UnsafeMutableRawBufferPointer,
        from source: (UnsafeMutableRawBufferPointer) throws(DataError) -> Int
    ) throws(DataError) -> Int {
        var filled = 0
        while filled < room.count {
            if delivered == decoded.count {
                guard !isAtEnd else { break }
                try decodeMore(source)
            }
            let count = min(room.count - filled, decoded.count - delivered)
            decoded.withUnsafeBytes {
                let text = UnsafeRawBufferPointer(rebasing: $0[delivered..<delivered + count])
                UnsafeMutableRawBufferPointer(rebasing: room[filled...]).copyMemory(from: text)
            }
            filled += count
            delivered += count
        }
        return filled
    }

    private mutating func decodeMore(
        _ source: (UnsafeMutableRawBufferPointer) throws(DataError) -> Int
    ) throws(DataError) {
        let start = rawCount
        let asked = raw.count - start
        let read = try raw.withUnsafeMutableBytes { bytes in
            Result { () throws(DataError) in
                try source(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
            }
        }.get()
        isAtEnd = read < asked
        decoded.removeAll(keepingCapacity: true)
        delivered = 0
        let end = start + read
        var position = 0
        while position + 2 <= end {
            let unit = unit(position)
            position += 2
            guard UTF16.isLeadSurrogate(unit) else {
                append(Unicode.Scalar(UInt32(unit)))
                continue
            }
            guard position + 2 <= end else {
                if !isAtEnd {
                    position -= 2
                    break
                }
                append(nil)
                continue
            }
            let next = self.unit(position)
            guard UTF16.isTrailSurrogate(next) else {
                append(nil)
                continue
            }
            position += 2
            append(
                Unicode.Scalar(
                    0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(next) - 0xDC00)))
        }
        if isAtEnd, position < end { append(nil) }
        let rest = isAtEnd ? [] : Array(raw[position..<end])
        raw.replaceSubrange(0..<rest.count, with: rest)
        rawCount = rest.count
    }

    private func unit(_ position: Int) -> UInt16 {
        let (first, second) = (UInt16(raw[position]), UInt16(raw[position + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
    }

    private mutating func append(_ scalar: Unicode.Scalar?) {
        decoded += UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter
    }
}
