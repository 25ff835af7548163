/// What a footer says of the values of one column in one row group.
struct ColumnStatistics {
    /// The least and the greatest value, in the order of the column's own type.
    var least: [UInt8]?
    var most: [UInt8]?
    /// The same as older writers wrote them, who compared all numbers as signed ones.
    var signedLeast: [UInt8]?
    var signedMost: [UInt8]?

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: signedMost = try reader.number(type)
            case 2: signedLeast = try reader.number(type)
            case 5: most = try reader.number(type)
            case 6: least = try reader.number(type)
            default: try reader.skip(type)
            }
        }
    }
}

/// The values of a column in a row group lie between these, both included; a null lies nowhere.
public enum ValueSpan: Hashable, Sendable {
    /// Of ``ParquetColumn/Kind/integers``.
    case integers(ClosedRange<Int64>)
    /// Of ``ParquetColumn/Kind/floats`` and ``ParquetColumn/Kind/doubles``. NaN lies nowhere.
    case numbers(ClosedRange<Double>)
}

extension ColumnStatistics {
    /// What they say of a column's values as they are read; nil where they say nothing, or nothing
    /// that could be: decimals, INT96 and texts are not looked at.
    func span(of leaf: Leaf) -> ValueSpan? {
        let isUnsigned = leaf.meaning == .unsigned
        let (least, most) =
            least != nil && most != nil || isUnsigned ? (least, most) : (signedLeast, signedMost)
        guard let least, let most, leaf.maxRepetition == 0 else { return nil }
        if case .decimal = leaf.meaning { return nil }
        switch leaf.type {
        case .int32:
            guard let least = Self.word(least, 4), let most = Self.word(most, 4) else { return nil }
            let value = { (word: UInt64) in
                isUnsigned
                    ? Int64(word) : Int64(Int32(truncatingIfNeeded: word))
            }
            return Self.span(value(least), value(most)).map { .integers($0) }
        case .int64 where !isUnsigned:
            guard let least = Self.word(least, 8), let most = Self.word(most, 8) else { return nil }
            return Self.span(Int64(bitPattern: least), Int64(bitPattern: most))
                .map { .integers($0) }
        case .float:
            guard let least = Self.word(least, 4), let most = Self.word(most, 4) else { return nil }
            let value = { (word: UInt64) in
                Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
            }
            return Self.span(value(least), value(most)).map { .numbers($0) }
        case .double:
            guard let least = Self.word(least, 8), let most = Self.word(most, 8) else { return nil }
            return Self.span(Double(bitPattern: least), Double(bitPattern: most))
                .map { .numbers($0) }
        default: return nil
        }
    }

    /// Little-endian bytes of just such a width.
    private static func word(_ bytes: [UInt8], _ width: Int) -> UInt64? {
        guard bytes.count == width else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Nil where they are not in order, as NaN never is.
    private static func span<Value: Comparable>(
        _ least: Value, _ most: Value
    ) -> ClosedRange<Value>? {
        least <= most ? least...most : nil
    }
}
