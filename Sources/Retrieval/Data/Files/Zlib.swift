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

    /// The content of a gzip file (RFC 1952), of all its members, checksums checked; nil where it
    /// is damaged, cut short or larger than `limit` bytes.
    static func gunzip(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        var stream = z_stream()
        // 16 more than the largest window asks for gzip's frame.
        guard
            inflateInit2_(
                &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var source = bytes
        var consumed = 0
        while consumed < source.count {
            let available = min(source.count - consumed, 1 << 30)
            var produced = 0
            let status = source.withUnsafeMutableBufferPointer { input in
                chunk.withUnsafeMutableBufferPointer { part in
                    stream.next_in = input.baseAddress! + consumed
                    stream.avail_in = UInt32(available)
                    stream.next_out = part.baseAddress
                    stream.avail_out = UInt32(part.count)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    produced = part.count - Int(stream.avail_out)
                    return status
                }
            }
            consumed += available - Int(stream.avail_in)
            guard output.count + produced <= limit else { return nil }
            output.append(contentsOf: chunk[..<produced])
            switch status {
            case Z_STREAM_END:
                if consumed == source.count { return output }
                // Another member follows.
                guard inflateReset(&stream) == Z_OK else { return nil }
            case Z_OK: break
            default: return nil
            }
        }
        // The input ended before its stream did; what is left may still come out.
        while true {
            let (status, produced) = chunk.withUnsafeMutableBufferPointer { part in
                stream.avail_in = 0
                stream.next_out = part.baseAddress
                stream.avail_out = UInt32(part.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return (status, part.count - Int(stream.avail_out))
            }
            guard output.count + produced <= limit else { return nil }
            output.append(contentsOf: chunk[..<produced])
            if status == Z_STREAM_END { return output }
            guard status == Z_OK, produced > 0 else { return nil }
        }
    }

    /// CRC-32 as ZIP and gzip use it.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            // zlib takes a null pointer to mean "start": its answer, 0, is that of no bytes.
            UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress, buffer.count))
        }
    }
}
