/// The distinct keys of a batch, in the order of their first appearance.
struct DistinctKeys: Sendable {
    /// Each key once.
    let keys: [Int32]
    /// Where each element of the batch stands in ``keys``.
    let positions: [Int32]
    /// How often each key stands in the batch.
    let counts: [Float]

    /// - Parameter keyCount: keys are below this number.
    init(_ batch: ArraySlice<Int32>, keyCount: Int) {
        var place = [Int32](repeating: -1, count: keyCount)
        var keys: [Int32] = []
        var counts: [Float] = []
        keys.reserveCapacity(min(batch.count, keyCount))
        counts.reserveCapacity(min(batch.count, keyCount))
        positions = [Int32](unsafeUninitializedCapacity: batch.count) { positions, count in
            place.withUnsafeMutableBufferPointer { place in
                for (index, key) in batch.enumerated() {
                    var position = place[Int(key)]
                    if position < 0 {
                        position = Int32(keys.count)
                        place[Int(key)] = position
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
