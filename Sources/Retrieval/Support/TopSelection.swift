/// Selects the largest of many keys without sorting them all.
package enum TopSelection {
    /// The indices of the `count` largest keys, largest first; of equal keys the lower index
    /// first. NaN ranks above every number, as TensorFlow's top-k has it.
    package static func indices(count: Int, of total: Int, key: (Int32) -> Float) -> [Int32] {
        guard count > 0 else { return [] }
        var heap: [(key: Float, index: Int32)] = []
        heap.reserveCapacity(count)
        for index in 0..<Int32(total) {
            let candidate = (key: key(index), index: index)
            if heap.count < count {
                heap.append(candidate)
                siftUp(&heap)
            } else if precedes(candidate, heap[0]) {
                heap[0] = candidate
                siftDown(&heap)
            }
        }
        return heap.sorted(by: precedes).map(\.index)
    }

    private static func precedes(
        _ a: (key: Float, index: Int32), _ b: (key: Float, index: Int32)
    ) -> Bool {
        if a.key.isNaN != b.key.isNaN { return a.key.isNaN }
        if a.key != b.key && !a.key.isNaN { return a.key > b.key }
        return a.index < b.index
    }

    /// The heap's root is the element that the selection would give up first.
    private static func siftUp(_ heap: inout [(key: Float, index: Int32)]) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private static func siftDown(_ heap: inout [(key: Float, index: Int32)]) {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if precedes(heap[worst], heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
