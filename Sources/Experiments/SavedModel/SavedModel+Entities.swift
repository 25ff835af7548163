import ResultsFormat
import Retrieval

extension SavedModel {
    /// The ids of a file, one a line; empty lines count for nothing.
    public static func ids(inFile path: String) throws(ModelError) -> [String] {
        var file = try ModelFile(path)
        guard file.size <= 1 << 30 else {
            throw file.damaged("the file", "at most 1 GiB of ids", "\(file.size) bytes")
        }
        return String(decoding: try file.rest(), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
    }

    /// What of a candidate tells people who it is: the first two of its columns of words.
    public func words(of row: Int) throws(ModelError) -> [String] {
        let names = record.candidate.columns.filter {
            $0.name != record.candidate.id && ["tokens", "token_lists"].contains($0.kind)
        }.prefix(2).map(\.name)
        guard !names.isEmpty else { return [] }
        let known = try candidates.row(row)
        return names.map { name in
            switch known[name] {
            case .string(let text): text
            case .array(let texts): texts.compactMap(\.stringValue).joined(separator: ", ")
            default: ""
            }
        }
    }

    /// The embeddings of a tower, ready to be searched by their dot product, with who they are of.
    ///
    /// - Returns: for the query tower those of all known queries, the heads of each after each
    ///   other.
    /// - Throws: ``ModelError/query(line:_:)`` where the query tower reads what comes with a query
    ///   alone.
    public func embeddings(of tower: TowerName) throws -> TowerEmbeddings {
        switch tower {
        case .candidate:
            let ids = try (0..<candidates.count).map { row throws(ModelError) in
                try candidates.id(row)
            }
            return TowerEmbeddings(ids: ids, matrix: embeddings, heads: 1)
        case .query:
            var ids: [String] = []
            var values: [Float] = []
            for start in stride(from: 0, to: queries.count, by: 4096) {
                var batch: [JSONObject] = []
                for row in start..<min(start + 4096, queries.count) {
                    ids.append(try queries.id(row))
                    batch.append(try queries.row(row))
                }
                let columns = QueryColumns(model: self, queries: batch, firstLine: nil)
                values += try encode(columns).0.values
            }
            return TowerEmbeddings(
                ids: ids,
                matrix: Matrix(
                    rows: ids.count * record.heads, columns: record.dimension, values: values),
                heads: record.heads)
        }
    }
}

/// One of a model's two towers.
public enum TowerName: String, CaseIterable, Sendable {
    /// That of who asks, and that of what is retrieved.
    case query, candidate
}

/// The embeddings of one tower.
public struct TowerEmbeddings: Sendable {
    /// Who each is of.
    public var ids: [String]
    /// [ids · heads, dimension].
    public var matrix: Matrix
    /// Embeddings of each.
    public var heads: Int
}
