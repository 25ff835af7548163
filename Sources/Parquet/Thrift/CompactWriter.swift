/// Writes Thrift's compact protocol, as ``CompactReader`` reads it.
///
///     var writer = CompactWriter()
///     writer.integer(1, 2, .int)
///     writer.end()
struct CompactWriter {
    private(set) var bytes: [UInt8] = []
    /// The number of the structure's last field.
    private var last = 0

    /// An unsigned LEB128 number.
    static func variable(_ number: UInt64) -> [UInt8] {
        var (number, bytes): (UInt64, [UInt8]) = (number, [])
        while number >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        return bytes + [UInt8(number)]
    }

    private static func zigzag(_ number: Int64) -> [UInt8] {
        variable(UInt64(bitPattern: number << 1 ^ number >> 63))
    }

    private mutating func begin(_ id: Int, _ type: CompactReader.WireType) {
        let step = id - last
        precondition((1...15).contains(step), "fields come in order, near to each other")
        bytes.append(UInt8(step) << 4 | type.rawValue)
        last = id
    }

    mutating func integer(_ id: Int, _ number: Int64, _ type: CompactReader.WireType) {
        begin(id, type)
        bytes += Self.zigzag(number)
    }

    mutating func text(_ id: Int, _ text: String) {
        begin(id, .binary)
        append(text)
    }

    mutating func binary(_ id: Int, _ value: [UInt8]) {
        begin(id, .binary)
        bytes += Self.variable(UInt64(value.count))
        bytes += value
    }

    mutating func texts(_ id: Int, _ texts: [String]) {
        begin(id, .list)
        listHeader(texts.count, .binary)
        for text in texts { append(text) }
    }

    mutating func integers(_ id: Int, _ numbers: [Int64]) {
        begin(id, .list)
        listHeader(numbers.count, .int)
        for number in numbers { bytes += Self.zigzag(number) }
    }

    mutating func structure(_ id: Int, _ body: (inout CompactWriter) -> Void) {
        begin(id, .structure)
        append(body)
    }

    /// A list of structures.
    mutating func list(_ id: Int, _ bodies: [(inout CompactWriter) -> Void]) {
        begin(id, .list)
        listHeader(bodies.count, .structure)
        for body in bodies { append(body) }
    }

    /// Ends the structure.
    mutating func end() { bytes.append(0) }

    private mutating func append(_ body: (inout CompactWriter) -> Void) {
        let outer = last
        last = 0
        body(&self)
        end()
        last = outer
    }

    private mutating func append(_ text: String) {
        bytes += Self.variable(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    private mutating func listHeader(_ count: Int, _ type: CompactReader.WireType) {
        guard count >= 15 else {
            bytes.append(UInt8(count) << 4 | type.rawValue)
            return
        }
        bytes.append(0xF0 | type.rawValue)
        bytes += Self.variable(UInt64(count))
    }
}
