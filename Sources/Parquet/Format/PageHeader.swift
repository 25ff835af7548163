/// What stands before each page.
struct PageHeader {
    var type: PageType = .index
    var uncompressedSize = 0
    var compressedSize = 0
    /// Values and nulls; of a dictionary: its entries.
    var valueCount = 0
    var encoding: Encoding = .plain
    /// Of a page of version 1.
    var definitionEncoding: Encoding = .rle
    var repetitionEncoding: Encoding = .rle
    /// Of a page of version 2.
    var levels: LevelSizes?

    struct LevelSizes {
        var nullCount = 0
        var definitionBytes = 0
        var repetitionBytes = 0
        var isCompressed = true
    }

    init(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        var kind: Int64 = -1
        while let type = try reader.field(&id) {
            switch id {
            case 1: kind = try reader.integer(type)
            case 2: uncompressedSize = try reader.shortNatural(type)
            case 3: compressedSize = try reader.shortNatural(type)
            case 5 where type == .structure: try readData(&reader)
            case 7 where type == .structure: try readDictionary(&reader)
            case 8 where type == .structure: try readDataV2(&reader)
            default: try reader.skip(type)
            }
        }
        guard let type = PageType(rawValue: kind) else {
            throw .wrong(required: "a page's type from 0 to 3", found: "\(kind)")
        }
        self.type = type
        guard (type == .dataV2) == (levels != nil) || type == .index else {
            throw .wrong(required: "the header of a page of version 2", found: "another")
        }
    }

    private static func encoding(_ number: Int64) throws(Damage) -> Encoding {
        guard let encoding = Encoding(rawValue: number) else {
            throw .unsupported("an encoding of number \(number)")
        }
        return encoding
    }

    private mutating func readData(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: valueCount = try reader.shortNatural(type)
            case 2: encoding = try Self.encoding(try reader.integer(type))
            case 3: definitionEncoding = try Self.encoding(try reader.integer(type))
            case 4: repetitionEncoding = try Self.encoding(try reader.integer(type))
            default: try reader.skip(type)
            }
        }
    }

    private mutating func readDictionary(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        while let type = try reader.field(&id) {
            switch id {
            case 1: valueCount = try reader.shortNatural(type)
            case 2: encoding = try Self.encoding(try reader.integer(type))
            default: try reader.skip(type)
            }
        }
    }

    private mutating func readDataV2(_ reader: inout CompactReader) throws(Damage) {
        var id: Int16 = 0
        var sizes = LevelSizes()
        while let type = try reader.field(&id) {
            switch id {
            case 1: valueCount = try reader.shortNatural(type)
            case 2: sizes.nullCount = try reader.shortNatural(type)
            case 4: encoding = try Self.encoding(try reader.integer(type))
            case 5: sizes.definitionBytes = try reader.shortNatural(type)
            case 6: sizes.repetitionBytes = try reader.shortNatural(type)
            case 7: sizes.isCompressed = try reader.boolean(type)
            default: try reader.skip(type)
            }
        }
        levels = sizes
    }
}
