// The numbers of parquet.thrift, https://github.com/apache/parquet-format.

/// How a value is stored.
enum PhysicalType: Int64 {
    case boolean, int32, int64, int96, float, double, byteArray, fixedLenByteArray

    /// Bytes of a value; nil where they vary.
    func width(typeLength: Int) -> Int? {
        switch self {
        case .boolean, .byteArray: nil
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .fixedLenByteArray: typeLength
        }
    }
}

enum Repetition: Int64 {
    case required, optional, repeated
}

enum Encoding: Int64 {
    case plain = 0
    case plainDictionary = 2
    case rle, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray
    case rleDictionary, byteStreamSplit
}

enum CompressionCodec: Int64 {
    case uncompressed, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw
}

enum PageType: Int64 {
    case data, index, dictionary, dataV2
}

/// What a stored value means, as far as a reader of tables must know; from the logical type, or
/// from the older converted type.
public enum Meaning: Hashable, Sendable {
    /// The stored value itself.
    case plain
    /// UTF-8.
    case text
    /// Days since 1970.
    case date
    /// Units since 1970.
    case timestamp(TimeUnit)
    /// Units since midnight.
    case time(TimeUnit)
    /// An integer without a sign.
    case unsigned
    /// The unscaled value, to be divided by ten to the power of `scale`.
    case decimal(scale: Int)
    /// Sixteen bytes that are read as a text of 36 characters.
    case uuid
    /// Two bytes that are read as a number.
    case float16
    /// Nothing but nulls.
    case nothing

    /// What times count.
    public enum TimeUnit: Hashable, Sendable {
        /// Thousandths, millionths or billionths of a second.
        case milliseconds, microseconds, nanoseconds

        /// Units in a second.
        public var perSecond: Int64 {
            switch self {
            case .milliseconds: 1_000
            case .microseconds: 1_000_000
            case .nanoseconds: 1_000_000_000
            }
        }
    }
}
