/// LZ4's blocks (lz4/lz4, doc/lz4_Block_format.md), and Hadoop's frames of them.
enum LZ4 {
    /// Answers how many bytes came out.
    static func decompressBlock(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        guard let out = target.baseAddress else { return 0 }
        var (read, written) = (0, 0)
        while read < bytes.count {
            let token = Int(bytes.base.load(fromByteOffset: read, as: UInt8.self))
            read += 1
            let literal = try length(token >> 4, bytes, &read)
            guard literal <= bytes.count - read else {
                throw .short("a literal of \(literal) bytes", bytes.count - read)
            }
            guard literal <= target.count - written else { throw overflow }
            (out + written).copyMemory(from: bytes.base + read, byteCount: literal)
            read += literal
            written += literal
            // The last sequence is a literal alone.
            if read == bytes.count { break }
            guard bytes.count - read >= 2 else { throw .short("a distance", 0) }
            let distance = Int(bytes.word(read) & 0xFFFF)
            read += 2
            guard distance > 0, distance <= written else {
                throw .wrong(
                    required: "a copy from the \(written) bytes so far",
                    found: "a distance of \(distance)")
            }
            let count = try length(token & 15, bytes, &read) + 4
            guard count <= target.count - written else { throw overflow }
            Window.repeat(
                out, written, distance: distance, count: count, room: target.count - written)
            written += count
        }
        return written
    }

    /// Hadoop writes big-endian sizes before blocks; writers that did not know wrote a block alone.
    static func decompressHadoop(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        if let produced = framed(bytes, to: target) { return produced }
        return try decompressBlock(bytes, to: target)
    }

    /// Nil where the bytes are no such frames.
    private static func framed(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var (read, written) = (0, 0)
        while bytes.count - read >= 8 {
            let sizes = bytes.word(read).byteSwapped
            let (size, compressed) = (Int(sizes >> 32), Int(sizes & 0xFFFF_FFFF))
            read += 8
            guard size <= target.count - written,
                let block = try? bytes.part(from: read, count: compressed),
                let produced = try? decompressBlock(
                    block,
                    to: UnsafeMutableRawBufferPointer(rebasing: target[written..<written + size])),
                produced == size
            else { return nil }
            read += compressed
            written += size
        }
        return read == bytes.count && written == target.count ? written : nil
    }

    /// A length of four bits, of which 15 means that more bytes are to be added.
    @inline(__always)
    private static func length(
        _ start: Int, _ bytes: ByteView, _ read: inout Int
    ) throws(Damage) -> Int {
        guard start == 15 else { return start }
        var length = start
        while true {
            let byte = Int(try bytes.byte(read))
            read += 1
            length += byte
            if byte < 255 { return length }
        }
    }

    private static var overflow: Damage {
        .wrong(required: "LZ4 that ends with the page", found: "more bytes")
    }
}
