/// Snappy's raw format (google/snappy, format_description.txt).
enum Snappy {
    /// Answers how many bytes came out.
    static func decompress(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        var read = 0
        let size = try bytes.variable(at: &read)
        guard size == UInt64(target.count), let out = target.baseAddress else {
            throw .wrong(required: "Snappy of \(target.count) bytes", found: "of \(size)")
        }
        var written = 0
        while read < bytes.count {
            skim(bytes, &read, out, &written, target.count)
            guard read < bytes.count else { break }
            let tag = Int(bytes.base.load(fromByteOffset: read, as: UInt8.self))
            read += 1
            if tag & 3 == 0 {
                var count = tag >> 2 + 1
                if count > 60 {
                    let extra = count - 60
                    guard bytes.count - read >= extra else { throw .short("a length", 0) }
                    count = Int(bytes.word(read) & (1 << UInt64(8 * extra) - 1)) + 1
                    read += extra
                }
                guard count <= bytes.count - read else {
                    throw .short("a literal of \(count) bytes", bytes.count - read)
                }
                guard count <= target.count - written else { throw overflow }
                // Short literals are the most: sixteen bytes are copied where they may be.
                if count <= 16, target.count - written >= 16 {
                    (out + written).storeBytes(of: bytes.word(read), as: UInt64.self)
                    (out + written + 8).storeBytes(of: bytes.word(read + 8), as: UInt64.self)
                } else {
                    (out + written).copyMemory(from: bytes.base + read, byteCount: count)
                }
                read += count
                written += count
                continue
            }
            let (count, distance, size) = copyOf(tag, bytes.word(read))
            guard bytes.count - read >= size else { throw .short("a distance", 0) }
            read += size
            guard distance > 0, distance <= written else {
                throw .wrong(
                    required: "a copy from the \(written) bytes so far",
                    found: "a distance of \(distance)")
            }
            guard count <= target.count - written else { throw overflow }
            Window.repeat(
                out, written, distance: distance, count: count, room: target.count - written)
            written += count
        }
        return written
    }

    /// Goes on as long as what comes next is short, both ends are far, and all is well: without the
    /// questions that ``decompress(_:to:)`` asks.
    @inline(__always)
    private static func skim(
        _ bytes: ByteView, _ read: inout Int, _ out: UnsafeMutableRawPointer,
        _ written: inout Int, _ room: Int
    ) {
        // A tag, five bytes behind it and a literal's 16; a copy's 64 and what is written beyond.
        let (lastRead, lastWritten) = (bytes.count &- 24, room &- 80)
        let base = bytes.base
        var (from, to) = (read, written)
        while from <= lastRead, to <= lastWritten {
            let tag = Int(base.load(fromByteOffset: from, as: UInt8.self))
            if tag & 3 == 0 {
                let count = tag &>> 2 &+ 1
                guard count <= 16 else { break }
                let literal = base.loadUnaligned(
                    fromByteOffset: from &+ 1, as: SIMD16<UInt8>.self)
                out.storeBytes(of: literal, toByteOffset: to, as: SIMD16<UInt8>.self)
                from &+= count &+ 1
                to &+= count
                continue
            }
            let (count, distance, size) = copyOf(tag, bytes.word(from &+ 1))
            guard distance >= 8, distance <= to else { break }
            from &+= size &+ 1
            var (source, target, left) = (out + (to &- distance), out + to, count)
            to &+= count
            if distance >= 16 {
                repeat {
                    target.storeBytes(
                        of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
                    (source, target, left) = (source + 16, target + 16, left &- 16)
                } while left > 0
            } else {
                repeat {
                    target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
                    (source, target, left) = (source + 8, target + 8, left &- 8)
                } while left > 0
            }
        }
        (read, written) = (from, to)
    }

    /// Length and distance of a copy, and the bytes that stand behind its tag.
    @inline(__always)
    private static func copyOf(_ tag: Int, _ word: UInt64) -> (Int, Int, Int) {
        switch tag & 3 {
        case 1: (tag &>> 2 & 7 &+ 4, (tag &>> 5) &<< 8 | Int(truncatingIfNeeded: word & 0xFF), 1)
        case 2: (tag &>> 2 &+ 1, Int(truncatingIfNeeded: word & 0xFFFF), 2)
        default: (tag &>> 2 &+ 1, Int(truncatingIfNeeded: word & 0xFFFF_FFFF), 4)
        }
    }

    private static var overflow: Damage {
        .wrong(required: "Snappy that ends with the page", found: "more bytes")
    }
}
