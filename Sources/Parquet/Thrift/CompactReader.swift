/// Reads Thrift's compact protocol, in which Parquet's metadata are written.
///
///     var id: Int16 = 0
///     while let type = try reader.field(&id) {
///         switch id {
///         case 1: version = try reader.integer(type)
///         default: try reader.skip(type)
///         }
///     }
struct CompactReader {
    enum WireType: UInt8 {
        case yes = 1
        case no, byte, short, int, long, double, binary, list, set, map, structure, uuid

        var isInteger: Bool { (WireType.byte.rawValue...WireType.long.rawValue).contains(rawValue) }
    }

    private let bytes: ByteView
    /// Bytes read so far.
    private(set) var position = 0

    init(_ bytes: ByteView) {
        self.bytes = bytes
    }

    /// The next field of a structure: its type, and its number in `id`; nil at the end.
    mutating func field(_ id: inout Int16) throws(Damage) -> WireType? {
        let header = try bytes.byte(position)
        position += 1
        if header == 0 { return nil }
        let (next, overflow) =
            header >> 4 == 0
            ? (Int16(truncatingIfNeeded: try bytes.zigzag(at: &position)), false)
            : id.addingReportingOverflow(Int16(header >> 4))
        guard !overflow else { throw .wrong(required: "a field's number", found: "\(id) and more") }
        id = next
        return try Self.type(header & 15)
    }

    private static func type(_ code: UInt8) throws(Damage) -> WireType {
        guard let type = WireType(rawValue: code) else {
            throw .wrong(required: "a type of Thrift", found: "number \(code)")
        }
        return type
    }

    mutating func integer(_ type: WireType) throws(Damage) -> Int64 {
        guard type.isInteger else {
            throw .wrong(required: "an integer", found: "\(type)")
        }
        if type == .byte {
            position += 1
            return Int64(Int8(bitPattern: try bytes.byte(position - 1)))
        }
        return try bytes.zigzag(at: &position)
    }

    /// A count or a size within a page, for which the format has 32 bits.
    mutating func shortNatural(_ type: WireType) throws(Damage) -> Int {
        let value = try natural(type)
        guard value <= Int(Int32.max) else {
            throw .wrong(required: "at most \(Int32.max)", found: "\(value)")
        }
        return value
    }

    /// An integer that is a count, a size or a place in a file.
    mutating func natural(_ type: WireType) throws(Damage) -> Int {
        let value = try integer(type)
        guard value >= 0 else {
            throw .wrong(required: "a number that is not negative", found: "\(value)")
        }
        return Int(value)
    }

    mutating func boolean(_ type: WireType) throws(Damage) -> Bool {
        guard type == .yes || type == .no else {
            throw .wrong(required: "a boolean", found: "\(type)")
        }
        return type == .yes
    }

    mutating func text(_ type: WireType) throws(Damage) -> String {
        guard type == .binary else { throw .wrong(required: "a text", found: "\(type)") }
        let view = try binary()
        return String(
            decoding: UnsafeRawBufferPointer(start: view.base, count: view.count), as: UTF8.self)
    }

    /// The bytes of a value of a fixed width; nil where it is longer than a number is.
    mutating func number(_ type: WireType) throws(Damage) -> [UInt8]? {
        guard type == .binary else { throw .wrong(required: "bytes", found: "\(type)") }
        let view = try binary()
        guard view.count <= 8 else { return nil }
        return Array(UnsafeRawBufferPointer(start: view.base, count: view.count))
    }

    private mutating func binary() throws(Damage) -> ByteView {
        let count = try bytes.variable(at: &position)
        guard count <= UInt64(bytes.count) else {
            throw .short("\(count) bytes", bytes.count - position)
        }
        let view = try bytes.part(from: position, count: Int(count))
        position += Int(count)
        return view
    }

    /// A list's elements, which are structures.
    mutating func structures<Element>(
        _ type: WireType, _ read: (inout CompactReader) throws(Damage) -> Element
    ) throws(Damage) -> [Element] {
        let (element, count) = try listHeader(type)
        guard element == .structure || count == 0 else {
            throw .wrong(required: "a list of structures", found: "one of \(element)")
        }
        var all: [Element] = []
        for _ in 0..<count { all.append(try read(&self)) }
        return all
    }

    private mutating func listHeader(_ type: WireType) throws(Damage) -> (WireType, Int) {
        guard type == .list || type == .set else {
            throw .wrong(required: "a list", found: "\(type)")
        }
        let header = try bytes.byte(position)
        position += 1
        let count = header >> 4 == 15 ? try bytes.variable(at: &position) : UInt64(header >> 4)
        // An element has at least one byte.
        guard count <= UInt64(bytes.count - position) else {
            throw .short("\(count) elements", bytes.count - position)
        }
        // Some writers name no type where there is no element.
        return (count == 0 ? .binary : try Self.type(header & 15), Int(count))
    }

    /// Passes over a value.
    mutating func skip(_ type: WireType, depth: Int = 0) throws(Damage) {
        guard depth < 32 else { throw .wrong(required: "at most 32 levels", found: "more") }
        switch type {
        case .yes, .no: break
        case .byte: position += 1
        case .short, .int, .long: _ = try bytes.variable(at: &position)
        case .double: position += 8
        case .uuid: position += 16
        case .binary: _ = try binary()
        case .list, .set:
            let (element, count) = try listHeader(type)
            for _ in 0..<count { try skipElement(element, depth) }
        case .map:
            let count = try bytes.variable(at: &position)
            guard count > 0 else { return }
            guard count <= UInt64(bytes.count - position) else {
                throw .short("\(count) entries", bytes.count - position)
            }
            let types = try bytes.byte(position)
            position += 1
            let (key, value) = (try Self.type(types >> 4), try Self.type(types & 15))
            for _ in 0..<count {
                try skipElement(key, depth)
                try skipElement(value, depth)
            }
        case .structure:
            var id: Int16 = 0
            while let type = try field(&id) { try skip(type, depth: depth + 1) }
        }
        guard position <= bytes.count else { throw .short("a value", 0) }
    }

    /// Booleans in a list have a byte each; as fields they have none.
    private mutating func skipElement(_ type: WireType, _ depth: Int) throws(Damage) {
        if type == .yes || type == .no {
            _ = try bytes.byte(position)
            position += 1
        } else {
            try skip(type, depth: depth + 1)
        }
    }
}
