/// Integer weights from which to draw without replacement: a Fenwick tree (Fenwick, "A new data
/// structure for cumulative frequency tables", 1994). A draw takes log₂ n steps.
package struct WeightTree {
    /// `sums[i]` is the sum of the weights of the last `i & −i` positions up to `i`, 1-based.
    private var sums: [Int]
    private var weights: [Int]
    package private(set) var total: Int

    /// Weights are not negative, and their sum is below 2⁶³.
    package init(count: Int, weight: (Int) -> Int) {
        weights = [Int](unsafeUninitializedCapacity: count) { buffer, filled in
            for position in 0..<count {
                buffer.initializeElement(at: position, to: weight(position))
            }
            filled = count
        }
        total = 0
        sums = [Int](repeating: 0, count: count + 1)
        for position in 0..<count {
            total += weights[position]
            let index = position + 1
            sums[index] += weights[position]
            let parent = index + (index & -index)
            if parent <= count { sums[parent] += sums[index] }
        }
    }

    /// Draws a position by weight and removes it. The total must be positive.
    package mutating func draw(_ stream: inout RandomStream) -> Int {
        var left = stream.below(total)
        var position = 0
        var step = 1 << (Int.bitWidth - 1 - (sums.count - 1).leadingZeroBitCount)
        while step > 0 {
            let next = position + step
            if next < sums.count, sums[next] <= left {
                left -= sums[next]
                position = next
            }
            step >>= 1
        }
        remove(position)
        return position
    }

    private mutating func remove(_ position: Int) {
        let weight = weights[position]
        weights[position] = 0
        total -= weight
        var index = position + 1
        while index < sums.count {
            sums[index] -= weight
            index += index & -index
        }
    }
}
