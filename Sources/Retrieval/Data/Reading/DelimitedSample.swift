/// The first records of a delimited file, and what stands between their fields.
struct DelimitedSample {
    let delimiter: String
    /// Records of as many fields as most have.
    let records: [[[UInt8]]]
    /// Records of another number of fields, or with a quote that does not end.
    let badCount: Int
    /// Whether these are all records of the file.
    let isWhole: Bool

    /// What is tried, the likelier first.
    private static let delimiters = [",", "\t", ";", "::", "|", " "]
    /// Shares that differ by less are alike.
    private static let margin = 0.05
    /// A tenth of a million rows tell types apart, and take no time to read.
    private static let maximumCount = 100_000

    /// - Parameter window: at the file's beginning; what it holds is looked at, and no more.
    /// - Throws: ``DataError/unreadable(file:reason:)`` where nothing cuts the lines into fields.
    init(of window: TextWindow, delimiter known: String? = nil) throws(DataError) {
        guard window.place.bytes.contains(where: { $0 > 0x20 }) else {
            throw .unreadable(file: window.file, reason: "it has no rows")
        }
        var best: (delimiter: String, share: Double, fields: Int)?
        let named = DelimitedPreamble(window.place.bytes).delimiter.map {
            String(Unicode.Scalar($0))
        }
        for delimiter in (known ?? named).map({ [$0] }) ?? Self.delimiters {
            let (rows, bad, _) = Self.read(window, delimiter, limit: 200)
            let count = Self.usualCount(rows)
            guard count > 1 else { continue }
            let share =
                Double(rows.count { $0.count == count }) / Double(max(1, rows.count + bad))
            let isMoreEven = share > (best?.share ?? 0.5) + Self.margin
            // A decimal comma cuts as evenly as what stands between the numbers.
            let isFiner =
                "\t;".contains(delimiter) && rows.first?.count == count
                && share >= (best?.share ?? 1) - Self.margin && count > best?.fields ?? count
            if isMoreEven || isFiner { best = (delimiter, share, count) }
        }
        guard let best else {
            throw .unreadable(
                file: window.file,
                reason: "no comma, tab, semicolon, '::', '|' or space cuts its lines into the "
                    + "same number of fields")
        }
        delimiter = best.delimiter
        var (rows, bad, isWhole) = Self.read(window, delimiter, limit: Self.maximumCount)
        let count = Self.usualCount(rows)
        // R's header has no name for the column of row names.
        if let header = rows.first, header.count == count - 1, count > 2,
            header.allSatisfy({ !$0.isEmpty && Double(String(decoding: $0, as: UTF8.self)) == nil })
        {
            rows[0].insert([], at: 0)
        }
        records = rows.filter { $0.count == count }
        badCount = bad + rows.count - records.count
        self.isWhole = isWhole
    }

    private static func usualCount(_ rows: [[[UInt8]]]) -> Int {
        var counts: [Int: Int] = [:]
        for row in rows { counts[row.count, default: 0] += 1 }
        // Of counts that are as usual, the smaller: the order of a dictionary decides nothing.
        let most = counts.values.max() ?? 0
        return counts.filter { $0.value == most }.keys.min() ?? 0
    }

    private static func read(
        _ window: TextWindow, _ delimiter: String, limit: Int
    ) -> (rows: [[[UInt8]]], bad: Int, isWhole: Bool) {
        let reader = DelimitedReader(
            delimiter: Array(delimiter.utf8), hasHeader: false, columns: { _ in [] })
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
