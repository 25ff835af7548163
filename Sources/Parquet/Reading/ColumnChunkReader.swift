/// Reads the pages of one column in one row group.
struct ColumnChunkReader {
    private let bytes: ByteView
    private let leaf: Leaf
    private let metadata: ColumnMetadata
    private let rowCount: Int
    private var builder: ColumnBuilder
    /// Where the page stands that is being read; for messages.
    private(set) var position = 0

    /// Writers make pages of a mebibyte; a page of one value, repeated, may claim any number.
    private static let mostValues = 1 << 26

    /// - Parameter bytes: from the chunk's first page on.
    init(_ bytes: ByteView, _ leaf: Leaf, _ metadata: ColumnMetadata, rowCount: Int) {
        self.bytes = bytes
        self.leaf = leaf
        self.metadata = metadata
        self.rowCount = rowCount
        builder = ColumnBuilder(leaf, rowCount: rowCount)
    }

    mutating func read() throws(Damage) -> ColumnValues {
        guard leaf.maxRepetition <= 1 else { throw .unsupported("a column of lists of lists") }
        guard leaf.maxRepetition == 1 || metadata.valueCount == rowCount else {
            throw .wrong(
                required: "a value or a null for each of \(rowCount) rows",
                found: "\(metadata.valueCount)")
        }
        var seen = 0
        while seen < metadata.valueCount {
            var reader = CompactReader(try bytes.from(position))
            let header = try PageHeader(&reader)
            let start = position + reader.position
            let payload = try bytes.part(from: start, count: header.compressedSize)
            switch header.type {
            case .index: break
            case .dictionary: try readDictionary(header, payload)
            case .data, .dataV2:
                guard header.valueCount <= metadata.valueCount - seen else {
                    throw .wrong(
                        required: "at most \(metadata.valueCount - seen) more values",
                        found: "\(header.valueCount)")
                }
                guard header.valueCount <= Self.mostValues else {
                    throw .unsupported("a page of more than \(Self.mostValues) values")
                }
                seen += header.valueCount
                try readData(header, payload)
            }
            position = start + header.compressedSize
        }
        guard builder.rowCount == rowCount else {
            throw .wrong(required: "\(rowCount) rows", found: "\(builder.rowCount)")
        }
        return builder.finish()
    }

    private mutating func readDictionary(
        _ header: PageHeader, _ payload: ByteView
    ) throws(Damage) {
        guard [.plain, .plainDictionary].contains(header.encoding) else {
            throw .wrong(required: "a PLAIN dictionary", found: "\(header.encoding)")
        }
        let page = try Decompression.decompress(
            payload, codec: metadata.codec, size: header.uncompressedSize)
        try builder.setDictionary(leaf.read(plain: page.view, count: header.valueCount))
    }

    private mutating func readData(_ header: PageHeader, _ payload: ByteView) throws(Damage) {
        let (repetition, definition, page, start) =
            if let sizes = header.levels {
                try sections(header, sizes, payload)
            } else {
                try sections(header, payload)
            }
        let present = definition?.count(of: leaf.maxDefinition) ?? header.valueCount
        let values = try Self.values(
            page.view.from(start), header.encoding, count: present, leaf, builder.dictionarySize)
        try builder.append(
            repetition: repetition, definition: definition, count: header.valueCount,
            present: present, values)
    }

    private typealias Sections = (
        repetition: Levels?, definition: Levels?, page: PaddedBytes, start: Int
    )

    /// Version 1: levels and values are compressed together.
    private func sections(_ header: PageHeader, _ payload: ByteView) throws(Damage) -> Sections {
        let page = try Decompression.decompress(
            payload, codec: metadata.codec, size: header.uncompressedSize)
        var start = 0
        let repetition = try levels(
            page.view, &start, header.repetitionEncoding, header.valueCount, leaf.maxRepetition)
        let definition = try levels(
            page.view, &start, header.definitionEncoding, header.valueCount, leaf.maxDefinition)
        return (repetition, definition, page, start)
    }

    private func levels(
        _ bytes: ByteView, _ start: inout Int, _ encoding: Encoding, _ count: Int, _ most: Int
    ) throws(Damage) -> Levels? {
        if most == 0 { return nil }
        switch encoding {
        case .rle:
            let size = try bytes.length(at: start)
            let part = try bytes.part(from: start + 4, count: size)
            start += 4 + size
            return try HybridRuns.levels(part, count: count, most: most)
        case .bitPacked:
            let (levels, size) = try Levels.bitPacked(
                bytes.from(start), count: count, most: most)
            start += size
            return levels
        default: throw .wrong(required: "levels in RLE or BIT_PACKED", found: "\(encoding)")
        }
    }

    /// Version 2: levels stand before what is compressed.
    private func sections(
        _ header: PageHeader, _ sizes: PageHeader.LevelSizes, _ payload: ByteView
    ) throws(Damage) -> Sections {
        let repetition = try payload.part(from: 0, count: sizes.repetitionBytes)
        let definition = try payload.part(
            from: sizes.repetitionBytes, count: sizes.definitionBytes)
        let start = sizes.repetitionBytes + sizes.definitionBytes
        guard start <= header.uncompressedSize else {
            throw .wrong(
                required: "levels of at most \(header.uncompressedSize) bytes", found: "\(start)")
        }
        let page = try Decompression.decompress(
            payload.from(start), codec: sizes.isCompressed ? metadata.codec : 0,
            size: header.uncompressedSize - start)
        return (
            leaf.maxRepetition == 0
                ? nil
                : try HybridRuns.levels(
                    repetition, count: header.valueCount, most: leaf.maxRepetition),
            leaf.maxDefinition == 0
                ? nil
                : try HybridRuns.levels(
                    definition, count: header.valueCount, most: leaf.maxDefinition), page, 0
        )
    }

    private static func values(
        _ bytes: ByteView, _ encoding: Encoding, count: Int, _ leaf: Leaf, _ dictionarySize: Int
    ) throws(Damage) -> ColumnBuilder.PageValues {
        switch encoding {
        case .plainDictionary, .rleDictionary:
            if count == 0 { return .indexed([]) }
            let width = Int(try bytes.byte(0))
            return .indexed(
                try HybridRuns.indices(
                    bytes.from(1), width: width, count: count, size: dictionarySize))
        default:
            return .stored(
                try StoredValues.decode(bytes, encoding, count: count, of: leaf))
        }
    }
}
