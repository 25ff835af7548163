import CKernels

/// The one door to the vector kernels, which are C: nothing outside of this folder imports them.
///
/// They work on memory, not on matrices: who calls them sees to it that pointers lead to as many
/// numbers as they are told of. Layouts, errors and the contract that makes results the same at
/// every level of instructions stand in `CKernels.h`.
enum Kernels {
    /// Tells the processor that the calling thread waits for another one's write.
    @inline(__always)
    static func pause() { tk_pause() }

    /// Fetches what will soon be read there.
    @inline(__always)
    static func prefetch(_ place: UnsafeRawPointer?) { tk_prefetch(place) }

    /// The same for n values from a place on.
    @inline(__always)
    static func prefetch(_ values: UnsafePointer<Float>, _ n: Int) {
        for start in stride(from: 0, to: n, by: 16) { prefetch(values + start) }
    }

    static func keepFreedMemory() { tk_keep_freed_memory() }
}
