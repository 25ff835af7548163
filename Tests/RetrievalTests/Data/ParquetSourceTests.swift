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

    // MARK: Statistics

    /// Rows of ascending times, so that row groups differ in them, read with a first filter.
    private static func filtered(
        _ scratch: Scratch, by filter: any InteractionFilter, knowsBounds: Bool,
        users: Joining? = nil
    ) throws -> (table: Table, outcome: FilterOutcome, data: Dataset, notes: [String]) {
        var request = DataRequest(query: "user", candidate: "item", columns: ["at", "rating"])
        request.bounds = knowsBounds ? filter.bounds : nil
        let table = ParquetTable(
            path: "log.parquet",
            columns: [ColumnDeclaration("at", .timestamp, unit: .milliseconds)])
        var source = ParquetSource(interactions: table)
        if let users {
            source.users = ParquetTable(path: "log.parquet")
            source.usersJoining = users
        }
        let data = try source.load(for: request, in: scratch.environment(), progress: { _ in })
        let context = InteractionContext(
            query: "user", candidate: "item", seed: 1, environment: scratch.environment())
        let (kept, outcome) = try filter.apply(
            named: "filter", to: data.interactions, in: context)
        let filtered = try data.keeping(kept, removingEntities: false, in: context)
        return (kept, outcome, filtered, data.origin.notes)
    }

    private static func writeAscending(_ count: Int, group: Int, to scratch: Scratch) throws {
        var rows = rows(count, gaps: false)
        for row in rows.indices { rows[row].at = 1_600_000_000_000 + Int64(row) * 250 }
        try write(rows, group: group, to: scratch)
    }

    /// Whatever a filter asks for, passing over row groups changes neither rows nor counts nor
    /// digests.
    @Test(arguments: [1, 77, 500, 4000]) func statisticsChangeNoRow(group: Int) throws {
        let scratch = try Scratch()
        try Self.writeAscending(1500, group: group, to: scratch)
        let start: Int64 = 1_600_000_000
        var stream = RandomStream(seed: 5, stream: "filters")
        var passed = 0
        for _ in 0..<40 {
            let (first, second) = (Int64(stream.below(400)), Int64(stream.below(400)))
            let filter: any InteractionFilter =
                switch stream.below(3) {
                case 0:
                    DateRange(
                        column: "at", from: Moment(fieldValue: .integer(Int(start + first))),
                        before: Moment(fieldValue: .integer(Int(start + first + second))))
                case 1:
                    ValueRange(
                        column: "at", minimum: Double(start + first) + 0.25,
                        maximum: Double(start + first + second))
                default: ValueRange(column: "rating", minimum: Double(first % 12) / 4)
                }
            let plain = Result { try Self.filtered(scratch, by: filter, knowsBounds: false) }
            let quick = Result { try Self.filtered(scratch, by: filter, knowsBounds: true) }
            guard let plain = try? plain.get() else {
                #expect(throws: DataError.self) { try quick.get() }
                continue
            }
            let other = try quick.get()
            #expect(other.table.names == plain.table.names)
            for name in plain.table.names { #expect(other.table[name] == plain.table[name]) }
            #expect(other.outcome == plain.outcome)
            #expect(other.data.origin.contentDigest == plain.data.origin.contentDigest)
            #expect(plain.notes.isEmpty)
            passed += other.notes.isEmpty ? 0 : 1
        }
        #expect((passed > 10) == (group < 1500))
    }

    @Test func aFilterThatKeepsNothingSaysSo() throws {
        let scratch = try Scratch()
        try Self.writeAscending(300, group: 100, to: scratch)
        let filter = ValueRange(column: "at", minimum: 9e9)
        #expect(
            throws: DataError.impossible("the filter filter leaves none of 300 interactions")
        ) { try Self.filtered(scratch, by: filter, knowsBounds: true) }
    }

    /// A table that may lack ids has to see all rows.
    @Test func unlistedIDsAreLookedForInAllRows() throws {
        let scratch = try Scratch()
        try Self.writeAscending(1000, group: 100, to: scratch)
        let filter = ValueRange(column: "at", minimum: 1_600_000_200)
        let joining = Joining(onUnlisted: .drop, onDuplicate: .first)
        let found = try Self.filtered(scratch, by: filter, knowsBounds: true, users: joining)
        #expect(found.outcome.interactionsBefore == 1000)
        #expect(!found.notes.contains { $0.contains("row groups") })
        // How tables are joined is heeded: without it, rows of one id differ.
        #expect(found.notes.contains { $0.contains("repeat an id") })
    }

    @Test func aMomentInTextNamesItsFormat() throws {
        let scratch = try Scratch()
        var bytes: [UInt8] = []
        var writer = try ParquetWriter(columns: [
            .init("user", .strings), .init("item", .strings), .init("at", .strings),
        ]) { bytes += $0 }
        try writer.write([.strings(["a"]), .strings(["b"]), .strings(["2024-05-06 07:08:09"])])
        try writer.finish()
        try scratch.write("log.parquet", bytes)
        let source = ParquetSource(
            interactions: ParquetTable(path: "log.parquet", columns: [Self.times]))
        do {
            _ = try source.load(
                for: DataRequest(query: "user", candidate: "item"), in: scratch.environment(),
                progress: { _ in })
            Issue.record("read")
        } catch {
            #expect(
                "\(error)".contains(
                    "seconds since 1970 (this one is read by 'format: iso8601'), found "
                        + "'2024-05-06 07:08:09'"), "\(error)")
        }
    }
}
