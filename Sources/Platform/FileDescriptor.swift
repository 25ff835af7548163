import CPlatform

/// `read(2)` and `write(2)`, for callers whose own `read` and `write` hide them.
package enum FileDescriptor {
    /// Reads once, at most what the buffer holds: how many bytes came, 0 at the end, below 0 with
    /// `errno` where it failed.
    package static func readSome(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        read(descriptor, buffer.baseAddress, buffer.count)
    }

    /// Fills the buffer from a place of the file on, however many calls that takes. Any number of
    /// threads may read one file so.
    ///
    /// - Returns: bytes that came, fewer than the buffer holds at the end alone; below 0 with
    ///   `errno` where it failed.
    package static func readAll(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                return -1
            }
        }
        return done
    }

    /// Writes once, likewise.
    package static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        write(descriptor, bytes.baseAddress, bytes.count)
    }

    /// Writes all of the bytes, however many calls that takes.
    ///
    /// - Returns: nil, or the code of what went wrong: `ENOSPC` also where the system writes nothing
    ///   and says nothing.
    package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = writeSome(descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]))
            if count > 0 {
                done += count
            } else if count == 0 {
                return ENOSPC
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    /// Lets the system begin to bring bytes of a file to the disk, so that a later `fsync` finds
    /// little left to do. Where the system knows no such wish, nothing happens.
    package static func beginFlush(_ descriptor: Int32, from offset: Int, count: Int) {
        platform_begin_flush(descriptor, Int64(offset), Int64(count))
    }
}
