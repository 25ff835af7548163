/// Selects the largest of many keys without sorting them all.
package enum TopSelection {
    /// The indices of the `count` largest keys, largest first; of equal keys the lower index
    /// first. NaN ranks above every number, as TensorFlow's top-k has it.
    package static func indices(count: Int, of total: Int, key: (Int32) -> Float) -> [Int32] {
        guard count > 0 else { return [] }
        // A heap whose root is what the selection would give up first.
        var heap: [Rank] = []
        heap.reserveCapacity(min(count, total))
        // The root's key, once the heap is full: most keys are below it, which one comparison tells.
        var limit = -Float.infinity
        for index in 0..<Int32(total) {
            let value = key(index)
            if value < limit { continue }
            let rank = Rank(key: value, index: index)
            if heap.count < count {
                heap.append(rank)
                siftUp(&heap)
            } else if rank > heap[0] {
                heap[0] = rank
                siftDown(&heap)
            } else {
                continue
            }
            if heap.count == count { limit = key(heap[0].index) }
        }
        heap.sort(by: >)
        return heap.map(\.index)
    }

    private static func siftUp(_ heap: inout [Rank]) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private static func siftDown(_ heap: inout [Rank]) {
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
}

/// A key and its index as one number, so that one comparison orders both.
private struct Rank: Comparable {
    private let bits: UInt64

    init(key: Float, index: Int32) {
        // Adding 0 makes −0 and 0 one key. The sign decides how a float's bits are ordered.
        let pattern = (key + 0).bitPattern
        let isNegative = pattern & 0x8000_0000 != 0
        let ordered = key.isNaN ? .max : isNegative ? ~pattern : pattern | 0x8000_0000
        bits = UInt64(ordered) << 32 | UInt64(~UInt32(bitPattern: index))
    }

    var index: Int32 { Int32(bitPattern: ~UInt32(truncatingIfNeeded: bits)) }

    static func < (a: Rank, b: Rank) -> Bool { a.bits < b.bits }
}
