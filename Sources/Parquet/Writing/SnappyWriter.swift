/// Compresses into Snappy's raw format (google/snappy, format_description.txt): greedily, by the
/// last place of each four bytes, in blocks of 64 KiB.
enum SnappyWriter {
    private static let blockSize = 1 << 16
    private static let tableBits: UInt32 = 14

    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var out = CompactWriter.variable(UInt64(bytes.count))
        out.reserveCapacity(bytes.count / 2 + 16)
        var table = [UInt16](repeating: 0, count: 1 << Int(tableBits))
        bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: blockSize) {
                let end = min(bytes.count, start + blockSize)
                for index in table.indices { table[index] = 0 }
                compress(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<end]), &table, into: &out)
            }
        }
        return out
    }

    private static func compress(
        _ block: UnsafeRawBufferPointer, _ table: inout [UInt16], into out: inout [UInt8]
    ) {
        var literal = 0
        var place = 0
        // What does not compress is passed over faster and faster.
        var misses = 32
        while place + 4 <= block.count {
            let word = block.loadUnaligned(fromByteOffset: place, as: UInt32.self)
            let slot = Int((word &* 0x1E35_A7BD) >> (32 - tableBits))
            let candidate = Int(table[slot])
            table[slot] = UInt16(place)
            guard candidate < place,
                block.loadUnaligned(fromByteOffset: candidate, as: UInt32.self) == word
            else {
                place += misses >> 5
                misses += 1
                continue
            }
            misses = 32
            append(literal: block[literal..<place], &out)
            var length = 4
            while place + length < block.count, block[candidate + length] == block[place + length] {
                length += 1
            }
            append(copyOf: length, distance: place - candidate, &out)
            place += length
            literal = place
        }
        append(literal: block[literal...], &out)
    }

    private static func append(literal: Slice<UnsafeRawBufferPointer>, _ out: inout [UInt8]) {
        guard !literal.isEmpty else { return }
        let length = literal.count - 1
        switch length {
        case ..<60: out.append(UInt8(length << 2))
        case ..<256: out += [60 << 2, UInt8(length)]
        default: out += [61 << 2, UInt8(length & 0xFF), UInt8(length >> 8)]
        }
        out += UnsafeRawBufferPointer(rebasing: literal)
    }

    private static func append(copyOf length: Int, distance: Int, _ out: inout [UInt8]) {
        var left = length
        while left > 0 {
            let count = min(left, 64)
            out += [UInt8((count - 1) << 2 | 2), UInt8(distance & 0xFF), UInt8(distance >> 8)]
            left -= count
        }
    }
}
