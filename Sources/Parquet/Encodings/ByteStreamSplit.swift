/// Numbers taken apart into streams of their first, second, … bytes (Encodings.md,
/// BYTE_STREAM_SPLIT).
enum ByteStreamSplit {
    /// The values' bytes as PLAIN has them.
    static func join(_ bytes: ByteView, count: Int, width: Int) throws(Damage) -> PaddedBytes {
        let (size, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, size <= bytes.count else {
            throw .short("\(count) values of \(width) bytes", bytes.count)
        }
        let joined = try PaddedBytes(count: size)
        let target = joined.target
        for stream in 0..<width {
            let from = bytes.base + stream * count
            for index in 0..<count {
                target[index * width + stream] = from.load(fromByteOffset: index, as: UInt8.self)
            }
        }
        return joined
    }
}
