import Parquet
import ResultsFormat
import Retrieval

extension TowerEmbeddings {
    /// Bytes of vectors in a row group, of which readers take whole ones into memory.
    private static let groupSize = 64 << 20

    /// Writes a table of ids and vectors; of several heads a vector of all of them. Vectors are not
    /// compressed, for they do not shrink.
    func writeParquet(to file: inout TemporaryFile) throws(AtomicFileError) {
        let gathered = GatheredBytes()
        do {
            var writer = try ParquetWriter(
                columns: [.init("id", .strings), .init("embedding", .floatLists(count: width))],
                compression: .none
            ) { gathered.bytes += $0 }
            let most = max(1, Self.groupSize / (4 * width))
            for start in stride(from: 0, to: ids.count, by: most) {
                let rows = start..<min(start + most, ids.count)
                let numbers = matrix.values[rows.lowerBound * width..<rows.upperBound * width]
                try writer.write([.strings(Array(ids[rows])), .floatLists(Array(numbers))])
                try gathered.move(to: &file)
            }
            try writer.finish()
            try gathered.move(to: &file)
        } catch let error as AtomicFileError {
            throw error
        } catch {
            preconditionFailure("bytes are gathered without failure: \(error)")
        }
    }
}

/// What a writer has written that is not yet in the file.
private final class GatheredBytes {
    var bytes: [UInt8] = []

    func move(to file: inout TemporaryFile) throws(AtomicFileError) {
        try file.append(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
