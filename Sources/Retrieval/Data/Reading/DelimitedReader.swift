/// Delimited text with quoting, as RFC 4180 describes it and spreadsheets write it.
///
/// - A record ends with LF or CR LF outside quotes; empty lines are passed over.
/// - A field that begins with a quote ends with the next one; two quotes in a row within it are
///   one quote, and delimiters and line ends within it are text. Elsewhere a quote is text.
/// - A byte order mark and a line such as `sep=;` are passed over; the line says the delimiter
///   where none is declared.
/// - A column without a name, as pandas and R write one for the numbers of rows, is passed over,
///   and so is a delimiter behind the last field.
struct DelimitedReader {
    /// One byte or more.
    var delimiter: [UInt8]
    /// Whether that is what the spec says, and not what is usual.
    var isDelimiterDeclared = false
    var hasHeader = true
    var quote: UInt8? = UInt8(ascii: "\"")
    /// Lines that begin with it are passed over.
    var comment: UInt8?
    /// What makes the next character text.
    var escape: UInt8?
    var cells = CellOptions(encoding: .utf8)
    /// Whether records are read many at a time where they can be.
    var readsBlocks = true
    /// How many threads may read at a time.
    var threads = 1
    /// Turns the fields of a header into declarations.
    var columns: ([String]) throws(HeaderProblem) -> [ColumnDeclaration?]

    /// What is wrong with a header: in which field, and how.
    struct HeaderProblem: Error {
        var field: Int
        var required: String
        var found: String
    }

    /// Reads a file; `collector` has the columns of the first file already, or none.
    func read(
        _ window: TextWindow, into collector: RowCollector, progress: () -> Void
    ) throws(DataError) {
        var reader = self
        if !isDelimiterDeclared, let named = DelimitedPreamble(window.place.bytes).delimiter {
            reader.delimiter = [named]
        }
        try reader.readRecords(window, collector, progress)
    }

    private func readRecords(
        _ window: TextWindow, _ collector: RowCollector, _ progress: () -> Void
    ) throws(DataError) {
        var fields: [Int] = []
        let blocks = makeBlocks()
        let firstRow = collector.rowCount
        while true {
            var scan = DelimitedScan(reader: self, window: window)
            if fields.isEmpty { fields = try readHeader(&scan, collector) ?? [] }
            if !fields.isEmpty, threads > 1, escape == nil, !window.isFinal {
                return try readOnThreads(window, fields, collector, from: scan.position, progress)
            }
            let rest = fields.isEmpty ? 0 : try readRecords(&scan, fields, blocks, collector)
            if window.isFinal { return }
            if window.isFirst { collector.reserve(window.progress, from: firstRow) }
            progress()
            try window.advance(to: rest)
        }
    }

    private func makeBlocks() -> FieldBlocks? {
        readsBlocks && escape == nil
            ? FieldBlocks(delimiter: delimiter, quote: quote, comment: comment) : nil
    }

    private func readOnThreads(
        _ window: TextWindow, _ fields: [Int], _ collector: RowCollector, from start: Int,
        _ progress: () -> Void
    ) throws(DataError) {
        nonisolated(unsafe) let reader = self
        try ParallelReading(window, into: collector, threads: threads) {
            (piece, collector) throws(DataError) in
            var scan = DelimitedScan(reader: reader, piece.place, end: piece.end)
            let rest = try reader.readRecords(&scan, fields, reader.makeBlocks(), collector)
            return piece.start + rest
        }.run(from: start, progress: progress)
    }

    /// The column of each field, −1 for one that is passed over; nil where the window holds no
    /// whole header.
    private func readHeader(
        _ scan: inout DelimitedScan, _ collector: RowCollector
    ) throws(DataError) -> [Int]? {
        let place = scan.place
        var header: [String] = []
        var starts: [Int] = []
        if hasHeader {
            scan.skipToRecord()
            guard !scan.needsMore else { return nil }
            guard !scan.isAtEnd else {
                throw place.malformed(at: 0, required: "a header", found: "an empty file")
            }
            while true {
                let start = scan.position
                do throws(DataError) {
                    header.append((cells.encoding ?? .utf8).text(try scan.field()))
                } catch {
                    guard scan.needsMore else { throw error }
                    return nil
                }
                starts.append(start)
                if scan.endRecord() { break }
                scan.passDelimiter()
            }
            guard !scan.needsMore else { return nil }
            if let fault = TextFault(header: header, isAll: scan.isAtEnd) {
                throw .unreadable(file: place.file, reason: fault.reason)
            }
        }
        let declared: [ColumnDeclaration?]
        if !hasHeader { try checkFirstRow(scan) }
        do throws(HeaderProblem) {
            declared = try columns(header)
        } catch {
            throw place.malformed(
                at: error.field < starts.count ? starts[error.field] : 0,
                required: error.required, found: error.found)
        }
        if hasHeader {
            guard let isShort = hasRowNames(scan, names: header.count) else { return nil }
            if isShort {
                collector.note("column 1 of \(place.file) has no name and is passed over")
                return try collector.prepare([nil] + declared, cells, at: place)
            }
        }
        for (index, name) in header.enumerated() where name.isEmpty {
            collector.note("column \(index + 1) of \(place.file) has no name and is passed over")
        }
        return try collector.prepare(declared, cells, at: place)
    }

