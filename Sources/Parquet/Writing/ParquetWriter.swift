/// Writes a table of plain columns as a Parquet file that pyarrow, pandas, Polars, DuckDB and Spark
/// read.
///
///     var writer = try ParquetWriter(columns: [
///         .init("user_id", .strings), .init("vector", .floatLists(count: 32)),
///     ]) { bytes in try file.write(bytes) }
///     try writer.write([.strings(ids), .floatLists(vectors)])
///     try writer.finish()
///
/// The same values give the same bytes. Texts that repeat, and whole numbers that do, are written
/// once each, in a dictionary.
public struct ParquetWriter {
    /// A column of the file.
    public struct Column: Hashable, Sendable {
        /// Its name, which no other column has.
        public var name: String
        /// What a row holds.
        public var kind: Kind
        /// Whether rows may hold nothing.
        public var isOptional: Bool

        public init(_ name: String, _ kind: Kind, isOptional: Bool = false) {
            self.name = name
            self.kind = kind
            self.isOptional = isOptional
        }
    }

    /// What a row of a column holds.
    public enum Kind: Hashable, Sendable {
        /// A text.
        case strings
        /// A whole number of 64 bits.
        case integers
        /// A number of 32 bits.
        case floats
        /// A number of 64 bits.
        case doubles
        /// So many numbers of 32 bits, at least one: a vector.
        case floatLists(count: Int)
    }

    /// The values of a column in some rows. Where `isPresent` is false a row holds nothing, whatever
    /// its value is; nil: all rows hold theirs.
    public enum Values: Sendable {
        /// Texts.
        case strings([String], isPresent: [Bool]? = nil)
        /// Whole numbers.
        case integers([Int64], isPresent: [Bool]? = nil)
        /// Numbers of 32 bits.
        case floats([Float], isPresent: [Bool]? = nil)
        /// Numbers of 64 bits.
        case doubles([Double], isPresent: [Bool]? = nil)
        /// Row after row.
        case floatLists([Float])
    }

    /// How pages are compressed.
    public enum Compression: Int64, Hashable, Sendable {
        /// Not at all.
        case none = 0
        /// By Snappy, which every reader knows.
        case snappy = 1
    }

    /// Takes the file's bytes, in order.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    private let columns: [Column]
    private let compression: Compression
    private let sink: Sink
    /// Bytes written so far.
    private var position = 0
    private var rowGroups: [WrittenGroup] = []

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - columns: at least one, of distinct names.
    ///   - sink: takes the bytes; what it throws, the writer throws.
    public init(
        columns: [Column], compression: Compression = .snappy, to sink: @escaping Sink
    ) throws {
        precondition(!columns.isEmpty, "a Parquet file has at least one column")
        precondition(
            Set(columns.map(\.name)).count == columns.count, "two columns have one name")
        for case .floatLists(let count) in columns.map(\.kind) {
            precondition(count > 0, "a vector has at least one number")
        }
        self.columns = columns
        self.compression = compression
        self.sink = sink
        try emit(Self.mark)
    }

    private static let mark = Array("PAR1".utf8)

    /// Writes some rows as a row group: readers read whole ones, so a hundred thousand rows or a
    /// million are a good size.
    ///
    /// Traps where the values are not those of the columns, of one count.
    public mutating func write(_ values: [Values]) throws {
        precondition(values.count == columns.count, "a row group has values of all columns")
        let rows = zip(columns, values).map { $1.rowCount(in: $0) }
        precondition(Set(rows).count == 1, "the columns of a row group differ in length")
        guard let count = rows.first, count > 0 else { return }
        var group = WrittenGroup(rowCount: count)
        for (column, values) in zip(columns, values) {
            let chunk = ChunkWriter(column, values, compression)
            group.chunks.append(
                WrittenChunk(
                    start: position, dictionarySize: chunk.dictionary?.count,
                    size: chunk.bytes.count, uncompressedSize: chunk.uncompressedSize,
                    valueCount: chunk.valueCount, encodings: chunk.encodings,
                    statistics: ChunkStatistics(values)))
            try emit(chunk.bytes)
        }
        rowGroups.append(group)
    }

    /// Writes the footer. The file is whole then.
    public mutating func finish() throws {
        let footer = Footer(columns: columns, groups: rowGroups, compression: compression).bytes
        try emit(footer)
        try emit(withUnsafeBytes(of: UInt32(footer.count).littleEndian, Array.init) + Self.mark)
    }

    private mutating func emit(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes(sink)
        position += bytes.count
    }
}

extension ParquetWriter.Values {
    fileprivate func rowCount(in column: ParquetWriter.Column) -> Int {
        let (count, isPresent): (Int, [Bool]?) =
            switch (self, column.kind) {
            case (.strings(let values, let isPresent), .strings): (values.count, isPresent)
            case (.integers(let values, let isPresent), .integers): (values.count, isPresent)
            case (.floats(let values, let isPresent), .floats): (values.count, isPresent)
            case (.doubles(let values, let isPresent), .doubles): (values.count, isPresent)
            case (.floatLists(let values), .floatLists(let width))
            where values.count.isMultiple(of: width):
                (values.count / width, nil)
            default: preconditionFailure("'\(column.name)' holds other values")
            }
        precondition(
            isPresent == nil || column.isOptional && isPresent?.count == count,
            "'\(column.name)' says of other rows which hold nothing")
        return count
    }
}

/// A row group in the file.
struct WrittenGroup {
    var rowCount: Int
    var chunks: [WrittenChunk] = []
}

/// A column's pages of a row group in the file.
struct WrittenChunk {
    var start: Int
    /// Bytes of the dictionary's page with its header; nil: none.
    var dictionarySize: Int?
    var size: Int
    var uncompressedSize: Int
    var valueCount: Int
    var encodings: [Encoding]
    var statistics: ChunkStatistics
}
