extension Array where Element: BitwiseCopyable {
    /// As `init(unsafeUninitializedCapacity:initializingWith:)`, in large pages where it is large.
    package init(
        largeCapacity capacity: Int,
        initializingWith fill: (inout UnsafeMutableBufferPointer<Element>, inout Int) -> Void
    ) {
        self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
            LargeMemory.prefersLargePages(UnsafeMutableRawBufferPointer(buffer))
            fill(&buffer, &count)
        }
    }

    /// As `reserveCapacity(_:)`; memory that this takes anew is in large pages where it is large.
    package mutating func reserveLargeCapacity(_ minimum: Int) {
        let before = capacity
        reserveCapacity(minimum)
        guard capacity > before else { return }
        let size = capacity * MemoryLayout<Element>.stride
        withUnsafeMutableBytes { elements in
            guard let start = elements.baseAddress else { return }
            LargeMemory.prefersLargePages(UnsafeMutableRawBufferPointer(start: start, count: size))
        }
    }

    /// An empty array with room for as many elements as this one has.
    package var emptyOfSameSize: [Element] {
        var empty: [Element] = []
        empty.reserveCapacity(count)
        return empty
    }
}

/// Memory of many megabytes.
package enum LargeMemory {
    /// Lets the system back a buffer by large pages, before anything is written to it: a table of a
    /// quarter of a gigabyte is then some hundred pages and not 65,000, each of which would have to
    /// be found when it is first touched. Where the system knows no such wish, nothing happens.
    package static func prefersLargePages(_ buffer: UnsafeMutableRawBufferPointer) {
        #if os(Linux)
            let page = 4096
            guard buffer.count >= 4 << 20, let start = buffer.baseAddress else { return }
            let address = UInt(bitPattern: start)
            let skipped = Int((UInt(page) - address % UInt(page)) % UInt(page))
            _ = madvise(start + skipped, (buffer.count - skipped) / page * page, MADV_HUGEPAGE)
        #endif
    }
}
