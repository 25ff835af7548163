/// Sorts many numbers whose upper bits are all zero: eleven bits or fewer at a time, the lowest
/// first, so that the time is that of a few passes.
package enum RadixSort {
    /// Sorts by bits `low..<high`; where these are equal the order stays.
    package static func sort(_ values: inout [UInt64], low: Int = 0, high: Int) {
        let width = max(0, high - low)
        guard values.count > 1, width > 0, !isSorted(values, low, high) else { return }
        guard values.count > 64 else {
            let mask = high - low == 64 ? UInt64.max : (1 << UInt64(high - low)) - 1
            values.sort { $0 >> UInt64(low) & mask < $1 >> UInt64(low) & mask }
            return
        }
        let passes = (width + 10) / 11
        let bits = (width + passes - 1) / passes
        var other = [UInt64](unsafeUninitializedCapacity: values.count) { buffer, count in
            buffer.initialize(repeating: 0)
            count = buffer.count
        }
        for pass in 0..<passes {
            let shift = low + pass * bits
            scatter(values, into: &other, shift: shift, bits: min(bits, high - shift))
            swap(&values, &other)
        }
    }

    /// Bits that the largest of some numbers needs.
    package static func width(of most: Int) -> Int { Int.bitWidth - most.leadingZeroBitCount }

    private static func isSorted(_ values: [UInt64], _ low: Int, _ high: Int) -> Bool {
        let mask = high - low == 64 ? UInt64.max : (1 << UInt64(high - low)) - 1
        var last: UInt64 = 0
        for value in values {
            let key = value >> UInt64(low) & mask
            guard key >= last else { return false }
            last = key
        }
        return true
    }

    private static func scatter(
        _ values: [UInt64], into other: inout [UInt64], shift: Int, bits: Int
    ) {
        let mask: UInt64 = 1 << UInt64(bits) - 1
        let shift = UInt64(shift)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << bits) { starts in
            starts.initialize(repeating: 0)
            for value in values { starts[Int(truncatingIfNeeded: value &>> shift & mask)] &+= 1 }
            var sum = 0
            for digit in starts.indices {
                let count = starts[digit]
                starts[digit] = sum
                sum += count
            }
            other.withUnsafeMutableBufferPointer { other in
                for value in values {
                    let digit = Int(truncatingIfNeeded: value &>> shift & mask)
                    other[starts[digit]] = value
                    starts[digit] &+= 1
                }
            }
        }
    }
}
