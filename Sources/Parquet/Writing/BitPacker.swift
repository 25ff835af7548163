/// Writes levels and indices as ``HybridRuns`` reads them.
enum BitPacker {
    /// One run of a value of at most 8 bits.
    static func run(of value: UInt8, count: Int) -> [UInt8] {
        CompactWriter.variable(UInt64(count) << 1) + [value]
    }

    /// Values of a width, packed in groups of eight; one that is the same all along is a run.
    static func runs(_ values: [UInt32], width: Int) -> [UInt8] {
        guard let first = values.first else { return [] }
        if width <= 8, values.allSatisfy({ $0 == first }) {
            return run(of: UInt8(first), count: values.count)
        }
        let groups = (values.count + 7) / 8
        var bytes = CompactWriter.variable(UInt64(groups) << 1 | 1)
        let end = bytes.count + groups * width
        bytes.reserveCapacity(end)
        var word: UInt64 = 0
        var bits = 0
        for value in values {
            word |= UInt64(value) << UInt64(bits)
            bits += width
            while bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
                bits -= 8
            }
        }
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: word)) }
        while bytes.count < end { bytes.append(0) }
        return bytes
    }
}
