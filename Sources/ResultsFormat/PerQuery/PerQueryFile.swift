import Hashing
import Platform
import Safeguards

/// A file of ``PerQueryFigures``.
public enum PerQueryFile {
    static let magic = Array("TFRSPQ1\n".utf8)
    static let format = "tfrs-run per-query figures"
    /// No header is longer, and no file.
    static let headerLimit = 16 << 20
    static let fileLimit = 4 << 30

    /// Puts the figures in place atomically.
    public static func write(
        _ figures: PerQueryFigures, to path: String, createDirectories: Bool = false
    ) throws(PerQueryFileError) {
        let bytes = bytes(of: figures)
        do throws(AtomicFileError) {
            try AtomicFile.write(bytes, to: path, createDirectories: createDirectories)
        } catch {
            throw .unwritable(error)
        }
    }

    /// Puts the figures where room was kept for them.
    public static func write(
        _ figures: PerQueryFigures, to file: ReservedFile
    ) throws(PerQueryFileError) {
        do throws(AtomicFileError) {
            try file.write(bytes(of: figures))
        } catch {
            throw .unwritable(error)
        }
    }

    /// Whether a file is one of figures, or there is none: another is not to be replaced because
    /// some spec names it.
    public static func mayReplace(_ path: String) -> Bool {
        beginning(of: path).map { $0.isEmpty || $0 == magic } ?? true
    }

    /// Whether a file is one of figures, by its first bytes.
    package static func isOne(_ path: String) -> Bool { beginning(of: path) == magic }

    /// As many bytes as tell; nil for what is no file or cannot be read.
    private static func beginning(of path: String) -> [UInt8]? {
        guard let file = try? RegularFile(path: path) else { return nil }
        var first = [UInt8](repeating: 0, count: magic.count)
        let count = first.withUnsafeMutableBytes {
            FileDescriptor.readSome(file.descriptor, into: $0)
        }
        return Array(first.prefix(max(0, count)))
    }

    private static func bytes(of figures: PerQueryFigures) -> [UInt8] {
        do throws(JSONEncodingError) {
            return try encoded(figures)
        } catch {
            preconditionFailure("a header without numbers has text: \(error)")
        }
    }

    /// SHA-256 of the file that holds the figures, as the results state it.
    public static func digest(of figures: PerQueryFigures) -> String {
        SHA256.hexadecimal(of: bytes(of: figures))
    }

    /// Reads a file of figures.
    ///
    /// - Throws: ``PerQueryFileError`` where there is none, or where it is no such file.
    public static func read(from path: String) throws(PerQueryFileError) -> PerQueryFigures {
        try readWithDigest(from: path).figures
    }

    /// The figures of a file with the SHA-256 of its bytes.
    public static func readWithDigest(
        from path: String
    ) throws(PerQueryFileError) -> (figures: PerQueryFigures, digest: String) {
        // A results file may name any other, of gigabytes.
        guard mayReplace(path) else {
            throw .invalid(path: path, reason: "\(PerQueryProblem("it is no such file"))")
        }
        let bytes: [UInt8]
        do throws(ResultsFileError) {
            bytes = try ResultsFile.contents(of: path, limit: fileLimit)
        } catch {
            throw .unreadable(error)
        }
        do throws(PerQueryProblem) {
            return (try decoded(bytes), SHA256.hexadecimal(of: bytes))
        } catch {
            throw .invalid(path: path, reason: error.description)
        }
    }

    // MARK: - Writing

    static func encoded(_ figures: PerQueryFigures) throws(JSONEncodingError) -> [UInt8] {
        var body: [UInt8] = []
        var tables: [JSONValue] = []
        for (name, table) in [("interactions", figures.interactions), ("queries", figures.queries)]
        {
            var columns: [JSONValue] = []
            for column in table.columns {
                let start = body.count
                column.value.append(to: &body)
                columns.append([
                    "name": .string(column.key), "type": .string(column.value.typeName),
                    "bytes": .integer(body.count - start),
                ])
            }
            tables.append([
                "name": .string(name), "rows": .integer(table.rowCount), "columns": .array(columns),
            ])
        }
        let header: JSONValue = [
            "format": .string(format), "version": .integer(PerQueryFigures.version),
            "experiment": .string(figures.experiment), "spec_sha256": .string(figures.specSHA256),
            "data_fingerprint": .string(figures.dataFingerprint), "seed": .integer(figures.seed),
            "part": .string(figures.part), "tables": .array(tables),
        ]
        let text = Array(try header.jsonText(.compact).utf8)
        return magic + Int32(text.count).littleEndianBytes + text + body
    }

