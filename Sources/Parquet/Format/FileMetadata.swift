/// What a file's footer says: the structures of parquet.thrift, as far as a reader needs them.
struct FileMetadata {
    var schema: [SchemaElement] = []
    var rowGroups: [RowGroup] = []
    var isEncrypted = false

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 2: schema = try reader.structures(type, SchemaElement.init)
            case 4: rowGroups = try reader.structures(type, RowGroup.init)
            case 8:
                isEncrypted = true
                try reader.skip(type)
            default: try reader.skip(type)
            }
        }
    }
}

/// A node of the schema, in the order of a walk from the root.
struct SchemaElement {
    var type: PhysicalType?
    var typeLength = 0
    var repetition: Repetition?
    var name = ""
    var childCount = 0
    var converted: Int64?
    var scale = 0
    var logical: Meaning?
    /// Whether a group's only child makes it a list.
    var isList = false

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: self.type = try Self.known(try reader.integer(type), "a physical type")
            case 2: typeLength = try reader.natural(type)
            case 3: repetition = try Self.known(try reader.integer(type), "a repetition")
            case 4: name = try reader.text(type)
            case 5: childCount = try reader.natural(type)
            case 6: converted = try reader.integer(type)
            case 7: scale = try reader.natural(type)
            case 10 where type == .structure:
                (logical, isList) = try Meaning.logical(&reader)
            default: try reader.skip(type)
            }
        }
        isList = isList || converted == 3
    }

    var meaning: Meaning {
        logical ?? converted.flatMap { Meaning.converted($0, scale: scale) } ?? .plain
    }

    private static func known<Choice: RawRepresentable<Int64>>(
        _ number: Int64, _ what: String
    ) throws(Damage) -> Choice {
        guard let choice = Choice(rawValue: number) else {
            throw .wrong(required: what, found: "number \(number)")
        }
        return choice
    }
}

/// A run of rows, with all their columns.
struct RowGroup {
    var columns: [ColumnChunk] = []
    var rowCount = 0

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: columns = try reader.structures(type, ColumnChunk.init)
            case 3: rowCount = try reader.natural(type)
            default: try reader.skip(type)
            }
        }
    }
}

/// One column's values of a row group.
struct ColumnChunk {
    /// Another file that holds the values.
    var path: String?
    var metadata: ColumnMetadata?

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: path = try reader.text(type)
            case 3 where type == .structure: metadata = try ColumnMetadata(&reader)
            default: try reader.skip(type)
            }
        }
    }
}

struct ColumnMetadata {
    var codec: Int64 = 0
    /// Values and nulls.
    var valueCount = 0
    var compressedSize = 0
    var dataOffset = 0
    var dictionaryOffset: Int?
    var statistics: ColumnStatistics?

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 4: codec = try reader.integer(type)
            case 5: valueCount = try reader.natural(type)
            case 7: compressedSize = try reader.natural(type)
            case 9: dataOffset = try reader.natural(type)
            case 11: dictionaryOffset = try reader.natural(type)
            case 12 where type == .structure: statistics = try ColumnStatistics(&reader)
            default: try reader.skip(type)
            }
        }
    }

    /// Where its first page stands. Some writers say 0 where there is no dictionary.
    var start: Int {
        guard let dictionaryOffset, dictionaryOffset > 0 else { return dataOffset }
        return min(dictionaryOffset, dataOffset)
    }
}
