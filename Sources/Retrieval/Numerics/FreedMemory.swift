/// What becomes of memory that a training step asks for and frees.
public enum FreedMemory {
    /// Has the process keep some megabytes of it for the next step, which asks for as much again,
    /// rather than return them to the system and fault in new pages. Changes no result. For
    /// programs that train to call when they start; a library does not decide this for its host.
    public static func keep() {
        Kernels.keepFreedMemory()
    }
}
