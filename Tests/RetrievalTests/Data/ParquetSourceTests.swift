import Parquet
import Retrieval
import TestSupport
import Testing

/// A Parquet file gives the tables that its rows give as text.
@Suite struct ParquetSourceTests {
    private struct Row {
        var user: Int64
        var item: String?
        var rating: Double?
        var at: Int64
    }

    private static func rows(_ count: Int, gaps: Bool) -> [Row] {
        var stream = RandomStream(seed: 3, stream: "rows")
        return (0..<count).map { row in
            Row(
                user: stream.below(9) == 0 ? Int64(row) << 40 : Int64(stream.below(300)),
                item: gaps && stream.below(20) == 0 ? nil : "item-\(stream.below(200))",
                rating: gaps && stream.below(15) == 0 ? nil : Double(stream.below(10)) / 4,
                at: 1_600_000_000 + Int64(stream.below(1_000_000)))
        }
    }

    /// The same rows as `log.parquet`, in row groups of a size, and as `log.csv`.
    private static func write(_ rows: [Row], group: Int, to scratch: Scratch) throws {
        var bytes: [UInt8] = []
        var writer = try ParquetWriter(columns: [
            .init("user", .integers), .init("item", .strings, isOptional: true),
            .init("rating", .doubles, isOptional: true), .init("at", .integers),
            .init("note", .strings),
        ]) { bytes += $0 }
        for start in stride(from: 0, to: rows.count, by: group) {
            let part = rows[start..<min(rows.count, start + group)]
            try writer.write([
                .integers(part.map(\.user)),
                .strings(part.map { $0.item ?? "" }, isPresent: part.map { $0.item != nil }),
                .doubles(part.map { $0.rating ?? 0 }, isPresent: part.map { $0.rating != nil }),
                .integers(part.map(\.at)), .strings(part.map { _ in "same" }),
            ])
        }
        try writer.finish()
        try scratch.write("log.parquet", bytes)
        let lines = rows.map {
            "\($0.user),\($0.item ?? ""),\($0.rating.map { "\($0)" } ?? ""),\($0.at),same\n"
        }
        try scratch.write("log.csv", "user,item,rating,at,note\n" + lines.joined())
    }

    private static let times = ColumnDeclaration("at", .timestamp)

    private static func load(
        _ scratch: Scratch, _ badRows: BadRowPolicy, threads: Int, columns: Set<String>? = nil
    ) throws -> (parquet: Dataset, text: Dataset) {
        var environment = scratch.environment()
        environment.threads = threads
        let request = DataRequest(query: "user", candidate: "item", columns: columns)
        let parquet = ParquetSource(
            interactions: ParquetTable(path: "log.parquet", columns: [times], badRows: badRows))
        let text = FileSource(
            interactions: FileTable(
                path: "log.csv", columns: [times, ColumnDeclaration("rating", .float)],
                badRows: badRows))
        return (
            try parquet.load(for: request, in: environment, progress: { _ in }),
            try text.load(for: request, in: environment, progress: { _ in })
        )
    }

    @Test(arguments: [1, 2, 5]) func rowsAreThoseOfText(threads: Int) throws {
        let scratch = try Scratch()
        for (count, group) in [(1, 1), (700, 1000), (5000, 640), (5000, 5000)] {
            try Self.write(Self.rows(count, gaps: false), group: group, to: scratch)
            let (parquet, text) = try Self.load(scratch, .error, threads: threads)
            #expect(parquet.interactions == text.interactions)
        }
    }

    @Test(arguments: [1, 3]) func rowsThatLackAnIDAreLeftOut(threads: Int) throws {
        let scratch = try Scratch()
        try Self.write(Self.rows(5000, gaps: true), group: 900, to: scratch)
        let (parquet, text) = try Self.load(scratch, .skip, threads: threads)
        #expect(parquet.interactions == text.interactions)
        #expect(parquet.origin.skippedRows == text.origin.skippedRows)
        #expect(parquet.origin.skippedRows > 100)
        #expect(throws: DataError.self) { try Self.load(scratch, .error, threads: threads) }
    }

    /// What is not asked for is not read, may hold anything, and is named where somebody asks.
    @Test func columnsThatNobodyAsksForAreNotRead() throws {
        let scratch = try Scratch()
        let rows = Self.rows(800, gaps: true).filter { $0.item != nil }
        try Self.write(rows, group: 300, to: scratch)
        let (parquet, text) = try Self.load(scratch, .error, threads: 2, columns: ["at"])
        for data in [parquet, text] {
            #expect(data.interactions.names == ["user", "item", "at"])
            #expect(data.interactions.unread == ["rating", "note"])
            #expect(data.interactions.rowCount == rows.count)
            #expect(
                throws: DataError.missingColumn(
                    name: "x", table: "interactions",
                    available: ["user", "item", "at", "rating", "note"])
            ) { try data.interactions.column("x") }
        }
        // Where an id is not there, it is told what is.
        let request = DataRequest(query: "usr", candidate: "item", columns: ["at"])
        let source = ParquetSource(interactions: ParquetTable(path: "log.parquet", badRows: .skip))
        #expect(
            try source.load(for: request, in: scratch.environment(), progress: { _ in })
                .interactions.names == ["user", "item", "rating", "at", "note"])
        // The content is that of the file, whichever columns of it are read.
        let (all, _) = try Self.load(scratch, .skip, threads: 1, columns: ["at", "note"])
        #expect(all.origin.contentDigest == parquet.origin.contentDigest)
        #expect(text.origin.contentDigest != parquet.origin.contentDigest)
    }
}
