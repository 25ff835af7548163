/// `read(2)` and `write(2)`, for callers whose own `read` and `write` hide them.
package enum FileDescriptor {
    /// Reads once, at most what the buffer holds: how many bytes came, 0 at the end, below 0 with
    /// `errno` where it failed.
    package static func readSome(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        read(descriptor, buffer.baseAddress, buffer.count)
    }

    /// Writes once, likewise.
    package static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        write(descriptor, bytes.baseAddress, bytes.count)
    }
}
