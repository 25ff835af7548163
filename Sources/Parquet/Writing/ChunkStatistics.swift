/// What the footer says of a column's values in a row group, by which readers pass over row groups.
struct ChunkStatistics {
    /// Rows that hold nothing.
    var nullCount = 0
    /// The least and the greatest value, as they are stored; nil for texts and vectors, where a
    /// value is not a number, and where there is none.
    private(set) var span: (least: [UInt8], most: [UInt8])?

    init(_ values: ParquetWriter.Values) {
        switch values {
        case .strings(_, let isPresent): nullCount = Self.nulls(isPresent)
        case .integers(let numbers, let isPresent):
            nullCount = Self.nulls(isPresent)
            span = Self.span(numbers, isPresent) { $0 }
        case .floats(let numbers, let isPresent):
            nullCount = Self.nulls(isPresent)
            span = Self.span(numbers, isPresent) { $0.bitPattern }
        case .doubles(let numbers, let isPresent):
            nullCount = Self.nulls(isPresent)
            span = Self.span(numbers, isPresent) { $0.bitPattern }
        case .floatLists: break
        }
    }

    private static func nulls(_ isPresent: [Bool]?) -> Int { isPresent?.count { !$0 } ?? 0 }

    private static func span<Value: Comparable, Bits: FixedWidthInteger>(
        _ values: [Value], _ isPresent: [Bool]?, _ bits: (Value) -> Bits
    ) -> (least: [UInt8], most: [UInt8])? {
        var range: ClosedRange<Value>?
        for (row, value) in values.enumerated() where isPresent?[row] ?? true {
            // NaN alone does not equal itself.
            guard value == value else { return nil }
            let (least, most) = (range?.lowerBound ?? value, range?.upperBound ?? value)
            range = min(least, value)...max(most, value)
        }
        func bytes(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: bits(value).littleEndian, Array.init)
        }
        return range.map { (bytes($0.lowerBound), bytes($0.upperBound)) }
    }

    /// Writes the structure Statistics of parquet.thrift.
    func write(_ writer: inout CompactWriter) {
        writer.integer(3, Int64(nullCount), .long)
        guard let span else { return }
        writer.binary(5, span.most)
        writer.binary(6, span.least)
    }
}
