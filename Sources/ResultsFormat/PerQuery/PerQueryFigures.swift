/// The figures of single queries, column by column: what statistics over pairs of runs need.
///
/// A file begins with the 8 bytes `TFRSPQ1\n`, the length of a JSON header as a 32-bit integer, and
/// the header; the columns follow in its order, without gaps. Numbers are little-endian. The header
/// names the experiment, and for each table its rows and columns:
///
/// ```
/// {"format": "tfrs-run per-query figures", "version": 1,
///  "experiment": "movielens", "spec_sha256": "…", "data_fingerprint": "…", "seed": 42,
///  "part": "test",
///  "tables": [{"name": "queries", "rows": 943,
///              "columns": [{"name": "query", "type": "string", "bytes": 5000}, …]}]}
/// ```
///
/// A `float32` or `int32` column has four bytes a row. A `string` column has rows + 1 offsets as
/// 32-bit integers, the first 0, and then the texts in UTF-8 that they cut.
///
/// There are two tables. `interactions` has a row for each evaluated interaction: `query`,
/// `candidate`, `weight`, `rank` (from 1 by the tie policy, NaN without a place), `ties`,
/// `candidates` (how many it was ranked among). `queries` has a row for each query: `query`,
/// `interactions` (how many it has) and, for each metric value that is a mean over queries, a
/// column of its name and one called `weight:NAME`: the value is Σ weight·figure / Σ weight. A
/// figure is NaN where the query has none.
public struct PerQueryFigures: Hashable, Sendable {
    /// The version of the format.
    public static let version = 1

    /// The experiment's name.
    public var experiment: String
    /// As the results document states them: only figures of the same data can be paired.
    public var specSHA256: String
    /// Over content and split of the data.
    public var dataFingerprint: String
    /// The run's seed.
    public var seed: Int
    /// The evaluated part of the data: `test` or `validation`.
    public var part: String
    /// A row for each interaction of the part.
    public var interactions: FigureTable
    /// A row for each query of the part.
    public var queries: FigureTable

    public init(
        experiment: String, specSHA256: String, dataFingerprint: String, seed: Int, part: String,
        interactions: FigureTable, queries: FigureTable
    ) {
        self.experiment = experiment
        self.specSHA256 = specSHA256
        self.dataFingerprint = dataFingerprint
        self.seed = seed
        self.part = part
        self.interactions = interactions
        self.queries = queries
    }

    /// The metric values that the queries have figures of, in the order of the columns.
    public var valueNames: [String] {
        queries.columns.map(\.key).filter { queries.columns["weight:" + $0] != nil }
    }
}

/// Named columns of equal length.
public struct FigureTable: Hashable, Sendable {
    /// Rows of every column.
    public let rowCount: Int
    /// Columns by name, in order.
    public let columns: OrderedMap<FigureColumn>

    /// Traps where lengths differ: a program makes tables, a reader checks files.
    public init(rowCount: Int, columns: OrderedMap<FigureColumn>) {
        precondition(
            columns.allSatisfy { $0.value.count == rowCount }, "columns of different lengths")
        self.rowCount = rowCount
        self.columns = columns
    }

    /// A column of numbers; nil where there is none of that name.
    public func numbers(_ name: String) -> [Float]? {
        switch columns[name] {
        case .float32(let values): values
        case .int32(let values): values.map { Float($0) }
        default: nil
        }
    }

    /// A column of strings; nil where there is none of that name.
    public func strings(_ name: String) -> [String]? {
        guard case .strings(let values) = columns[name] else { return nil }
        return values
    }
}

/// The values of one column, one per row.
public enum FigureColumn: Hashable, Sendable {
    /// A number a row; NaN where there is none.
    case float32([Float])
    /// A whole number a row.
    case int32([Int32])
    /// A text a row.
    case strings([String])

    public var count: Int {
        switch self {
        case .float32(let values): values.count
        case .int32(let values): values.count
        case .strings(let values): values.count
        }
    }
}
