import Parquet
import Safeguards

/// Reads the rows of one Parquet file.
struct ParquetReader {
    /// As messages name it.
    private let name: String
    private let table: String
    private let file: ParquetFile
    private let columns: [(source: ParquetColumn, declaration: ColumnDeclaration)]
    private let threads: Int
    private let missing: [String]
    /// The row groups that are read, ascending.
    private let groups: [Int]
    /// Row groups that hold nothing of what is asked for, and their rows.
    let passedOver: (groups: Int, rows: Int)

    /// - Parameters:
    ///   - name: the file as messages name it.
    ///   - table: what messages call the table, such as "interactions".
    ///   - declared: the columns whose type is to be another than the file's.
    ///   - missing: texts that stand for nothing.
    ///   - collector: takes the rows, and says which columns are asked for.
    ///   - threads: how many may read at a time.
    ///   - bounds: outside of which no row is asked for.
    init(
        file name: String, at path: String, table: String, declared: [ColumnDeclaration],
        missing: [String], into collector: RowCollector, threads: Int, bounds: ValueBounds?
    ) throws(DataError) {
        self.threads = threads
        self.missing = missing
        self.name = name
        self.table = table
        do throws(ParquetError) {
            file = try ParquetFile(path: path)
        } catch {
            throw error.dataError(name)
        }
        let names = file.columns.map(\.name)
        for declaration in declared where !names.contains(declaration.name) {
            throw .missingColumn(name: declaration.name, table: table, available: names)
        }
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw .impossible("'\(name)' has two columns '\(names[twice])'")
        }
        let wanted = collector.wanted(of: names)
        let known = try Self.columns(of: collector, among: names, file: name)
        let read = known.map { [file] known in
            known.compactMap { name in file.columns.first { $0.name == name } }
        }
        columns = (read ?? file.columns.filter { wanted.contains($0.name) }).map { column in
            let given = declared.first { $0.name == column.name }
            let isID = collector.request.ids.contains(column.name)
            var declaration = given ?? column.declaration(isID: isID)
            if !collector.request.uses(column.name), declaration.holdsNumbers {
                declaration.fill = declaration.fill ?? .value(0)
            }
            return (column, declaration)
        }
        let passed = Self.groups(of: file, outside: bounds, columns)
        groups = file.rowCounts.indices.filter { !passed.contains($0) }
        passedOver = (passed.count, passed.reduce(0) { [file] in $0 + file.rowCounts[$1] })
    }

    /// The columns of the files before this one, which this one has to have; nil where it is the
    /// first.
    private static func columns(
        of collector: RowCollector, among names: [String], file: String
    ) throws(DataError) -> [String]? {
        guard !collector.columns.isEmpty else { return nil }
        guard collector.passesOver(columnsBeside: names) else {
            throw .unreadable(
                file: file,
                reason: "required the columns of the files before it, "
                    + collector.columns.map(\.name).joined(separator: ", "))
        }
        return collector.columns.map(\.name)
    }

    /// The row groups that by their statistics hold no value within bounds. None where what is
    /// missing counts for a value, which no statistics know, or for one of all rows.
    private static func groups(
        of file: ParquetFile, outside bounds: ValueBounds?,
        _ columns: [(source: ParquetColumn, declaration: ColumnDeclaration)]
    ) -> Set<Int> {
        guard let bounds, let column = columns.first(where: { $0.source.name == bounds.column }),
            let perUnit = column.declaration.unitsOfStored(column.source),
            !columns.contains(where: { [.mean, .median].contains($0.declaration.fill) })
        else { return [] }
        let name = column.source.name
        return Set(
            file.rowCounts.indices.filter { group in
                file.span(of: name, rowGroup: group)
                    .map { bounds.excludes($0, perUnit: perUnit) } ?? false
            })
    }

    /// Reads all rows; answers the file's SHA-256.
    func read(
        into collector: RowCollector, _ progress: (DataProgress) -> Void
    ) throws(DataError) -> String {
        let hash: FileHash
        do throws(FileFailure) {
            hash = try FileHash(path: file.path)
        } catch {
            throw .unreadable(file: name, reason: error.reason)
        }
        if collector.columns.isEmpty {
            for column in columns {
                try collector.add(column.declaration, CellOptions(missing: missing))
            }
        }
        let rows = groups.reduce(0) { $0 + file.rowCounts[$1] }
        collector.reserve(rows: Double(collector.rowCount + rows))
        let lanes = Lanes(threads: threads)
        let starts = file.rowCounts.offsets
        for batch in batches {
            let end = batch.last ?? 0
            let share = Double(end + 1) / Double(file.rowCounts.count)
            let cells = try cells(of: batch, lanes) { hash.advance(to: share) }
            for (place, group) in batch.enumerated() {
                try append(
                    cells[place], rows: starts[group]..<starts[group + 1], to: collector, lanes)
            }
            progress(.counting(location: name, rows: starts[end + 1]))
        }
        do throws(FileFailure) {
            return try hash.finish()
        } catch {
            throw .unreadable(file: name, reason: error.reason)
        }
    }

    /// Row groups that are decoded at the same time: enough for all threads, and no more.
    private var batches: [[Int]] {
        var batches: [[Int]] = []
        var (batch, rows): ([Int], Int) = ([], 0)
        for group in groups {
            batch.append(group)
            rows += file.rowCounts[group]
            let chunks = batch.count * max(1, columns.count)
            guard chunks >= 2 * threads || rows >= 1 << 22 || group == groups.last else { continue }
            batches.append(batch)
            (batch, rows) = ([], 0)
        }
        return batches
    }

    /// By group and column.
    ///
    /// - Parameter beside: what else there is to do, on one of the threads.
    private func cells(
        of groups: [Int], _ lanes: Lanes, beside: @Sendable () -> Void
    ) throws(DataError) -> [[ParquetCells]] {
        typealias Chunk = Result<ParquetCells, ParquetError>
        let found = Guarded<[Chunk?]>(
            [Chunk?](repeating: nil, count: groups.count * columns.count))
        let (file, columns) = (file, columns)
        lanes.forEach(groups.count * columns.count + 1) { task in
            guard task > 0 else { return beside() }
            let index = task - 1
            let source = columns[index % columns.count].source
            let group = groups[index / columns.count]
            let chunk = Chunk { () throws(ParquetError) in
                ParquetCells(
                    try file.read(source.name, rowGroup: group), perUnit: source.dayLength)
            }
            found.withLock { $0[index] = chunk }
        }
        let chunks = found.withLock { $0 }
        do throws(ParquetError) {
            var cells: [[ParquetCells]] = []
            for start in stride(from: 0, to: chunks.count, by: max(1, columns.count)) {
                var group: [ParquetCells] = []
                for chunk in chunks[start..<start + columns.count] {
                    if let chunk { group.append(try chunk.get()) }
                }
                cells.append(group)
            }
            return cells
        } catch {
            throw error.dataError(name)
        }
    }

    /// Adds a row group: all columns at a time where all rows fit, else row by row.
    ///
    /// - Parameter places: its rows among the file's.
    private func append(
        _ cells: [ParquetCells], rows places: Range<Int>, to collector: RowCollector,
        _ lanes: Lanes
    ) throws(DataError) {
        let rows = places.count
        // Each lane has a builder to itself.
        nonisolated(unsafe) let columns = collector.columns
        let fitting = LaneBuffer<Int>(repeating: 0, count: columns.count)
        lanes.forEach(columns.count) { index in
            fitting.pointer[index] = cells[index].append(rows, to: columns[index].builder)
        }
        if fitting.array.allSatisfy({ $0 == rows }) {
            try collector.endRows(rows)
            return
        }
        collector.forgetPart()
        for row in 0..<rows {
            do throws(DataError) {
                for (index, column) in columns.enumerated() {
                    guard !cells[index].append(row, to: column.builder) else { continue }
                    throw refusal(column, cells[index], row, places.lowerBound + row + 1)
                }
                try collector.endRow()
            } catch {
                try collector.reject(error)
            }
        }
    }

    /// - Parameter number: the row's among the file's, from 1.
    private func refusal(
        _ column: ReadColumn, _ cells: ParquetCells, _ row: Int, _ number: Int
    ) -> DataError {
        let required = cells.requirement(of: row, in: column.builder)
        return .badRow(
            BadRow(
                file: name, place: table, row: number, column: column.name,
                required: required.isEmpty ? "text or a number" : required,
                found: cells.words(row)))
    }
}

