import CZlib

/// Gzip by the system's zlib: one member or several, one after the other.
enum Gzip {
    /// Answers how many bytes came out.
    static func decompress(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        var stream = z_stream()
        // 32 more than the window: gzip and zlib are told apart by their headers.
        guard
            inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { throw .wrong(required: "memory for zlib", found: "none") }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(
            mutating: bytes.base.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(target.count)
        while stream.avail_in > 0, stream.avail_out > 0 {
            switch inflate(&stream, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_STREAM_END:
                guard inflateReset(&stream) == Z_OK else {
                    throw .wrong(required: "gzip", found: "bytes that are none")
                }
            default: throw .wrong(required: "gzip", found: "bytes that are none")
            }
        }
        return target.count - Int(stream.avail_out)
    }
}
