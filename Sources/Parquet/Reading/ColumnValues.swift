/// The values of one column in one row group.
public struct ColumnValues: Sendable {
    /// Values of one kind, one behind the other.
    public enum Values: Sendable {
        /// Whole numbers, and moments in their unit.
        case integers([Int64])
        /// Numbers of 32 bits.
        case floats([Float])
        /// Numbers of 64 bits, decimals among them.
        case doubles([Double])
        /// Each an index into the dictionary, whose strings need not be distinct.
        case strings(codes: [Int32], dictionary: ByteArrays)
    }

    /// One for each row, or for each element of a column of lists; 0, or code −1, where there is
    /// none.
    public var values: Values
    /// Whether each of ``values`` is there; nil: all are.
    public var isPresent: [Bool]?
    /// Of lists: row r has the elements `offsets[r]..<offsets[r + 1]`; none where it is null.
    public var offsets: [Int]?

    /// How many ``values`` there are.
    public var count: Int {
        switch values {
        case .integers(let values): values.count
        case .floats(let values): values.count
        case .doubles(let values): values.count
        case .strings(let codes, _): codes.count
        }
    }
}

/// A column of a Parquet file.
public struct ParquetColumn: Hashable, Sendable {
    /// Which of ``ColumnValues/Values`` a column gives.
    public enum Kind: Hashable, Sendable {
        /// As ``ColumnValues/Values`` has them.
        case integers, floats, doubles, strings
    }

    /// The path in the schema, joined by dots, without the nodes that only make a list.
    public var name: String
    /// What ``ColumnValues/values`` will hold.
    public var kind: Kind
    /// What the values mean, where that is more than themselves.
    public var meaning: Meaning
    /// Whether a row holds any number of values.
    public var isList: Bool

    init(_ leaf: Leaf) {
        name = leaf.name
        meaning = leaf.reportedMeaning
        isList = leaf.maxRepetition > 0
        kind =
            switch (leaf.type, leaf.meaning) {
            case (.float, _), (.fixedLenByteArray, .float16): .floats
            case (.double, _), (_, .decimal): .doubles
            case (.byteArray, _), (.fixedLenByteArray, _): .strings
            default: .integers
            }
    }
}
