/// Values of one kind that are there, in order: of a page, a dictionary, a column.
enum StoredValues: Sendable {
    case integers([Int64])
    case floats([Float])
    case doubles([Double])
    case bytes(ByteArrays)

    var count: Int {
        switch self {
        case .integers(let values): values.count
        case .floats(let values): values.count
        case .doubles(let values): values.count
        case .bytes(let values): values.count
        }
    }
}

extension StoredValues {
    /// Decodes values that do not refer to a dictionary.
    static func decode(
        _ bytes: ByteView, _ encoding: Encoding, count: Int, of leaf: Leaf
    ) throws(Damage) -> StoredValues {
        switch (encoding, leaf.type) {
        case (.plain, .boolean): return .integers(try bits(bytes, count: count))
        case (.plain, .byteArray): return try leaf.read(ByteArrays.plain(bytes, count: count))
        case (.plain, _): return try leaf.read(plain: bytes, count: count)
        case (.rle, .boolean):
            let runs = try bytes.part(from: 4, count: try bytes.length(at: 0))
            return .integers(
                try HybridRuns.indices(runs, width: 1, count: count, size: 2).map(Int64.init))
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64):
            let (values, _) = try DeltaBinaryPacked.decode(bytes, count: count)
            return try leaf.read(
                leaf.type == .int64
                    ? values : values.map { Int64(Int32(truncatingIfNeeded: $0)) })
        case (.deltaLengthByteArray, .byteArray):
            return try leaf.read(ByteArrays.deltaLength(bytes, count: count))
        case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLenByteArray):
            return try leaf.read(ByteArrays.delta(bytes, count: count))
        case (.byteStreamSplit, .float), (.byteStreamSplit, .double), (.byteStreamSplit, .int32),
            (.byteStreamSplit, .int64), (.byteStreamSplit, .fixedLenByteArray):
            let width = leaf.type.width(typeLength: leaf.typeLength) ?? 0
            let joined = try ByteStreamSplit.join(bytes, count: count, width: width)
            return try leaf.read(plain: joined.view, count: count)
        default:
            throw .wrong(
                required: "an encoding of \(leaf.type)", found: "\(encoding)")
        }
    }

    /// Booleans of PLAIN: bits, lowest first.
    private static func bits(_ bytes: ByteView, count: Int) throws(Damage) -> [Int64] {
        let packed = try bytes.part(from: 0, count: (count + 7) / 8)
        var values = [Int64](repeating: 0, count: count)
        BitPacking.forEach(packed, width: 1, count: count) { values[$0] = Int64($1) }
        return values
    }
}

extension Leaf {
    /// PLAIN values of a fixed width.
    func read(plain bytes: ByteView, count: Int) throws(Damage) -> StoredValues {
        guard let width = type.width(typeLength: typeLength) else {
            guard type == .byteArray else {
                throw .wrong(required: "a dictionary of \(type)", found: "none can be")
            }
            return try read(ByteArrays.plain(bytes, count: count))
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, size <= bytes.count else {
            throw .short("\(count) values of \(width) bytes", bytes.count)
        }
        switch type {
        case .int32:
            return try read(Self.load(bytes, count, Int32.self) { Int64(Int32(littleEndian: $0)) })
        case .int64:
            return try read(Self.load(bytes, count, Int64.self) { Int64(littleEndian: $0) })
        case .float:
            return .floats(
                Self.load(bytes, count, UInt32.self) {
                    Float(bitPattern: UInt32(littleEndian: $0))
                })
        case .double:
            return .doubles(
                Self.load(bytes, count, UInt64.self) {
                    Double(bitPattern: UInt64(littleEndian: $0))
                })
        case .int96: return .integers(try Self.moments(bytes, count))
        default: return try read(ByteArrays.fixed(bytes, count: count, width: typeLength))
        }
    }

    private static func load<Stored, Value>(
        _ bytes: ByteView, _ count: Int, _: Stored.Type, _ convert: (Stored) -> Value
    ) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                let stored = bytes.base.loadUnaligned(
                    fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
                buffer.initializeElement(at: index, to: convert(stored))
            }
            filled = count
        }
    }

    /// INT96: nanoseconds of the day and the Julian day, as microseconds since 1970: nanoseconds
    /// in 64 bits would end in the year 2262, and Spark writes the year 9999.
    private static func moments(_ bytes: ByteView, _ count: Int) throws(Damage) -> [Int64] {
        var values: [Int64] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            let nanoseconds = Int64(bitPattern: bytes.word(index * 12))
            let day = Int64(bytes.word(index * 12 + 8) & 0xFFFF_FFFF) - 2_440_588
            let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
            guard abs(day) < 100_000_000 else {
                throw .wrong(
                    required: "a day within 270000 years of 1970", found: "day \(day) from it")
            }
            values.append(day * 86_400_000_000 + whole - (rest < 0 ? 1 : 0))
        }
        return values
    }
}
