import Platform

/// A named stream of random numbers, the same on every machine.
///
/// A seed and a name determine the stream, so that a new consumer of randomness with a name of
/// its own never shifts another's numbers. The generator is xoshiro256** (Blackman and Vigna,
/// "Scrambled linear pseudorandom number generators", 2021), its state filled by SplitMix64
/// (Steele, Lea and Flood, 2014) from the mixed seed and the FNV-1a hash of the name.
///
/// A stream is a value: a copy continues from the same point, and encoding it saves that point.
public struct RandomStream: RandomNumberGenerator, Hashable, Codable, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// The stream of that name, such as "shuffle".
    public init(seed: UInt64, stream name: String) {
        self.init(key: SplitMix64.mix(seed) ^ Self.hash(name))
    }

    /// One of many streams of that name, told apart by number: one per user, row or epoch. Work
    /// cut into pieces stays the same in whatever order the pieces run.
    public init(seed: UInt64, stream name: String, index: Int) {
        let key = SplitMix64.mix(seed) ^ Self.hash(name)
        let number = UInt64(truncatingIfNeeded: index)
        // The index is offset so that number 0 is not the stream without a number.
        self.init(key: SplitMix64.mix(key) ^ SplitMix64.mix(number ^ 0xA5A5_A5A5_A5A5_A5A5))
    }

    private init(key: UInt64) {
        var filler = SplitMix64(state: key)
        s0 = filler.next()
        s1 = filler.next()
        s2 = filler.next()
        s3 = filler.next()
        // Four successive SplitMix64 outputs are distinct, so never all zero, the one state that
        // xoshiro cannot leave.
    }

    public mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = ((product &<< 7) | (product &>> 57)) &* 9
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = (s3 &<< 45) | (s3 &>> 19)
        return result
    }

    /// Uniform in [0, 1): a multiple of 2⁻⁵³.
    public mutating func uniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// Uniform in the range, from 24 random bits; never the upper bound.
    ///
    /// Traps on an empty range.
    public mutating func uniformFloat(in range: Range<Float>) -> Float {
        precondition(!range.isEmpty, "an empty range holds no number")
        let unit = Float(next() &>> 40) * 0x1p-24
        let value = range.lowerBound + (range.upperBound - range.lowerBound) * unit
        // The sum may round up to the bound itself.
        return min(value, range.upperBound.nextDown)
    }

    /// Uniform in 0 ..< `bound`, without bias (Lemire, "Fast random integer generation in an
    /// interval", 2019).
    ///
    /// Traps unless `bound` is positive.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "no number is below \(bound) and not negative")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold {
                product = next().multipliedFullWidth(by: bound)
            }
        }
        return Int(product.high)
    }

    /// Shuffles in place (Fisher–Yates, from the end); every order is equally likely.
    public mutating func shuffle<Element>(_ values: inout [Element]) {
        let most = 64
        withUnsafeTemporaryAllocation(of: Int.self, capacity: most) { places in
            values.withUnsafeMutableBufferPointer { values in
                var left = values.count
                while left > 1 {
                    let count = min(most, left - 1)
                    // What is beyond the caches is fetched for many swaps at a time.
                    for index in 0..<count {
                        let place = below(left - index)
                        places[index] = place
                        Kernels.prefetch(values.baseAddress! + place)
                    }
                    for index in 0..<count { values.swapAt(left - index - 1, places[index]) }
                    left -= count
                }
            }
        }
    }

    /// The numbers 0 ..< `count` in random order.
    ///
    /// Traps where `count` is negative or beyond 2³¹ − 1.
    public mutating func permutation(_ count: Int) -> [Int32] {
        precondition(count >= 0 && count <= Int32.max, "no permutation of \(count) rows")
        var values = [Int32](largeCapacity: count) { values, filled in
            for index in 0..<count { values.initializeElement(at: index, to: Int32(index)) }
            filled = count
        }
        shuffle(&values)
        return values
    }

    /// FNV-1a, 64 bits, over the name's UTF-8.
    private static func hash(_ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }
}

/// The generator that turns one 64-bit key into as many well-mixed words as needed.
package struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        defer { state &+= 0x9E37_79B9_7F4A_7C15 }
        return Self.mix(state)
    }

    /// The output function over one step: a bijection on 64 bits.
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }
}
