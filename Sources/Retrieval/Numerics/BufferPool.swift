import Safeguards

/// Memory that one step leaves for the next: large buffers are neither asked of the system again
/// nor given back in between.
final class BufferPool: Sendable {
    private let free = Guarded<[LaneBuffer<Float>]>([])

    /// Buffers that are kept at most; beyond, the smallest go.
    private static let limit = 64

    /// A buffer of at least `count` numbers, whatever they are.
    func take(_ count: Int) -> LaneBuffer<Float> {
        let found = free.withLock { free in
            var best: Int?
            for (index, buffer) in free.enumerated() where buffer.count >= count {
                if best.map({ buffer.count < free[$0].count }) ?? true { best = index }
            }
            return best.map { free.swapRemove(at: $0) }
        }
        // Some room, for steps are of about the same size; little where it would be much memory.
        return found ?? LaneBuffer(uninitializedCount: count + min(count / 8, 1 << 18))
    }

    /// Takes a buffer back that nobody uses any more.
    func give(_ buffer: LaneBuffer<Float>) {
        free.withLock { free in
            free.append(buffer)
            guard free.count > Self.limit else { return }
            let smallest = free.indices.min { free[$0].count < free[$1].count }
            if let smallest { _ = free.swapRemove(at: smallest) }
        }
    }
}

extension Array {
    /// Removes an element without keeping the others in order.
    fileprivate mutating func swapRemove(at index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
