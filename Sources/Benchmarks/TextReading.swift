import Platform
import Retrieval

/// How fast a file of delimited text becomes a table: all its columns, with the SHA-256 of the
/// file; nothing is kept for a next time.
public struct TextReading: CustomStringConvertible {
    /// As it was given.
    public var path: String
    /// Of the file.
    public var bytes: Int
    /// Rows of the file.
    public var rows: Int
    public var threads: Int
    /// Of the whole file.
    public var timing: Timing

    /// Reads a file with a header for about `seconds`.
    ///
    /// - Parameter columns: those that hold something else than texts.
    /// - Throws: `DataError`.
    public init(
        path: String, columns: [ColumnDeclaration], threads: Int, seconds: Double
    ) throws {
        var environment = DataEnvironment.process
        environment.threads = threads
        let source = FileSource(
            interactions: FileTable(path: path, columns: columns, cache: .off))
        let read = { [environment] in
            try source.load(in: environment) { _ in }.interactions.rowCount
        }
        rows = try read()
        timing = Timing.measure(seconds: seconds) { _ = try? read() }
        var status = stat()
        bytes = stat(environment.resolve(path), &status) == 0 ? Int(status.st_size) : 0
        self.path = path
        self.threads = threads
    }

    /// The file's name, threads, seconds, rows a second, bytes of the file a second.
    public var description: String {
        timing.ofFile(path, threads: threads, rows: rows, bytes: bytes, of: "text")
    }
}
