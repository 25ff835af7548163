import Experiments
import Foundation
import ResultsFormat
@_spi(Fuzzing) import Retrieval

/// Everything that reads a file of somebody else's, by its name in scripts/fuzz.
enum Readers {
    static let all: [String: @Sendable ([UInt8]) -> Void] = [
        "results": results, "baseline": gate, "sweep": sweep, "figures": figures,
        "cache": { RawReaders.tableCache(path: Scratch.write($0, "table")) },
        "npy": RawReaders.npy, "safetensors": RawReaders.safetensors,
        "weights": RawReaders.delimitedWeights,
        "zip": { RawReaders.zip($0, entries: ["a/u.data", "b", ""]) },
        "csv": { delimited($0, name: "a.csv") },
        "gzip": { delimited($0, name: "a.csv.gz") },
        "jsonl": jsonLines, "recbole": recBole, "sqlite": sqlite, "parquet": parquet,
    ]

    // MARK: Results

    private static func results(_ bytes: [UInt8]) {
        guard let json = parsed(bytes) else { return }
        do throws(ResultsDecodingError) {
            let document = try ResultsDocument(json: json)
            // What was read can be written, and says the same when it is read again.
            guard let text = try? document.json.jsonText() else { return }
            let again = (try? JSONValue(parsing: text)).flatMap { try? ResultsDocument(json: $0) }
            precondition(again == document, "a document changes when it is written")
        } catch {
            precondition(!error.description.isEmpty)
        }
        _ = try? ResultsDocument.digest(of: json)
        gate(bytes)
    }

    private static func sweep(_ bytes: [UInt8]) {
        guard let json = parsed(bytes), let index = try? SweepIndex(json: json) else { return }
        _ = index.csv()
        _ = index.figuresCSV()
        gate(bytes)
    }

    /// The file as both sides of a check, in all its reports.
    private static func gate(_ bytes: [UInt8]) {
        guard let runs = try? RunSet(reading: [Scratch.write(bytes, "results.json")]) else {
            return
        }
        _ = RunSetDifference().text(from: runs, to: runs)
        guard let report = try? GateCheck(results: runs, baseline: runs).report() else { return }
        _ = report.table(isVerbose: true)
        _ = report.junit()
        _ = report.markdown()
        for line in report.gitHubAnnotations().split(separator: "\n") {
            precondition(line.hasPrefix("::error") || line.hasPrefix("::warning"), "\(line)")
        }
    }

    private static func figures(_ bytes: [UInt8]) {
        do throws(PerQueryFileError) {
            _ = try PerQueryFile.read(from: Scratch.write(bytes, "figures"))
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        do throws(JSONParseError) {
            return try JSONValue(parsing: bytes)
        } catch {
            precondition(error.line >= 1 && error.column >= 1)
            return nil
        }
    }

    // MARK: Data

    private static func load(_ source: some DataSource) {
        do throws(DataError) {
            let data = try source.load(in: Scratch.environment) { _ in }
            precondition(data.interactions.rowCount > 0)
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    /// The first byte says how it is read: types of columns, quoting, what to do with bad rows.
    private static func delimited(_ bytes: [UInt8], name: String) {
        let choice = bytes.first ?? 0
        let path = Scratch.write(Array(bytes.dropFirst()), name)
        var options = FileTable.Delimited()
        options.hasHeader = choice & 1 == 0
        if choice & 2 != 0 { options.quote = nil }
        if choice & 4 != 0 { options.delimiter = choice & 8 != 0 ? "::" : "\t" }
        if choice & 16 != 0 { options.comment = "#" }
        let columns: [ColumnDeclaration] =
            options.hasHeader
            ? []
            : [
                ColumnDeclaration("a"), ColumnDeclaration("b", .float),
                ColumnDeclaration("c", .timestamp, format: "iso8601"),
                ColumnDeclaration("d", .list),
            ]
        load(
            FileSource(
                interactions: FileTable(
                    path: path, format: .delimited(options), columns: columns,
                    badRows: choice & 32 != 0 ? .skip : .error, cache: .off)))
        _ = try? DelimitedGuess(path: path, in: Scratch.environment)
    }

    private static func jsonLines(_ bytes: [UInt8]) {
        let choice = bytes.first ?? 0
        let path = Scratch.write(Array(bytes.dropFirst()), "a.jsonl")
        load(
            FileSource(
                name: "jsonl",
                interactions: FileTable(
                    path: path, format: .jsonLines,
                    columns: choice & 1 != 0 ? [ColumnDeclaration("rating", .float)] : [],
                    badRows: choice & 2 != 0 ? .skip : .error, cache: .off)))
    }

    private static func recBole(_ bytes: [UInt8]) {
        let path = Scratch.write(bytes, "a.inter")
        load(AtomicFileSource(prefix: String(path.dropLast(".inter".count)), cache: .off))
    }

    private static func parquet(_ bytes: [UInt8]) {
        load(
            ParquetSource(interactions: ParquetTable(path: Scratch.write(bytes, "a.parquet"))))
    }

    /// The values of a database: each line of the input is a row of three, a byte for the kind of
    /// each before its text.
    private static func sqlite(_ bytes: [UInt8]) {
        let rows = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(20)
        let selects = rows.map { row in
            let cells = row.split(separator: 0x1F, maxSplits: 2, omittingEmptySubsequences: false)
            return "select "
                + (0..<3).map { index in
                    let cell = cells.indices.contains(index) ? Array(cells[index]) : []
                    return literal(cell) + " as c\(index)"
                }.joined(separator: ", ")
        }
        load(
            SQLiteSource(
                interactions: SQLiteTable(
                    path: Scratch.database,
                    selection: .query(selects.joined(separator: " union all ")),
                    columns: [ColumnDeclaration("c2", .float)])))
    }

    private static func literal(_ cell: [UInt8]) -> String {
        let hex = cell.dropFirst().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
        switch (cell.first ?? 0) % 6 {
        case 0: return "cast(x'\(hex)' as text)"
        case 1: return "x'\(hex)'"
        case 2: return "cast(cast(x'\(hex)' as text) as integer)"
        case 3: return "cast(cast(x'\(hex)' as text) as real)"
        case 4: return "null"
        default: return "9e999"
        }
    }
}