    // MARK: - Reading

    static func decoded(_ bytes: [UInt8]) throws(PerQueryProblem) -> PerQueryFigures {
        guard bytes.starts(with: magic) else { throw PerQueryProblem("it is no such file") }
        var position = magic.count
        let length = try integer(bytes, at: &position)
        guard 0...headerLimit ~= length, length <= bytes.count - position else {
            throw PerQueryProblem("its header is cut off")
        }
        let header: JSONValue
        do throws(JSONParseError) {
            header = try JSONValue(parsing: Array(bytes[position..<(position + length)]))
        } catch {
            throw PerQueryProblem("its header is not JSON: \(error)")
        }
        position += length
        do throws(ResultsDecodingError) {
            let root = JSONNode(header)
            let version = try root.required("version").integer()
            guard version == PerQueryFigures.version else {
                throw try root.required("version").error(
                    .unknownVersion(version, known: PerQueryFigures.version))
            }
            return try figures(root, bytes, position)
        } catch {
            throw PerQueryProblem("its header says that \(error)")
        }
    }

    private static func figures(
        _ root: JSONNode, _ bytes: [UInt8], _ start: Int
    ) throws(ResultsDecodingError) -> PerQueryFigures {
        var position = start
        var tables: OrderedMap<FigureTable> = [:]
        let nodes = try root.required("tables").list {
            node throws(ResultsDecodingError) in node
        }
        for node in nodes {
            let rows = try node.required("rows").integer()
            var columns: OrderedMap<FigureColumn> = [:]
            let descriptions = try node.required("columns").list {
                column throws(ResultsDecodingError) in column
            }
            for column in descriptions {
                let length = try column.required("bytes").integer()
                guard 0...(bytes.count - position) ~= length else {
                    throw try column.required("bytes").error(
                        .invalid(expected: "what the file holds", found: "\(length)"))
                }
                let type = try column.required("type").string()
                guard
                    let values = FigureColumn(
                        type, rows: rows, bytes[position..<(position + length)])
                else {
                    throw column.error(
                        .invalid(expected: "\(rows) rows", found: "\(length) bytes of \(type)"))
                }
                columns[try column.required("name").string()] = values
                position += length
            }
            tables[try node.required("name").string()] = FigureTable(
                rowCount: rows, columns: columns)
        }
        guard position == bytes.count else {
            throw root.error(
                .invalid(expected: "no more bytes", found: "\(bytes.count - position) of them"))
        }
        let none = FigureTable(rowCount: 0, columns: [:])
        return PerQueryFigures(
            experiment: try root.required("experiment").string(),
            specSHA256: try root.required("spec_sha256").string(),
            dataFingerprint: try root.required("data_fingerprint").string(),
            seed: try root.required("seed").integer(), part: try root.required("part").string(),
            interactions: tables["interactions"] ?? none, queries: tables["queries"] ?? none)
    }

    private static func integer(
        _ bytes: [UInt8], at position: inout Int
    ) throws(PerQueryProblem) -> Int {
        guard position + 4 <= bytes.count else { throw PerQueryProblem("it is cut off") }
        defer { position += 4 }
        return Int(Int32(littleEndianBytes: bytes[position..<(position + 4)]))
    }
}

/// Why a file of per-query figures could not be read or written.
public enum PerQueryFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(ResultsFileError)
    /// The file is no file of figures, or a damaged one.
    case invalid(path: String, reason: String)
    /// The file cannot be written.
    case unwritable(AtomicFileError)

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .invalid(let path, let reason):
            "\(path) is no file of per-query figures: \(reason)"
        case .unwritable(let error): error.description
        }
    }
}

/// What is wrong with the bytes of a file.
struct PerQueryProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
