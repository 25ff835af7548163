import Platform

/// Bytes that somebody else holds, behind which ``padding`` more may be read, whatever they are.
///
/// Decoders load whole words; the padding lets them do so at the end. A view is good for as long
/// as its ``PaddedBytes`` lives.
struct ByteView {
    static let padding = 16

    let base: UnsafeRawPointer
    let count: Int

    /// A part; the bytes must be there.
    func part(from start: Int, count: Int) throws(Damage) -> ByteView {
        guard start >= 0, count >= 0, start <= self.count, count <= self.count - start else {
            throw .short("\(count) bytes", self.count - start)
        }
        return ByteView(base: base + start, count: count)
    }

    func from(_ start: Int) throws(Damage) -> ByteView {
        try part(from: start, count: count - start)
    }

    func byte(_ index: Int) throws(Damage) -> UInt8 {
        guard index >= 0, index < count else { throw .short("a byte", count - index) }
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// A little-endian integer that begins at most at the end: the rest may be padding.
    @inline(__always)
    func word(_ start: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    /// A little-endian length of four bytes.
    func length(at start: Int) throws(Damage) -> Int {
        guard count - start >= 4 else { throw .short("a length of 4 bytes", count - start) }
        return Int(
            UInt32(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    }

    /// An unsigned LEB128 number of at most 64 bits.
    func variable(at position: inout Int) throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            let byte = try byte(position)
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw .wrong(required: "a number of at most 10 bytes", found: "one without an end")
    }

    /// A signed number in zigzag order.
    func zigzag(at position: inout Int) throws(Damage) -> Int64 {
        let value = try variable(at: &position)
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// Bytes in memory with room behind them for decoders that load whole words.
final class PaddedBytes {
    private let memory: UnsafeMutableRawPointer
    let count: Int

    /// Memory that is not touched before it is written: a length that lies costs no page.
    init(count: Int) throws(Damage) {
        guard count >= 0, let memory = malloc(count + ByteView.padding) else {
            throw .wrong(required: "a size that memory has room for", found: "\(count) bytes")
        }
        self.memory = memory
        self.count = count
        memset(memory + count, 0, ByteView.padding)
    }

    deinit { free(memory) }

    var view: ByteView { ByteView(base: UnsafeRawPointer(memory), count: count) }
    var target: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: memory, count: count)
    }
}
