/// A message of protocol buffers, written field by field.
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, integer value: Int64) {
        key(field, wire: 0)
        varint(UInt64(bitPattern: value))
    }

    mutating func add(_ field: Int, double value: Double) {
        key(field, wire: 1)
        fixed(value.bitPattern)
    }

    mutating func add(_ field: Int, float value: Float) {
        key(field, wire: 5)
        fixed(value.bitPattern)
    }

    mutating func add(_ field: Int, bytes value: [UInt8]) {
        key(field, wire: 2)
        varint(UInt64(value.count))
        bytes += value
    }

    mutating func add(_ field: Int, text: String) { add(field, bytes: Array(text.utf8)) }

    mutating func add(_ field: Int, _ build: (inout ProtocolBuffer) -> Void) {
        var message = ProtocolBuffer()
        build(&message)
        add(field, bytes: message.bytes)
    }

    private mutating func key(_ field: Int, wire: Int) { varint(UInt64(field << 3 | wire)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
