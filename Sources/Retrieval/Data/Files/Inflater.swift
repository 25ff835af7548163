import CZlib

/// Inflates a gzip file (RFC 1952) of any number of members, a part at a time, checksums checked.
final class Inflater {
    private let file: FileBytes
    /// On the heap, for zlib keeps its address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input: UnsafeMutableRawBufferPointer
    /// Whether a member has begun and not ended.
    private var isWithinMember = true
    private var isAtEnd = false

    /// Damage, or an end before that of the last member.
    struct Damaged: Error {}

    /// - Parameter start: the first bytes, which were read from the file already.
    init(_ file: FileBytes, start: [UInt8]) throws(Damaged) {
        self.file = file
        input = .allocate(byteCount: 1 << 18, alignment: 16)
        stream.initialize(to: z_stream())
        input.copyBytes(from: start)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(start.count)
        // The macro inflateInit2 is not imported. 16 more than the largest window asks for gzip's
        // frame.
        let started = inflateInit2_(
            stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { throw Damaged() }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Fills the buffer as far as there are bytes, and answers how many; 0 at the end.
    ///
    /// - Throws: ``Damaged``, or `FileFailure`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count, !isAtEnd {
            if stream.pointee.avail_in == 0 {
                let count = try file.read(into: input)
                if count == 0 {
                    guard !isWithinMember else { throw Damaged() }
                    isAtEnd = true
                    break
                }
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
            }
            if !isWithinMember {
                guard inflateReset(stream) == Z_OK else { throw Damaged() }
                isWithinMember = true
            }
            let room = min(buffer.count - filled, 1 << 30)
            stream.pointee.next_out =
                (buffer.baseAddress! + filled).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            filled += room - Int(stream.pointee.avail_out)
            switch status {
            case Z_STREAM_END: isWithinMember = false
            // Nothing could be done without more input, which the next round reads.
            case Z_OK, Z_BUF_ERROR: break
            default: throw Damaged()
            }
        }
        return filled
    }
}
