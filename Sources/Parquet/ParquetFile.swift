import Platform
import Safeguards

/// A Parquet file that is open: its footer is read, its columns are read when asked for.
///
/// Flat columns, members of structures and lists of values are read; lists of lists are refused.
/// Any number of threads may read at the same time.
///
///     let file = try ParquetFile(path: "ratings.parquet")
///     let users = try file.read("user_id", rowGroup: 0)
public final class ParquetFile: Sendable {
    /// As it was given.
    public let path: String
    /// In the order of the schema.
    public let columns: [ParquetColumn]
    /// Rows of each row group.
    public let rowCounts: [Int]

    private let file: RegularFile
    private let leaves: [Leaf]
    private let rowGroups: [RowGroup]

    /// Opens a file and reads its footer.
    public init(path: String) throws(ParquetError) {
        do throws(RegularFile.Refusal) {
            file = try RegularFile(path: path)
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
        let metadata = try Self.footer(file, path)
        do throws(Damage) {
            leaves = try Leaf.all(of: metadata.schema)
            try Self.check(metadata, leaves)
        } catch {
            throw error.at("the footer", in: path)
        }
        rowGroups = metadata.rowGroups
        self.path = path
        columns = leaves.map(ParquetColumn.init)
        rowCounts = rowGroups.map(\.rowCount)
    }

    /// Rows of the file.
    public var rowCount: Int { rowCounts.reduce(0, +) }

    /// Between which values a column's lie in a row group, as far as the footer tells; nil where it
    /// does not, or there is no such column.
    public func span(of name: String, rowGroup: Int) -> ValueSpan? {
        guard let index = leaves.firstIndex(where: { $0.name == name }) else { return nil }
        let statistics = rowGroups[rowGroup].columns[index].metadata?.statistics
        return statistics?.span(of: leaves[index])
    }

    /// Reads a column's values in a row group.
    public func read(_ name: String, rowGroup: Int) throws(ParquetError) -> ColumnValues {
        guard let index = leaves.firstIndex(where: { $0.name == name }) else {
            throw .noColumn(file: path, name: name, available: columns.map(\.name))
        }
        let place = "row group \(rowGroup), column '\(name)'"
        let chunk = rowGroups[rowGroup].columns[index]
        guard chunk.path == nil else {
            throw .unsupported(file: path, place: place, what: "a column in another file")
        }
        guard let metadata = chunk.metadata else {
            throw .unsupported(file: path, place: place, what: "an encrypted column")
        }
        // Old writers did not count the header of the dictionary.
        let (size, overflows) = metadata.compressedSize.addingReportingOverflow(128)
        let count = min(overflows ? .max : size, file.size - metadata.start)
        let bytes = try Self.bytes(file, path, from: metadata.start, count: count, place)
        var reader = ColumnChunkReader(
            bytes.view, leaves[index], metadata, rowCount: rowGroups[rowGroup].rowCount)
        do throws(Damage) {
            let values = try reader.read()
            return withExtendedLifetime(bytes) { values }
        } catch {
            throw error.at("\(place), byte \(metadata.start + reader.position)", in: path)
        }
    }
}

extension ParquetFile {
    /// Bytes of the file; a part that is not there, be it that the file shrank, is an error.
    private static func bytes(
        _ file: RegularFile, _ path: String, from start: Int, count: Int, _ place: String
    ) throws(ParquetError) -> PaddedBytes {
        let bytes: PaddedBytes
        do throws(Damage) {
            guard start >= 0, count >= 0 else { throw .short("a place in the file", 0) }
            bytes = try PaddedBytes(count: count)
        } catch {
            throw error.at(place, in: path)
        }
        let done = FileDescriptor.readAll(file.descriptor, into: bytes.target, at: start)
        guard done >= 0 else {
            throw .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
        guard done == count else {
            throw Damage.short("\(count) bytes", done).at(place, in: path)
        }
        return bytes
    }

    /// The footer stands before its length and the mark, at the end.
    private static func footer(
        _ file: RegularFile, _ path: String
    ) throws(ParquetError) -> FileMetadata {
        let size = file.size
        guard size >= 12 else { throw .notParquet(file: path, found: "\(size) bytes") }
        let end = try bytes(file, path, from: size - 8, count: 8, "the end")
        let mark = String(decoding: end.target.suffix(4), as: UTF8.self)
        guard mark == "PAR1" else {
            guard mark != "PARE" else {
                throw .unsupported(file: path, place: "the footer", what: "encryption")
            }
            throw .notParquet(file: path, found: "other bytes")
        }
        do throws(Damage) {
            let length = try end.view.length(at: 0)
            guard length <= size - 12 else {
                throw .wrong(
                    required: "a footer of at most \(size - 12) bytes", found: "\(length)")
            }
            let footer: PaddedBytes
            do throws(ParquetError) {
                footer = try bytes(
                    file, path, from: size - 8 - length, count: length, "the footer")
            } catch {
                throw Damage.wrong(required: "the footer", found: "\(error)")
            }
            var reader = CompactReader(footer.view)
            let metadata = try FileMetadata(&reader)
            return withExtendedLifetime(footer) { metadata }
        } catch {
            throw error.at("the footer", in: path)
        }
    }

    private static func check(_ metadata: FileMetadata, _ leaves: [Leaf]) throws(Damage) {
        guard !metadata.isEncrypted else { throw .unsupported("an encrypted column") }
        var rows = 0
        for group in metadata.rowGroups {
            guard group.columns.count == leaves.count else {
                throw .wrong(
                    required: "\(leaves.count) columns in each row group",
                    found: "\(group.columns.count)")
            }
            guard group.rowCount <= Int(Int32.max) - rows else {
                throw .unsupported("a file of more than 2147483647 rows")
            }
            rows += group.rowCount
        }
    }
}

extension RegularFile {
    /// Bytes it had when it was opened.
    fileprivate var size: Int { Int(status.st_size) }
}
