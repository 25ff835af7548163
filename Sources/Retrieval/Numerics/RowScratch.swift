/// Memory that a lane lends to losses and metrics, kept from row to row.
final class RowScratch: @unchecked Sendable {
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)
    /// Bytes that are lent.
    private var used = 0

    deinit {
        memory.deallocate()
    }

    func with<Element: BitwiseCopyable, R>(
        _ type: Element.Type, count: Int,
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
    ) rethrows -> R {
        let size = (count * MemoryLayout<Element>.stride + 63) / 64 * 64
        if used == 0 && memory.count < size {
            memory.deallocate()
            // Some room, for rows are of about the same length.
            memory = .allocate(byteCount: size + size / 4, alignment: 64)
        }
        guard used + size <= memory.count else {
            return try withUnsafeTemporaryAllocation(of: type, capacity: count, body)
        }
        let part = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + size])
        used += size
        defer { used -= size }
        return try body(
            UnsafeMutableBufferPointer(rebasing: part.bindMemory(to: type)[..<count]))
    }
}

extension Optional where Wrapped == RowScratch {
    /// Memory of the lane or, without one, of this call alone.
    func with<Element: BitwiseCopyable, R>(
        _ type: Element.Type, count: Int,
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
    ) rethrows -> R {
        switch self {
        case .some(let scratch): try scratch.with(type, count: count, body)
        case .none: try withUnsafeTemporaryAllocation(of: type, capacity: count, body)
        }
    }
}
