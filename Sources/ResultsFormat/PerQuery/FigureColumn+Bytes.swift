extension FigureColumn {
    var typeName: String {
        switch self {
        case .float32: "float32"
        case .int32: "int32"
        case .strings: "string"
        }
    }

    func append(to bytes: inout [UInt8]) {
        switch self {
        case .float32(let values):
            for value in values {
                bytes += Int32(bitPattern: value.bitPattern).littleEndianBytes
            }
        case .int32(let values):
            for value in values { bytes += value.littleEndianBytes }
        case .strings(let values):
            var end: Int32 = 0
            bytes += end.littleEndianBytes
            for value in values {
                end += Int32(value.utf8.count)
                bytes += end.littleEndianBytes
            }
            for value in values { bytes += Array(value.utf8) }
        }
    }

    /// Reads a column; nil where the bytes are not those of so many rows.
    init?(_ type: String, rows: Int, _ bytes: ArraySlice<UInt8>) {
        guard 0...bytes.count ~= rows else { return nil }
        func integers(_ count: Int) -> [Int32] {
            (0..<count).map { index in
                let start = bytes.startIndex + 4 * index
                return Int32(littleEndianBytes: bytes[start..<(start + 4)])
            }
        }
        switch type {
        case "float32", "int32":
            guard bytes.count == 4 * rows else { return nil }
            let values = integers(rows)
            self =
                type == "int32"
                ? .int32(values)
                : .float32(values.map { Float(bitPattern: UInt32(bitPattern: $0)) })
        case "string":
            guard bytes.count >= 4 * (rows + 1) else { return nil }
            let ends = integers(rows + 1).map(Int.init)
            let texts = bytes.dropFirst(4 * (rows + 1))
            guard ends[0] == 0, ends[rows] == texts.count,
                zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 })
            else { return nil }
            self = .strings(
                zip(ends, ends.dropFirst()).map { start, end in
                    String(
                        decoding: texts[(texts.startIndex + start)..<(texts.startIndex + end)],
                        as: UTF8.self)
                })
        default:
            return nil
        }
    }
}

extension Int32 {
    var littleEndianBytes: [UInt8] {
        let bits = UInt32(bitPattern: self)
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }

    init(littleEndianBytes bytes: ArraySlice<UInt8>) {
        var bits: UInt32 = 0
        for byte in bytes.reversed() { bits = bits << 8 | UInt32(byte) }
        self.init(bitPattern: bits)
    }
}
