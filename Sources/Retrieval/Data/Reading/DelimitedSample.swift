/// The first records of a delimited file, and what stands between their fields.
struct DelimitedSample {
    let dialect: DelimitedDialect
    /// Records of as many fields as most have.
    let records: [[[UInt8]]]
    /// Records of another number of fields, or with a quote that does not end.
    let badCount: Int
    /// Whether these are all records of the file.
    let isWhole: Bool

    /// A tenth of a million rows tell types apart, and take no time to read.
    private static let maximumCount = 100_000

    /// - Parameter window: at the file's beginning; what it holds is looked at, and no more.
    /// - Throws: ``DataError/unreadable(file:reason:)`` where nothing cuts the lines into fields, or
    ///   something has to be done about the file.
    init(of window: TextWindow, delimiter known: String? = nil) throws(DataError) {
        let text = window.place.bytes
        func unreadable(_ reason: String) -> DataError {
            .unreadable(file: window.file, reason: reason)
        }
        guard text.contains(where: { $0 > 0x20 }) else { throw unreadable("it has no rows") }
        if !text.contains(0x0A), text.count(where: { $0 == 0x0D }) > 1 {
            throw unreadable(TextFault.returns.reason)
        }
        let aligned =
            "its columns stand under each other, with several blanks between them: leave one, as "
            + "tr -s ' ' does"
        guard let dialect = DelimitedDialect(of: window, delimiter: known) else {
            guard !text.holds("  ") else { throw unreadable(aligned) }
            throw unreadable(
                "no comma, tab, semicolon, '::', '|' or space cuts its lines into the same number "
                    + "of fields")
        }
        self.dialect = dialect
        let (rows, bad, isWhole) = Self.read(window, dialect, limit: Self.maximumCount)
        let shape = Shape(rows)
        if dialect.delimiter == " ", text.holds("  "),
            shape.records.dropFirst().contains(where: { $0.contains([]) })
        {
            throw unreadable(aligned)
        }
        if shape.leading > 0 {
            let lines = shape.leading == 1 ? "its first line does" : "its first lines do"
            throw unreadable(
                "\(lines) not have the \(shape.count) fields of the others: leave out what stands "
                    + "before the table, as tail -n +\(shape.leading + 1) does")
        }
        records =
            dialect.encoding == .utf8
            ? shape.records
            : shape.records.map { $0.map { Array(dialect.encoding.text($0).utf8) } }
        badCount = bad + rows.count - shape.records.count
        self.isWhole = isWhole
    }

    /// The records of a table among all that were read.
    private struct Shape {
        /// Fields of most.
        var count: Int
        var records: [[[UInt8]]]
        /// Records before the first that has so many.
        var leading = 0

        init(_ rows: [[[UInt8]]]) {
            var rows = rows
            count = DelimitedSample.usualCount(rows)
            if let header = rows.first, header.count == count - 1, count > 2,
                header.allSatisfy({
                    !$0.isEmpty && Double(String(decoding: $0, as: UTF8.self)) == nil
                })
            {
                // A delimiter at the end of all lines but the header's, or R's header, which has no
                // name for the column of row names.
                let fields = count
                let usual = rows.filter { $0.count == fields }
                if usual.allSatisfy({ $0.last?.isEmpty ?? false }) {
                    rows = rows.map { $0.count == fields ? $0.dropLast() : $0 }
                    count -= 1
                } else {
                    rows[0].insert([], at: 0)
                }
            }
            let fields = count
            records = rows.filter { $0.count == fields }
            leading = rows.firstIndex { $0.count == fields } ?? 0
        }
    }

    static func usualCount(_ rows: [[[UInt8]]]) -> Int {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.count, default: 0] += 1 }
        // Of counts that are as usual, the smaller: the order of a dictionary decides nothing.
        let most = counts.values.max() ?? 0
        return counts.filter { $0.value == most }.keys.min() ?? 0
    }

    static func read(
        _ window: TextWindow, _ dialect: DelimitedDialect, limit: Int
    ) -> (rows: [[[UInt8]]], bad: Int, isWhole: Bool) {
        let reader = DelimitedReader(
            delimiter: Array(dialect.delimiter.utf8), hasHeader: false, quote: dialect.quote,
            comment: dialect.comment, escape: dialect.escape, columns: { _ in [] })
        var scan = DelimitedScan(reader: reader, window: window)
        var rows: [[[UInt8]]] = []
        var bad = 0
        scan.skipToRecord()
        while !scan.isAtEnd, rows.count + bad < limit {
            let row = record(&scan)
            // A record whose end is not in sight is neither good nor bad.
            if scan.needsMore { return (rows, bad, false) }
            if let row {
                rows.append(row)
            } else {
                bad += 1
                scan.skipLine()
            }
            scan.skipToRecord()
        }
        return (rows, bad, window.isFinal && scan.isAtEnd)
    }

    /// Nil where a quote does not end as it ought to.
    private static func record(_ scan: inout DelimitedScan) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        while true {
            do throws(DataError) {
                fields.append(Array(try scan.field()))
            } catch {
                return nil
            }
            if scan.endRecord() { return fields }
            scan.passDelimiter()
        }
    }
}
