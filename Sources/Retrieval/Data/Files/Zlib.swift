import CZlib

/// The two services of the system's zlib that reading an archive needs.
enum Zlib {
    /// Inflates a raw deflate stream (RFC 1951) that must end within `range` and give exactly
    /// `size` bytes; nil for any other.
    static func inflate(_ bytes: [UInt8], _ range: Range<Int>, size: Int) -> [UInt8]? {
        guard range.count <= UInt32.max, size < UInt32.max else { return nil }
        var stream = z_stream()
        // The macro inflateInit2 is not imported. Negative window bits mean a raw stream.
        let started = inflateInit2_(
            &stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var source = Array(bytes[range])
        // One byte more than wanted, so that a longer stream shows.
        var output = [UInt8](repeating: 0, count: size + 1)
        let status = source.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.total_out == UInt(size) else { return nil }
        output.removeLast()
        return output
    }

    /// CRC-32 as ZIP uses it.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            // zlib takes a null pointer to mean "start": its answer, 0, is that of no bytes.
            UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress, buffer.count))
        }
    }
}
