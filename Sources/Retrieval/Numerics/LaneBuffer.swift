/// Memory that lanes share, each writing to a part of its own.
///
/// The compiler cannot see that the parts are disjoint; whoever hands a buffer to ``Lanes`` sees
/// to it. It starts where a cache line does: a vector that lies across two lines costs the kernels
/// two reads.
final class LaneBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating value: Element, count: Int) {
        self.count = count
        pointer = Self.allocate(count)
        pointer.initialize(repeating: value, count: count)
    }

    /// Memory that is written before it is read.
    init(uninitializedCount count: Int) {
        self.count = count
        pointer = Self.allocate(count)
    }

    deinit {
        UnsafeMutableRawPointer(pointer).deallocate()
    }

    var array: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64
        ).bindMemory(to: Element.self, capacity: max(1, count))
    }
}

/// A pointer that lanes share, as they do a ``LaneBuffer``.
struct LanePointer<Element>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Element>

    init(_ pointer: UnsafeMutablePointer<Element>) { self.pointer = pointer }
}
