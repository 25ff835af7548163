/// What stands at a file's end: the schema, and where the columns of each row group are.
struct Footer {
    let columns: [ParquetWriter.Column]
    let groups: [WrittenGroup]
    let compression: ParquetWriter.Compression

    var bytes: [UInt8] {
        var writer = CompactWriter()
        writer.integer(1, 1, .int)
        writer.list(2, schema)
        writer.integer(3, Int64(groups.reduce(0) { $0 + $1.rowCount }), .long)
        writer.list(4, groups.map(rowGroup))
        writer.text(6, "tfrs-run")
        // Readers believe the least and the greatest value where it is said how values compare: as
        // their type does.
        writer.list(7, columns.map { _ in { order in order.structure(1) { _ in } } })
        writer.end()
        return writer.bytes
    }

    private typealias Body = (inout CompactWriter) -> Void

    /// The root and, depth first, all that it holds.
    private var schema: [Body] {
        let root: Body = { element in
            element.text(4, "schema")
            element.integer(5, Int64(columns.count), .int)
        }
        return [root] + columns.flatMap(elements)
    }

    private func elements(of column: ParquetWriter.Column) -> [Body] {
        guard case .floatLists = column.kind else {
            return [
                leaf(
                    column.name, column.kind.stored, column.isOptional ? .optional : .required,
                    isText: column.kind == .strings)
            ]
        }
        let outer: Body = { element in
            element.integer(3, Repetition.required.rawValue, .int)
            element.text(4, column.name)
            element.integer(5, 1, .int)
            element.integer(6, 3, .int)
            element.structure(10) { $0.structure(3) { _ in } }
        }
        let inner: Body = { element in
            element.integer(3, Repetition.repeated.rawValue, .int)
            element.text(4, "list")
            element.integer(5, 1, .int)
        }
        return [outer, inner, leaf("element", .float, .required, isText: false)]
    }

    private func leaf(
        _ name: String, _ type: PhysicalType, _ repetition: Repetition, isText: Bool
    ) -> Body {
        { element in
            element.integer(1, type.rawValue, .int)
            element.integer(3, repetition.rawValue, .int)
            element.text(4, name)
            guard isText else { return }
            element.integer(6, 0, .int)
            element.structure(10) { $0.structure(1) { _ in } }
        }
    }

    private func rowGroup(_ group: WrittenGroup) -> Body {
        { writer in
            writer.list(1, zip(columns, group.chunks).map(chunk))
            writer.integer(
                2, Int64(group.chunks.reduce(0) { $0 + $1.uncompressedSize }), .long)
            writer.integer(3, Int64(group.rowCount), .long)
        }
    }

    private func chunk(_ column: ParquetWriter.Column, _ chunk: WrittenChunk) -> Body {
        { writer in
            writer.integer(2, Int64(chunk.start), .long)
            writer.structure(3) { metadata in
                metadata.integer(1, column.kind.stored.rawValue, .int)
                metadata.integers(2, chunk.encodings.map(\.rawValue))
                metadata.texts(3, column.path)
                metadata.integer(4, compression.rawValue, .int)
                metadata.integer(5, Int64(chunk.valueCount), .long)
                metadata.integer(6, Int64(chunk.uncompressedSize), .long)
                metadata.integer(7, Int64(chunk.size), .long)
                metadata.integer(9, Int64(chunk.start + (chunk.dictionarySize ?? 0)), .long)
                if chunk.dictionarySize != nil {
                    metadata.integer(11, Int64(chunk.start), .long)
                }
                metadata.structure(12, chunk.statistics.write)
            }
        }
    }
}

extension ParquetWriter.Kind {
    fileprivate var stored: PhysicalType {
        switch self {
        case .strings: .byteArray
        case .integers: .int64
        case .floats, .floatLists: .float
        case .doubles: .double
        }
    }
}

extension ParquetWriter.Column {
    /// The names of the nodes above the values.
    fileprivate var path: [String] {
        if case .floatLists = kind { return [name, "list", "element"] }
        return [name]
    }
}
