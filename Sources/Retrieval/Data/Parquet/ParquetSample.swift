import Parquet

/// The first rows of a Parquet file as texts, for guesses of what its columns are.
struct ParquetSample {
    let names: [String]
    /// What the file knows to be moments; their texts are seconds since 1970.
    let moments: Set<String>
    private(set) var records: [[[UInt8]]] = []
    let isWhole: Bool

    private static let mostRows = 100_000

    init(_ name: String, in environment: DataEnvironment) throws(DataError) {
        do throws(ParquetError) {
            let file = try ParquetFile(path: environment.resolve(name))
            names = file.columns.map(\.name)
            moments = Set(file.columns.filter { $0.isMoment }.map(\.name))
            for group in file.rowCounts.indices where records.count < Self.mostRows {
                var texts: [[[UInt8]]] = []
                for column in file.columns {
                    texts.append(
                        ParquetCells(
                            try file.read(column.name, rowGroup: group),
                            perUnit: column.dayLength
                        ).texts(
                            Self.mostRows - records.count, perSecond: column.meaning.perSecond))
                }
                for row in 0..<(texts.first?.count ?? 0) { records.append(texts.map { $0[row] }) }
            }
            isWhole = records.count == file.rowCount
        } catch {
            throw error.dataError(name)
        }
    }
}

extension Meaning {
    /// Units of a second, of moments; 1 for others.
    fileprivate var perSecond: Int64 {
        if case .timestamp(let unit) = self { return unit.perSecond }
        return 1
    }
}

extension ParquetColumn {
    fileprivate var isMoment: Bool {
        if case .timestamp = meaning { return true }
        return meaning == .date
    }
}
