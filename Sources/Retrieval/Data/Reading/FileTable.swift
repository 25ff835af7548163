/// One table of a data set, in one file or several.
public struct FileTable: SourceTable, Hashable, Sendable {
    public enum Format: Hashable, Sendable {
        case delimited(Delimited)
        /// RecBole's atomic files: tabs, and a header of `name:type`.
        case atomic
        case jsonLines
    }

    public struct Delimited: Hashable, Sendable {
        /// Nil: a tab for files whose name says so, else a comma.
        public var delimiter: String?
        public var hasHeader = true
        /// Nil: no quoting.
        public var quote: String? = "\""
        /// Lines that begin with it are passed over.
        public var comment: String?
        public var encoding = TextEncoding.utf8

        public init() {}
    }

    /// A file, or a pattern of the shell's `*`, `?` and `[…]`: all files that match, by name.
    /// Relative to the working directory.
    public var path: String
    public var format: Format
    /// With a header: the columns whose type is to be other than string. Without: all columns.
    public var columns: [ColumnDeclaration]
    public var badRows: BadRowPolicy
    /// Whether the table is kept, so that the next run need not parse the files.
    public var cache: CachePolicy
    /// Bytes of text that are in memory at a time, where no record is longer.
    package var windowSize = 1 << 20
    /// Whether records are read many at a time where they can be; for tests.
    package var readsBlocks = true

    public init(
        path: String, format: Format = .delimited(Delimited()),
        columns: [ColumnDeclaration] = [], badRows: BadRowPolicy = .error,
        cache: CachePolicy = .auto
    ) {
        self.cache = cache
        self.path = path
        self.format = format
        self.columns = columns
        self.badRows = badRows
    }

    /// A table as read, and what was left out of it.
    struct Outcome {
        var table: Table
        var skipped: Int
        var firstSkipped: String?
    }

    var location: String { path }

    func check() throws(DataError) {
        try ColumnDeclaration.check(columns)
    }