extension ColumnDeclaration {
    fileprivate var holdsNumbers: Bool { kind != .string && kind != .list }

    /// How many of a stored value's units one of the column's values has; nil where that is no
    /// number, or something counts for what is missing.
    fileprivate func unitsOfStored(_ column: ParquetColumn) -> Double? {
        guard fill == nil, format == nil, column.kind != .strings, holdsNumbers else { return nil }
        if case .fill = missing { return nil }
        let perUnit = kind == .timestamp ? Double(unit.perSecond) : 1
        return perUnit / Double(column.dayLength)
    }
}

extension ParquetColumn {
    /// The type of a column that nobody declares.
    fileprivate func declaration(isID: Bool) -> ColumnDeclaration {
        if isList { return ColumnDeclaration(name, .list) }
        if isID { return ColumnDeclaration(name) }
        switch (kind, meaning) {
        case (.strings, _): return ColumnDeclaration(name)
        case (.integers, .timestamp(let unit)):
            return ColumnDeclaration(name, .timestamp, unit: unit.declared)
        case (.integers, .date): return ColumnDeclaration(name, .timestamp)
        case (.integers, _): return ColumnDeclaration(name, .integer)
        case (.floats, _), (.doubles, _): return ColumnDeclaration(name, .float)
        }
    }

    /// Seconds of a date's unit; 1 for what is no date.
    var dayLength: Int64 { meaning == .date ? 86_400 : 1 }
}

extension Meaning.TimeUnit {
    fileprivate var declared: ColumnDeclaration.TimeUnit {
        switch self {
        case .milliseconds: .milliseconds
        case .microseconds: .microseconds
        case .nanoseconds: .nanoseconds
        }
    }
}

extension ParquetError {
    /// As an error of data, of a file that messages give this name.
    func dataError(_ name: String) -> DataError {
        switch self {
        case .unreadable(_, let reason): .unreadable(file: name, reason: reason)
        case .notParquet(_, let found):
            .unreadable(
                file: name, reason: "required PAR1 at both ends of a Parquet file, found \(found)")
        case .damaged(_, let place, let required, let found):
            .unreadable(
                file: name, reason: "damaged at \(place): required \(required), found \(found)")
        case .unsupported(_, let place, let what):
            .unreadable(file: name, reason: "\(place): \(what) is not read")
        case .noColumn(_, let column, let available):
            .missingColumn(name: column, table: name, available: available)
        }
    }
}
