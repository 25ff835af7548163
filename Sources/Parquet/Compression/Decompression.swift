/// Undoes a page's compression.
enum Decompression {
    /// - Parameters:
    ///   - codec: the number that the column's metadata name.
    ///   - size: bytes that must come out.
    static func decompress(
        _ bytes: ByteView, codec number: Int64, size: Int
    ) throws(Damage) -> PaddedBytes {
        guard let codec = CompressionCodec(rawValue: number) else {
            throw .unsupported("compression of number \(number)")
        }
        let target = try PaddedBytes(count: size)
        if size == 0 { return target }
        let produced =
            switch codec {
            case .uncompressed: try copy(bytes, to: target.target)
            case .snappy: try Snappy.decompress(bytes, to: target.target)
            case .gzip: try Gzip.decompress(bytes, to: target.target)
            case .lz4: try LZ4.decompressHadoop(bytes, to: target.target)
            case .lz4Raw: try LZ4.decompressBlock(bytes, to: target.target)
            case .zstd: try SystemCodec.zstandard.decompress(bytes, to: target.target)
            case .brotli: try SystemCodec.brotli.decompress(bytes, to: target.target)
            case .lzo: throw .unsupported("LZO compression")
            }
        guard produced == size else {
            throw .wrong(required: "\(size) bytes of \(codec)", found: "\(produced)")
        }
        return target
    }

    private static func copy(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        guard bytes.count <= target.count else {
            throw .wrong(required: "\(target.count) bytes", found: "\(bytes.count)")
        }
        target.copyMemory(from: UnsafeRawBufferPointer(start: bytes.base, count: bytes.count))
        return bytes.count
    }
}

/// Copies within the bytes that a decompressor of the LZ77 family has written.
enum Window {
    /// Appends `count` bytes that begin `distance` before the place, which they may overlap; the
    /// bytes and the room must be there.
    @inline(__always)
    static func `repeat`(
        _ target: UnsafeMutableRawPointer, _ place: Int, distance: Int, count: Int, room: Int
    ) {
        var (from, to, left) = (target + (place - distance), target + place, count)
        // Eight bytes at a time may write beyond the count, but not beyond the room.
        if distance >= 8, room >= count + 8 {
            while left > 0 {
                to.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
                from += 8
                to += 8
                left -= 8
            }
            return
        }
        while left > 0 {
            to.storeBytes(of: from.load(as: UInt8.self), as: UInt8.self)
            from += 1
            to += 1
            left -= 1
        }
    }
}