    /// The names of the columns are no row, though the file is said to have no header.
    private func checkFirstRow(_ scan: DelimitedScan) throws(DataError) {
        var scan = scan
        let names = (try? columns([]))?.compactMap { $0?.name } ?? []
        scan.skipToRecord()
        let start = scan.position
        var fields: [String] = []
        while !scan.needsMore, !scan.isAtEnd, fields.count < names.count,
            let field = try? scan.field()
        {
            fields.append(String(decoding: field, as: UTF8.self))
            if scan.endRecord() { break }
            scan.passDelimiter()
        }
        guard fields.count > 1, fields == names else { return }
        throw scan.place.malformed(
            at: start, required: "a row, as 'header: false' says",
            found: "the names of the columns")
    }

    /// Whether the first two records have a field more than the header, in front: R writes the names
    /// of rows without a name of their column. Nil where the window does not hold these records.
    private func hasRowNames(_ scan: DelimitedScan, names: Int) -> Bool? {
        var scan = scan
        for _ in 0..<2 {
            scan.skipToRecord()
            if scan.needsMore { return nil }
            if scan.isAtEnd { return false }
            var count = 0
            var isLastEmpty = false
            while true {
                // What is wrong with a record is told when it is read.
                guard let field = try? scan.field() else { return scan.needsMore ? nil : false }
                (count, isLastEmpty) = (count + 1, field.isEmpty)
                if scan.endRecord() { break }
                scan.passDelimiter()
            }
            if scan.needsMore { return nil }
            guard count == names + 1, !isLastEmpty else { return false }
        }
        return true
    }

    /// Reads what the window holds, and answers where the first record begins that it does not
    /// hold whole.
    private func readRecords(
        _ scan: inout DelimitedScan, _ fields: [Int], _ blocks: FieldBlocks?,
        _ collector: RowCollector
    ) throws(DataError) -> Int {
        while true {
            var start = scan.position
            scan.skipToRecord()
            if scan.needsMore { return start }
            if scan.isAtEnd { return scan.position }
            if let blocks {
                scan.position = blocks.read(scan, fields, collector)
                start = scan.position
                scan.skipToRecord()
                if scan.needsMore { return start }
                if scan.isAtEnd { return scan.position }
            }
            start = scan.position
            guard scan.seesLineEnd else { return start }
            do throws(DataError) {
                try record(&scan, fields, collector)
                if scan.needsMore {
                    collector.forgetPart()
                    return start
                }
                try collector.endRow()
            } catch {
                // A record whose end is not in sight may yet be right.
                guard !scan.needsMore, scan.seesLineEnd else {
                    collector.forgetPart()
                    return start
                }
                try collector.reject(error, text: scan.line(from: start))
                scan.skipLine()
            }
        }
    }

    private func record(
        _ scan: inout DelimitedScan, _ fields: [Int], _ collector: RowCollector
    ) throws(DataError) {
        let place = scan.place
        let recordStart = scan.position
        for (index, column) in fields.enumerated() {
            let start = scan.position
            let cell = try scan.field()
            if column >= 0, !collector.columns[column].builder.append(cell) {
                let read = collector.columns[column]
                throw place.malformed(
                    at: start, required: "\(read.name), \(read.builder.requirement(of: cell))",
                    found: place.quote(cell))
            }
            let isLast = index == fields.count - 1
            if scan.isAtRecordEnd == isLast {
                if isLast { break }
                scan.passDelimiter()
                continue
            }
            if isLast, scan.passTrailingDelimiter() { break }
            throw place.malformed(
                at: scan.position,
                required: fields.count == 1 ? "1 field" : "\(fields.count) fields",
                found: isLast ? "another field" : "\(index + 1)",
                holdsQuote: quote.map(scan.line(from: recordStart).contains) ?? false)
        }
        _ = scan.endRecord()
    }
}

extension RowCollector {
    /// Makes the builders at the first file; later files must have the same columns.
    ///
    /// - Returns: the column of each field, −1 for one that is passed over.
    fileprivate func prepare(
        _ declared: [ColumnDeclaration?], _ cells: CellOptions, at place: TextPlace
    ) throws(DataError) -> [Int] {
        let isFirst = columns.isEmpty
        let names = declared.compactMap { $0?.name }
        let lacks = !isFirst && !passesOver(columnsBeside: names)
        var known: [String: Int] = [:]
        for (index, column) in columns.enumerated() { known[column.name] = index }
        let wanted = wanted(of: names)
        var fields: [Int] = []
        for declaration in declared {
            guard let declaration, wanted.contains(declaration.name) else {
                fields.append(-1)
                continue
            }
            if isFirst {
                known[declaration.name] = columns.count
                try add(declaration, cells)
            }
            guard known[declaration.name] != nil || !request.uses(declaration.name) else {
                throw place.malformed(
                    at: 0, required: "the columns of the first file",
                    found: "a column '\(declaration.name)'")
            }
            fields.append(known[declaration.name] ?? -1)
        }
        guard !lacks else {
            let lacking = columns.map(\.name).filter { !names.contains($0) }
                .map { "'\($0)'" }.joined(separator: ", ")
            throw place.malformed(
                at: 0, required: "the columns of the first file", found: "none called \(lacking)")
        }
        return fields
    }
}
