import Foundation
import Parquet
import ResultsFormat
import TestSupport
import Testing

/// One table as `scripts/parquet-fixtures` had every writer write it.
@Suite struct FixtureTests {
    static let folder = "Tests/ParquetTests/Fixtures"
    static let writers = [
        "pyarrow-none", "pyarrow-snappy", "pyarrow-gzip", "pyarrow-lz4", "pyarrow-v2",
        "pyarrow-plain", "pyarrow-int96", "pyarrow-groups", "pyarrow-delta", "polars", "duckdb",
        "pandas", "fastparquet",
    ]

    static func path(_ writer: String) -> String {
        Repository.file("\(folder)/\(writer).parquet").path
    }

    @Test(arguments: writers) func everyWriterIsRead(writer: String) throws {
        let expected = try JSONValue(parsing: Repository.text(of: "\(Self.folder)/expected.json"))
        let file = try ParquetFile(path: Self.path(writer))
        #expect(file.rowCount == 24)
        #expect(writer == "fastparquet" || file.columns.count == 11)
        for column in file.columns {
            let values = try #require(expected[column.name]?.arrayValue)
            let found = try Cells(file, column).rows
            try #require(found.count == values.count)
            for (row, (found, expected)) in zip(found, values).enumerated() {
                #expect(
                    found.agrees(with: expected),
                    "\(column.name), row \(row): \(found), not \(expected)")
            }
        }
    }

    /// Zstandard comes from a library that not every machine has.
    @Test func zstandardIsReadOrNamed() throws {
        let file = try ParquetFile(path: Self.path("pyarrow-zstd"))
        do {
            let column = try #require(file.columns.first)
            #expect(try Cells(file, column).rows.count == 24)
        } catch let error as ParquetError {
            #expect("\(error)".contains("Zstandard compression without the library libzstd"))
        }
    }

    @Test func columnsSayWhatTheyHold() throws {
        let columns = try ParquetFile(path: Self.path("pyarrow-snappy")).columns
        #expect(
            columns.map(\.name) == [
                "user", "item", "rating", "score", "count", "clicked", "when", "day", "price",
                "title", "genres",
            ])
        #expect(
            columns.map(\.kind) == [
                .strings, .integers, .floats, .doubles, .integers, .integers, .integers,
                .integers, .doubles, .strings, .strings,
            ])
        #expect(columns[6].meaning == .timestamp(.microseconds))
        #expect(columns[7].meaning == .date)
        #expect(columns.map(\.isList) == Array(repeating: false, count: 10) + [true])
    }

    @Test func rowGroupsAreReadOneByOne() throws {
        let file = try ParquetFile(path: Self.path("pyarrow-groups"))
        #expect(file.rowCounts == [7, 7, 7, 3])
        #expect(try file.read("user", rowGroup: 3).count == 3)
    }
}

/// A column's values by rows.
struct Cells {
    enum Cell: CustomStringConvertible {
        case none
        case number(Double)
        case text(String)
        case list([Cell])

        func agrees(with value: JSONValue) -> Bool {
            switch (self, value) {
            case (.none, .null): true
            case (.number(let number), _):
                value.doubleValue.map { abs($0 - number) <= 1e-12 * abs($0) } ?? false
            case (.text(let text), .string(let other)): text == other
            case (.list(let cells), .array(let values)):
                cells.count == values.count
                    && zip(cells, values).allSatisfy { $0.agrees(with: $1) }
            default: false
            }
        }

        var description: String {
            switch self {
            case .none: "null"
            case .number(let number): "\(number)"
            case .text(let text): text
            case .list(let cells): "\(cells)"
            }
        }
    }

    var rows: [Cell] = []

    init(_ file: ParquetFile, _ column: ParquetColumn) throws {
        // Microseconds, whatever unit a writer prefers.
        var perUnit = 1.0
        if case .timestamp(let unit) = column.meaning { perUnit = 1e6 / Double(unit.perSecond) }
        for group in file.rowCounts.indices {
            let values = try file.read(column.name, rowGroup: group)
            let cells = (0..<values.count).map { index in
                values.isPresent?[index] == false
                    ? Cell.none : Self.cell(values.values, index, perUnit)
            }
            if let offsets = values.offsets {
                rows += zip(offsets, offsets.dropFirst()).map { .list(Array(cells[$0..<$1])) }
            } else {
                rows += cells
            }
        }
    }

    private static func cell(
        _ values: ColumnValues.Values, _ index: Int, _ perUnit: Double
    ) -> Cell {
        switch values {
        case .integers(let values): .number(Double(values[index]) * perUnit)
        case .floats(let values): .number(Double(values[index]))
        case .doubles(let values): .number(values[index])
        case .strings(let codes, let dictionary):
            .text(String(decoding: dictionary[Int(codes[index])], as: UTF8.self))
        }
    }
}
