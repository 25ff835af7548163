/// The distinct keys of a batch, in the order of their first appearance.
package struct DistinctKeys: Sendable {
    /// Each key once.
    package let keys: [Int32]
    /// Where each element of the batch stands in ``keys``.
    package let positions: [Int32]
    /// How often each key stands in the batch.
    package let counts: [Float]

    /// - Parameter keyCount: keys are below this number.
    package init(_ batch: ArraySlice<Int32>, keyCount: Int) {
        let slotOf = KeySlots(for: batch.count, of: keyCount)
        /// The position of the key that has a slot; -1: none.
        var place = [Int32](repeating: -1, count: slotOf.count)
        var keys: [Int32] = []
        var counts: [Float] = []
        keys.reserveCapacity(min(batch.count, keyCount))
        counts.reserveCapacity(min(batch.count, keyCount))
        positions = [Int32](unsafeUninitializedCapacity: batch.count) { positions, count in
            place.withUnsafeMutableBufferPointer { place in
                for (index, key) in batch.enumerated() {
                    var slot = slotOf.first(Int(key))
                    var position = place[slot]
                    while position >= 0 && keys[Int(position)] != key {
                        slot = slotOf.next(slot)
                        position = place[slot]
                    }
                    if position < 0 {
                        position = Int32(keys.count)
                        place[slot] = position
                        keys.append(key)
                        counts.append(0)
                    }
                    counts[Int(position)] += 1
                    positions[index] = position
                }
            }
            count = batch.count
        }
        self.keys = keys
        self.counts = counts
    }

    /// Every element for itself, equal or not.
    init(undistinguished batch: ArraySlice<Int32>) {
        keys = Array(batch)
        positions = (0..<batch.count).map(Int32.init)
        counts = [Float](repeating: 1, count: batch.count)
    }
}

/// Where to look for a key: in a slot of its own or, for a batch of few keys out of many, in those
/// of a table that is at most half full, one after the other.
struct KeySlots: Sendable {
    let count: Int
    /// How far a hash is shifted to become a slot; nil: each key has its own.
    private let shift: UInt64?

    /// - Parameters:
    ///   - batchCount: different keys at most.
    ///   - keyCount: keys are below this number.
    init(for batchCount: Int, of keyCount: Int) {
        guard batchCount < keyCount / 8 else {
            (count, shift) = (keyCount, nil)
            return
        }
        let bits = Int.bitWidth - (2 * max(1, batchCount) - 1).leadingZeroBitCount
        (count, shift) = (1 << bits, UInt64(64 - bits))
    }

    @inline(__always)
    func first(_ key: Int) -> Int {
        guard let shift else { return key }
        // Multiplication by 2^64 over the golden ratio spreads keys that follow each other.
        return Int((UInt64(bitPattern: Int64(key)) &* 0x9e37_79b9_7f4a_7c15) &>> shift)
    }

    @inline(__always)
    func next(_ slot: Int) -> Int { slot + 1 == count ? 0 : slot + 1 }
}
