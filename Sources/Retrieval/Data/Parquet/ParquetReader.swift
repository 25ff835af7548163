import Parquet

/// Reads the rows of one Parquet file.
struct ParquetReader {
    /// As messages name it.
    private let name: String
    private let table: String
    private let file: ParquetFile
    private let columns: [(source: ParquetColumn, declaration: ColumnDeclaration)]

    /// - Parameters:
    ///   - name: the file as messages name it.
    ///   - table: what messages call the table, such as "interactions".
    ///   - declared: the columns whose type is to be another than the file's.
    ///   - ids: the columns that name users and items.
    init(
        file name: String, at path: String, table: String, declared: [ColumnDeclaration],
        ids: Set<String>
    ) throws(DataError) {
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
        columns = file.columns.map { column in
            let given = declared.first { $0.name == column.name }
            return (column, given ?? column.declaration(isID: ids.contains(column.name)))
        }
    }

    func read(
        into collector: RowCollector, _ progress: (DataProgress) -> Void
    ) throws(DataError) {
        if collector.columns.isEmpty {
            for column in columns { try collector.add(column.declaration, CellOptions()) }
        }
        guard collector.columns.map(\.name) == columns.map(\.source.name) else {
            throw .unreadable(
                file: name,
                reason: "required the columns of the files before it, "
                    + collector.columns.map(\.name).joined(separator: ", "))
        }
        var number = 0
        for group in file.rowCounts.indices {
            let cells = try cells(of: group)
            for row in 0..<file.rowCounts[group] {
                number += 1
                do throws(DataError) {
                    for (index, column) in collector.columns.enumerated() {
                        guard !cells[index].append(row, to: column.builder) else { continue }
                        throw refusal(column, cells[index].words(row), number)
                    }
                    try collector.endRow()
                } catch {
                    try collector.reject(error)
                }
            }
            progress(.counting(location: name, rows: number))
        }
    }

    private func cells(of group: Int) throws(DataError) -> [ParquetCells] {
        var cells: [ParquetCells] = []
        for column in columns {
            do throws(ParquetError) {
                let values = try file.read(column.source.name, rowGroup: group)
                cells.append(ParquetCells(values, perUnit: column.source.dayLength))
            } catch {
                throw error.dataError(name)
            }
        }
        return cells
    }

    private func refusal(_ column: ReadColumn, _ found: String, _ row: Int) -> DataError {
        let required = column.builder.required
        return .badRow(
            BadRow(
                file: name, place: table, row: row, column: column.name,
                required: required.isEmpty ? "text or a number" : required, found: found))
    }
}

/// The values of a column in a row group, on their way into a builder.
struct ParquetCells {
    private let values: ColumnValues
    /// What an integer is to be multiplied with.
    private let perUnit: Int64

    init(_ values: ColumnValues, perUnit: Int64) {
        self.values = values
        self.perUnit = perUnit
    }

    /// Adds a row's value; false where it does not fit.
    func append(_ row: Int, to builder: any ColumnBuilder) -> Bool {
        guard let offsets = values.offsets else { return append(element: row, to: builder) }
        guard let lists = builder as? TokenListBuilder else { return false }
        lists.append(
            each: (offsets[row]..<offsets[row + 1]).filter(isPresent).map { Array(text(of: $0)) })
        return true
    }

    private func isPresent(_ element: Int) -> Bool { values.isPresent?[element] ?? true }

    private func append(element: Int, to builder: any ColumnBuilder) -> Bool {
        guard isPresent(element) else { return builder.append(Cell(start: nil, count: 0)) }
        switch values.values {
        case .strings(let codes, let dictionary):
            return dictionary[Int(codes[element])].withUnsafeBufferPointer { builder.append($0) }
        case .integers(let values):
            return Self.append(values[element] &* perUnit, to: builder)
        case .floats(let values): return Self.append(Double(values[element]), to: builder)
        case .doubles(let values): return Self.append(values[element], to: builder)
        }
    }

    private static func append(_ integer: Int64, to builder: any ColumnBuilder) -> Bool {
        if let integers = builder as? IntegerBuilder {
            integers.values.append(integer)
            return true
        }
        return text("\(integer)", to: builder)
    }

    private static func append(_ number: Double, to builder: any ColumnBuilder) -> Bool {
        // What pandas writes where there is none.
        if number.isNaN { return builder.append(Cell(start: nil, count: 0)) }
        if let numbers = builder as? NumberBuilder { return numbers.append(number) }
        // A whole number is one, whatever column it stood in: `12`, not `12.0`.
        return text(Int64(exactly: number).map { "\($0)" } ?? "\(number)", to: builder)
    }

    private static func text(_ text: String, to builder: any ColumnBuilder) -> Bool {
        var text = text
        return text.withUTF8 { builder.append($0) }
    }

    private func text(of element: Int) -> [UInt8] {
        switch values.values {
        case .strings(let codes, let dictionary): Array(dictionary[Int(codes[element])])
        case .integers(let values): Array("\(values[element])".utf8)
        case .floats(let values): Array("\(values[element])".utf8)
        case .doubles(let values): Array("\(values[element])".utf8)
        }
    }

    /// A row's value, for messages.
    func words(_ row: Int) -> String {
        if values.offsets != nil { return "a list" }
        guard isPresent(row) else { return "null" }
        return "'\(String(decoding: text(of: row).prefix(80), as: UTF8.self))'"
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
    fileprivate var dayLength: Int64 { meaning == .date ? 86_400 : 1 }
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
    fileprivate func dataError(_ name: String) -> DataError {
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
