/// Selects the largest of many keys without sorting them all.
package enum TopSelection {
    /// The indices of the `count` largest keys, largest first; of equal keys the lower index
    /// first. NaN ranks above every number, as TensorFlow's top-k has it.
    package static func indices(count: Int, of total: Int, key: (Int32) -> Float) -> [Int32] {
        var best = [Rank](unsafeUninitializedCapacity: max(0, min(count, total))) { heap, filled in
            filled = fill(heap, of: total, key: key)
        }
        best.sort(by: >)
        return best.map(\.index)
    }

    /// Fills a heap with as many of the largest keys as it holds, and returns how many there are.
    /// Its root, the first element, is the lowest of them.
    static func fill(
        _ heap: UnsafeMutableBufferPointer<Rank>, of total: Int, key: (Int32) -> Float
    ) -> Int {
        guard !heap.isEmpty else { return 0 }
        var filled = 0
        // The root's key, once the heap is full: most keys are below it, as one comparison tells.
        var limit = -Float.infinity
        for index in 0..<Int32(total) {
            let value = key(index)
            if value < limit { continue }
            let rank = Rank(value, Int(index))
            if filled < heap.count {
                heap[filled] = rank
                filled += 1
                siftUp(UnsafeMutableBufferPointer(rebasing: heap[..<filled]))
            } else if rank > heap[0] {
                heap[0] = rank
                siftDown(heap)
            } else {
                continue
            }
            if filled == heap.count { limit = key(heap[0].index) }
        }
        return filled
    }

    private static func siftUp(_ heap: UnsafeMutableBufferPointer<Rank>) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private static func siftDown(_ heap: UnsafeMutableBufferPointer<Rank>) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }

    /// A key and its index as one number, so that one comparison orders both.
    struct Rank: Comparable, BitwiseCopyable {
        private let bits: UInt64

        init(_ key: Float, _ index: Int) {
            // Adding 0 makes −0 and 0 one key. The sign decides how a float's bits are ordered.
            let pattern = (key + 0).bitPattern
            let isNegative = pattern & 0x8000_0000 != 0
            let ordered = key.isNaN ? .max : isNegative ? ~pattern : pattern | 0x8000_0000
            bits = UInt64(ordered) << 32 | UInt64(~UInt32(truncatingIfNeeded: index))
        }

        var index: Int32 { Int32(bitPattern: ~UInt32(truncatingIfNeeded: bits)) }

        static func < (a: Rank, b: Rank) -> Bool { a.bits < b.bits }
    }
}
