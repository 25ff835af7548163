import ResultsFormat
import Retrieval

/// How embeddings are written for others to read.
public enum EmbeddingFormat: String, CaseIterable, Sendable {
    /// NumPy's array, with the ids beside it.
    case npy
    /// Hugging Face's tensors, with the ids beside them.
    case safetensors
    /// A JSON object a line: id and embedding.
    case jsonl
    /// What PostgreSQL's COPY reads: an id, a tab, a vector of pgvector.
    case pgvector = "copy"
    /// A table of two columns: `id`, and `embedding`, a list of floats.
    case parquet

    /// The format that a file's name asks for; nil where it asks for none.
    public init?(path: String) {
        guard let ending = path.split(separator: ".").last.map({ $0.lowercased() }) else {
            return nil
        }
        switch ending {
        case "npy": self = .npy
        case "safetensors": self = .safetensors
        case "jsonl", "ndjson": self = .jsonl
        case "copy", "tsv": self = .pgvector
        case "parquet", "pq": self = .parquet
        default: return nil
        }
    }

    /// Whether ids stand in a file of their own.
    var hasIDsBeside: Bool { self == .npy || self == .safetensors }
}

extension TowerEmbeddings {
    /// Writes the embeddings.
    ///
    /// - Returns: the files, the ids' last where they have one: a JSON text a line, in the order of
    ///   the rows.
    /// - Throws: `AtomicFileError`.
    public func write(to path: String, as format: EmbeddingFormat) throws -> [String] {
        try AtomicFile.replace(path, createDirectories: true) { file throws(AtomicFileError) in
            switch format {
            case .npy:
                try file.append(npyHeader)
                try write(bytesTo: &file)
            case .safetensors:
                try file.append(safetensorsHeader)
                try write(bytesTo: &file)
            case .jsonl:
                try writeLines(to: &file) { id, vectors in
                    "{\"id\":\(Self.json(id)),\"embedding\":\(vectors)}\n"
                }
            case .pgvector:
                try writeLines(to: &file) { id, vectors in "\(Self.copyText(id))\t\(vectors)\n" }
            case .parquet: try writeParquet(to: &file)
            }
        }
        guard format.hasIDsBeside else { return [path] }
        let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
        let beside = stem + ".ids.jsonl"
        try AtomicFile.replace(beside) { file throws(AtomicFileError) in
            for start in stride(from: 0, to: ids.count, by: 8192) {
                let lines = ids[start..<min(start + 8192, ids.count)].map { Self.json($0) + "\n" }
                try file.append(Array(lines.joined().utf8))
            }
        }
        return [path, beside]
    }

    /// Numbers of each id.
    var width: Int { heads * matrix.columns }

    /// [ids, dimension], or [ids, heads, dimension].
    private var shape: [Int] {
        heads == 1 ? [ids.count, matrix.columns] : [ids.count, heads, matrix.columns]
    }

    /// NumPy's format 1.0, padded so that the numbers start at a multiple of 64.
    private var npyHeader: [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ")
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
        let length = 10 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
        let count = UInt16(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)]
            + Array(header.utf8)
    }

    private var safetensorsHeader: [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ",")
        let bytes = matrix.values.count * 4
        var header =
            "{\"embeddings\":{\"dtype\":\"F32\",\"shape\":[\(sizes)],\"data_offsets\":[0,\(bytes)]}}"
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let count = UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
    }

    private func write(bytesTo file: inout TemporaryFile) throws(AtomicFileError) {
        var failed: AtomicFileError?
        matrix.values.withUnsafeBytes { bytes in
            do throws(AtomicFileError) { try file.append(bytes) } catch { failed = error }
        }
        if let failed { throw failed }
    }

    /// One line for each id, its vector in brackets; of several heads a vector of all of them.
    private func writeLines(
        to file: inout TemporaryFile, _ line: (String, String) -> String
    ) throws(AtomicFileError) {
        var text = ""
        for (index, id) in ids.enumerated() {
            let numbers = matrix.values[(index * width)..<((index + 1) * width)]
            text += line(id, "[" + numbers.map(\.description).joined(separator: ",") + "]")
            if text.utf8.count > 1 << 20 {
                try file.append(Array(text.utf8))
                text = ""
            }
        }
        try file.append(Array(text.utf8))
    }

    private static func json(_ id: String) -> String {
        (try? JSONValue.string(id).jsonText(.compact)) ?? "\"\""
    }

    /// A text of COPY's format: what would end a field or a row is escaped.
    private static func copyText(_ id: String) -> String {
        var text = ""
        for scalar in id.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
