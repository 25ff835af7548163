import CKernels

extension Kernels {
    /// How many of the bytes are this one.
    @inline(__always)
    static func countByte(_ text: UnsafePointer<UInt8>?, _ count: Int, _ byte: UInt8) -> Int {
        tk_count_byte(text, count, byte)
    }

    /// Bytes behind the text that may be read by kernels over text, whatever they hold.
    static let textPadding = Int(TK_TEXT_PADDING)
}
