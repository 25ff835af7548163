/// The pages of one column in one row group.
struct ChunkWriter {
    /// All pages with their headers.
    private(set) var bytes: [UInt8] = []
    /// The dictionary's page with its header, at the beginning of ``bytes``.
    private(set) var dictionary: [UInt8]?
    private(set) var uncompressedSize = 0
    /// Values and nulls.
    let valueCount: Int
    private(set) var encodings: [Encoding] = [.rle]

    private let column: ParquetWriter.Column
    private let compression: ParquetWriter.Compression
    /// Readers take a page into memory at once.
    private static let pageSize = 1 << 20

    init(
        _ column: ParquetWriter.Column, _ values: ParquetWriter.Values,
        _ compression: ParquetWriter.Compression
    ) {
        self.column = column
        self.compression = compression
        switch values {
        case .strings(let texts, let isPresent):
            valueCount = texts.count
            let entries = Distinct(texts, isPresent)
            writeValues(
                entries, count: texts.count, isPresent,
                size: { $0.utf8.count + 4 },
                plain: { text, page in
                    page += withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian, Array.init)
                    page += text.utf8
                }, texts)
        case .integers(let numbers, let isPresent):
            valueCount = numbers.count
            writeValues(
                Distinct(numbers, isPresent), count: numbers.count, isPresent, size: { _ in 8 },
                plain: Self.plain, numbers)
        case .floats(let numbers, let isPresent):
            valueCount = numbers.count
            writeValues(
                nil, count: numbers.count, isPresent, size: { _ in 4 },
                plain: { Self.plain($0.bitPattern, &$1) }, numbers)
        case .doubles(let numbers, let isPresent):
            valueCount = numbers.count
            writeValues(
                nil, count: numbers.count, isPresent, size: { _ in 8 },
                plain: { Self.plain($0.bitPattern, &$1) }, numbers)
        case .floatLists(let numbers):
            valueCount = numbers.count
            guard case .floatLists(let width) = column.kind else { return }
            writeLists(numbers, width: width)
        }
    }

    private static func plain(_ number: some FixedWidthInteger, _ page: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { page += $0 }
    }

    /// Values of one a row: indices into a dictionary where there is one, else as they are.
    private mutating func writeValues<Value: Hashable>(
        _ distinct: Distinct<Value>?, count: Int, _ isPresent: [Bool]?, size: (Value) -> Int,
        plain: (Value, inout [UInt8]) -> Void, _ values: [Value]
    ) {
        if let distinct {
            var page: [UInt8] = []
            for entry in distinct.entries { plain(entry, &page) }
            let count = distinct.entries.count
            append(PageToWrite(count: count, encoding: .plain, page, isData: false))
            dictionary = bytes
        }
        let encoding: Encoding = distinct == nil ? .plain : .rleDictionary
        encodings.append(encoding)
        if distinct != nil { encodings.append(.plain) }
        var row = 0
        while row < count {
            let start = row
            var room = Self.pageSize
            while row < count, room > 0 {
                room -= distinct == nil ? size(values[row]) : 4
                row += 1
            }
            let rows = start..<row
            var page = column.isOptional ? definitionLevels(rows, isPresent) : []
            let present = rows.filter { isPresent?[$0] ?? true }
            if let distinct {
                let width = distinct.width
                page.append(UInt8(width))
                page += BitPacker.runs(present.map { UInt32(distinct.codes[$0]) }, width: width)
            } else {
                for row in present { plain(values[row], &page) }
            }
            append(PageToWrite(count: rows.count, encoding: encoding, page, isData: true))
        }
    }

    /// Levels behind their length in bytes.
    private func definitionLevels(_ rows: Range<Int>, _ isPresent: [Bool]?) -> [UInt8] {
        let levels =
            isPresent.map { marks in
                BitPacker.runs(rows.map { marks[$0] ? 1 : 0 }, width: 1)
            } ?? BitPacker.run(of: 1, count: rows.count)
        return withUnsafeBytes(of: UInt32(levels.count).littleEndian, Array.init) + levels
    }

    /// Lists of one length, whose first element begins a row each.
    private mutating func writeLists(_ numbers: [Float], width: Int) {
        encodings.append(.plain)
        let rows = numbers.count / width
        let perPage = max(1, Self.pageSize / (4 * width))
        for start in stride(from: 0, to: rows, by: perPage) {
            let part = start * width..<min(rows, start + perPage) * width
            let repetition = BitPacker.runs(
                (0..<part.count).map { $0 % width == 0 ? 0 : 1 }, width: 1)
            let definition = BitPacker.run(of: 1, count: part.count)
            var page: [UInt8] = []
            for levels in [repetition, definition] {
                page += withUnsafeBytes(of: UInt32(levels.count).littleEndian, Array.init)
                page += levels
            }
            for number in numbers[part] { Self.plain(number.bitPattern, &page) }
            append(PageToWrite(count: part.count, encoding: .plain, page, isData: true))
        }
    }

    private mutating func append(_ page: PageToWrite) {
        let payload =
            switch compression {
            case .none: page.bytes
            case .snappy: SnappyWriter.compress(page.bytes)
            }
        let header = page.header(compressedSize: payload.count)
        bytes += header
        bytes += payload
        uncompressedSize += header.count + page.bytes.count
    }
}

/// A page before it is compressed.
private struct PageToWrite {
    let count: Int
    let encoding: Encoding
    let bytes: [UInt8]
    /// Whether it is no dictionary.
    let isData: Bool

    init(count: Int, encoding: Encoding, _ bytes: [UInt8], isData: Bool) {
        self.count = count
        self.encoding = encoding
        self.bytes = bytes
        self.isData = isData
    }

    func header(compressedSize: Int) -> [UInt8] {
        var writer = CompactWriter()
        writer.integer(1, isData ? PageType.data.rawValue : PageType.dictionary.rawValue, .int)
        writer.integer(2, Int64(bytes.count), .int)
        writer.integer(3, Int64(compressedSize), .int)
        writer.structure(isData ? 5 : 7) { header in
            header.integer(1, Int64(count), .int)
            header.integer(2, encoding.rawValue, .int)
            guard isData else { return }
            header.integer(3, Encoding.rle.rawValue, .int)
            header.integer(4, Encoding.rle.rawValue, .int)
        }
        writer.end()
        return writer.bytes
    }
}

/// Values that repeat, each once, and where rows have them.
private struct Distinct<Value: Hashable> {
    private(set) var entries: [Value] = []
    private(set) var codes: [Int32] = []

    /// Nil where a dictionary would not be worth its bytes.
    init?(_ values: [Value], _ isPresent: [Bool]?) {
        var codeOf: [Value: Int32] = [:]
        codes.reserveCapacity(values.count)
        for (row, value) in values.enumerated() {
            guard isPresent?[row] ?? true else {
                codes.append(0)
                continue
            }
            let code = codeOf[value] ?? Int32(entries.count)
            if Int(code) == entries.count {
                codeOf[value] = code
                entries.append(value)
                // Ids of which each has a row.
                if entries.count > 1000, entries.count * 2 > values.count { return nil }
            }
            codes.append(code)
        }
        guard entries.count * 2 <= max(values.count, 2) else { return nil }
    }

    /// Bits of a code, at least one.
    var width: Int { max(1, Int.bitWidth - max(0, entries.count - 1).leadingZeroBitCount) }
}
