import Parquet
import Platform
import Retrieval

/// How fast the columns of a Parquet file are decoded: pages decompressed, values made of them;
/// neither tokens nor digests.
public struct ParquetDecoding: CustomStringConvertible {
    /// As it was given.
    public var path: String
    /// Bytes that the decoded values take: 8 for whole numbers and doubles, 4 for floats, 4 for the
    /// place of a text in its dictionary, and the dictionaries.
    public var decodedBytes: Int
    /// Rows of the file.
    public var rows: Int
    public var threads: Int
    /// Of all columns.
    public var timing: Timing

    /// Decodes all columns of a file, a row group's column at a time on each thread, for about
    /// `seconds`.
    ///
    /// - Throws: `ParquetError`.
    public init(path: String, threads: Int, seconds: Double) throws {
        let file = try ParquetFile(path: path)
        let names = file.columns.map(\.name)
        let lanes = Lanes(threads: threads)
        let decode = {
            lanes.map(names.count * file.rowCounts.count) { chunk in
                Result {
                    try file.read(names[chunk % names.count], rowGroup: chunk / names.count)
                        .decodedBytes
                }
            }
        }
        decodedBytes = try decode().reduce(0) { try $0 + $1.get() }
        timing = Timing.measure(seconds: seconds) { _ = decode() }
        self.path = path
        self.threads = threads
        rows = file.rowCount
    }

    /// The file's name, threads, seconds, rows a second, decoded bytes a second.
    public var description: String {
        timing.ofFile(
            path, threads: threads, rows: rows, bytes: decodedBytes, of: "decoded columns")
    }
}

extension ColumnValues {
    fileprivate var decodedBytes: Int {
        switch values {
        case .integers(let values): 8 * values.count
        case .doubles(let values): 8 * values.count
        case .floats(let values): 4 * values.count
        case .strings(let codes, let dictionary): 4 * codes.count + dictionary.bytes.count
        }
    }
}
