/// Integers as packed differences (Encodings.md, DELTA_BINARY_PACKED; Lemire and Boytsov, 2012).
enum DeltaBinaryPacked {
    /// Decodes `count` numbers. Sums wrap at 64 bits: for 32-bit columns the low half is the value.
    /// Answers the numbers and how many bytes they took.
    static func decode(
        _ bytes: ByteView, count: Int
    ) throws(Damage) -> (values: [Int64], size: Int) {
        var position = 0
        let blockSize = try bytes.variable(at: &position)
        let miniblocks = try bytes.variable(at: &position)
        let total = try bytes.variable(at: &position)
        var value = try bytes.zigzag(at: &position)
        guard blockSize % 128 == 0, (128...(1 << 20)).contains(blockSize), miniblocks > 0,
            miniblocks <= blockSize, blockSize % miniblocks == 0,
            blockSize / miniblocks % 32 == 0
        else {
            throw .wrong(
                required: "blocks of a multiple of 128 in parts of a multiple of 32",
                found: "blocks of \(blockSize) in \(miniblocks) parts")
        }
        guard total == UInt64(count) else {
            throw .wrong(required: "\(count) numbers", found: "\(total)")
        }
        var values: [Int64] = []
        if count == 0 { return (values, position) }
        values.reserveCapacity(min(count, bytes.count * 64))
        values.append(value)
        let length = Int(blockSize / miniblocks)
        while values.count < count {
            let least = try bytes.zigzag(at: &position)
            let widths = try bytes.part(from: position, count: Int(miniblocks))
            position += Int(miniblocks)
            for part in 0..<Int(miniblocks) where values.count < count {
                let width = Int(try widths.byte(part))
                guard width <= 64 else {
                    throw .wrong(required: "a width of at most 64 bits", found: "\(width)")
                }
                let taken = min(length, count - values.count)
                // The last part may end where its last number does.
                let packed = try bytes.part(from: position, count: (taken * width + 7) / 8)
                position += min(length * width / 8, bytes.count - position)
                append(packed, width: width, count: taken, least: least, &value, to: &values)
            }
        }
        return (values, position)
    }

    @inline(__always)
    private static func append(
        _ packed: ByteView, width: Int, count: Int, least: Int64, _ value: inout Int64,
        to values: inout [Int64]
    ) {
        var sum = value
        let mask = width == 64 ? UInt64.max : 1 << UInt64(width) - 1
        let added = [Int64](unsafeUninitializedCapacity: count) { buffer, filled in
            var bit = 0
            for index in 0..<count {
                let (byte, shift) = (bit >> 3, UInt64(bit & 7))
                var word = packed.word(byte) >> shift
                if width > 56, shift > 0 { word |= packed.word(byte + 8) << (64 - shift) }
                sum = sum &+ least &+ Int64(bitPattern: word & mask)
                buffer[index] = sum
                bit += width
            }
            filled = count
        }
        values += added
        value = sum
    }
}