    func read(
        named name: String, in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Outcome {
        try check()
        let files = try files(in: environment)
        if let file = files.first(where: { $0.hasSuffix(".parquet") }) {
            throw .unreadable(
                file: file,
                reason: "Parquet is not read, for no kept Swift library does; convert it to "
                    + "CSV or JSON Lines, gzipped if you like")
        }
        let cache = TableCache(for: self, files: files, in: environment)
        progress(.reading(location: files.first ?? path))
        if let kept = cache?.load(named: name) {
            progress(.cached(location: path))
            return kept
        }
        let collector = RowCollector(policy: badRows)
        var sources: [FileBytes] = []
        for file in files {
            progress(.reading(location: file))
            let bytes = try Self.bytes(of: file, in: environment, hashes: cache != nil)
            let window = try TextWindow(file: file, bytes: bytes, capacity: windowSize)
            try reader(for: file)(window, collector) {
                let (done, total) = window.progress
                progress(.parsing(location: file, bytes: done, of: total))
            }
            sources.append(bytes)
        }
        guard collector.rowCount > 0 else {
            throw .unreadable(
                file: path,
                reason: collector.skipped > 0
                    ? "every row is bad; the first: \(collector.firstSkipped ?? "")"
                    : "it has no rows")
        }
        let outcome = Outcome(
            table: collector.table(named: name), skipped: collector.skipped,
            firstSkipped: collector.firstSkipped)
        cache?.store(outcome, from: sources)
        return outcome
    }

    static func bytes(
        of file: String, in environment: DataEnvironment, hashes: Bool
    ) throws(DataError) -> FileBytes {
        do throws(FileFailure) {
            return try FileBytes(path: environment.resolve(file), hashes: hashes)
        } catch {
            throw .unreadable(file: file, reason: error.reason)
        }
    }

    func files(in environment: DataEnvironment) throws(DataError) -> [String] {
        guard path.contains(where: { "*?[".contains($0) }),
            FileSystem.kind(of: environment.resolve(path)) == nil
        else { return [path] }
        let found = FileSystem.matching(environment.resolve(path))
        guard !found.isEmpty else {
            throw .unreadable(file: path, reason: "no file matches the pattern")
        }
        return found
    }

    private typealias Read = (TextWindow, RowCollector, () -> Void) throws(DataError) -> Void

    private func reader(for file: String) throws(DataError) -> Read {
        switch format {
        case .atomic:
            return DelimitedReader(
                delimiter: [0x09], quote: nil, readsBlocks: readsBlocks,
                columns: Self.atomicColumns
            ).read
        case .jsonLines: return JSONLinesReader(columns: columns).read
        case .delimited(let options): return try delimitedReader(options, file).read
        }
    }

    private func delimitedReader(
        _ options: Delimited, _ file: String
    ) throws(DataError) -> DelimitedReader {
        let name = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
        let usesTabs = [".tsv", ".tab"].contains(where: name.hasSuffix)
        let delimiter = Array((options.delimiter ?? (usesTabs ? "\t" : ",")).utf8)
        let quote = try Self.byte(options.quote, "quote")
        let comment = try Self.byte(options.comment, "comment")
        let first = delimiter.first ?? 0x0A
        guard first != 0x0A, first != 0x0D, first != quote else {
            throw .impossible(
                "'delimiter' requires text that begins neither with a line end nor a quote")
        }
        if !options.hasHeader && columns.isEmpty {
            throw .impossible("a file without a header requires 'columns' that name its fields")
        }
        let declared = columns
        return DelimitedReader(
            delimiter: delimiter, hasHeader: options.hasHeader, quote: quote, comment: comment,
            encoding: options.encoding, readsBlocks: readsBlocks
        ) { header throws(DelimitedReader.HeaderProblem) in
            options.hasHeader
                ? try Self.declarations(of: header, declared) : declared
        }
    }

    private static func byte(_ text: String?, _ field: String) throws(DataError) -> UInt8? {
        guard let text else { return nil }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte != 0x0A, byte != 0x0D else {
            throw .impossible("'\(field)' requires one ASCII character; found '\(text)'")
        }
        return byte
    }

    /// The header's columns: as declared, else strings.
    private static func declarations(
        of header: [String], _ declared: [ColumnDeclaration]
    ) throws(DelimitedReader.HeaderProblem) -> [ColumnDeclaration] {
        try checkNames(header)
        let names = Set(header)
        for declaration in declared where !names.contains(declaration.name) {
            throw DelimitedReader.HeaderProblem(
                field: 0, required: "a column '\(declaration.name)'",
                found: DataError.list(header))
        }
        let byName = Dictionary(
            declared.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return header.map { byName[$0] ?? ColumnDeclaration($0) }
    }

    private static func checkNames(
        _ header: [String]
    ) throws(DelimitedReader.HeaderProblem) {
        var seen: Set<String> = []
        for (index, name) in header.enumerated() {
            guard !name.isEmpty else {
                throw DelimitedReader.HeaderProblem(
                    field: index, required: "a name for every column", found: "nothing")
            }
            guard seen.insert(name).inserted else {
                throw DelimitedReader.HeaderProblem(
                    field: index, required: "columns of distinct names",
                    found: "a second '\(name)'")
            }
        }
    }

    /// RecBole's `name:type`. A float called `timestamp` is read as whole seconds, which 32 bits
    /// of a float cannot hold.
    static func atomicColumns(
        of header: [String]
    ) throws(DelimitedReader.HeaderProblem) -> [ColumnDeclaration?] {
        var columns: [ColumnDeclaration?] = []
        for (index, field) in header.enumerated() {
            let parts = field.split(separator: ":", omittingEmptySubsequences: false)
            let name = String(parts[0])
            switch parts.count == 2 ? parts[1] : "" {
            case "token": columns.append(ColumnDeclaration(name))
            case "token_seq": columns.append(ColumnDeclaration(name, .list, separator: " "))
            case "float" where name == "timestamp":
                columns.append(ColumnDeclaration(name, .timestamp, format: "epoch"))
            case "float": columns.append(ColumnDeclaration(name, .float))
            case "float_seq": columns.append(nil)
            default:
                throw DelimitedReader.HeaderProblem(
                    field: index,
                    required: "NAME:TYPE with the type token, token_seq, float or float_seq",
                    found: "'\(field)'")
            }
        }
        try checkNames(columns.indices.map { columns[$0]?.name ?? header[$0] })
        return columns
    }
}
