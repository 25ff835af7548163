import Platform
import Safeguards

/// One table of a data set, in one file or several.
public struct FileTable: SourceTable, Hashable, Sendable {
    /// How a file's text is cut into rows and fields.
    public enum Format: Hashable, Sendable {
        /// Fields between delimiters, a row a line: CSV and its kin.
        case delimited(Delimited)
        /// RecBole's atomic files: tabs, and a header of `name:type`.
        case atomic
        /// A JSON object a line.
        case jsonLines
    }

    /// How delimited text is written.
    public struct Delimited: Hashable, Sendable {
        /// Nil: a tab for files whose name says so, else a comma.
        public var delimiter: String?
        /// Whether the first line names the columns.
        public var hasHeader = true
        /// Nil: no quoting.
        public var quote: String? = "\""
        /// Lines that begin with it are passed over.
        public var comment: String?
        /// How its bytes stand for characters.
        public var encoding = TextEncoding.utf8
        /// Makes the next character text; nil: nothing does.
        public var escape: String?
        /// What stands before the decimals of a number.
        public var decimal = "."

        public init() {}
    }

    /// A file, or a pattern of the shell's `*`, `?` and `[…]`: all files that match, by name; or a
    /// folder: all its files. Relative to the working directory.
    public var path: String
    /// How its text is cut.
    public var format: Format
    /// With a header: the columns whose type is to be other than string. Without: all columns.
    public var columns: [ColumnDeclaration]
    /// Texts that stand for nothing in every column.
    public var missing: [String] = []
    /// What becomes of rows that cannot be read.
    public var badRows: BadRowPolicy
    /// A file for the rows that are left out; nil: they are counted alone.
    public var rejects: String?
    /// The rows of ``path`` train, and these are held out; nil: a split decides.
    public var parts: HeldOutFiles?
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

    /// Files of rows that are not to be trained on.
    public struct HeldOutFiles: Hashable, Sendable {
        /// As ``FileTable/path``.
        public var validation: String?
        /// As ``FileTable/path``.
        public var test: String

        public init(validation: String? = nil, test: String) {
            self.validation = validation
            self.test = test
        }
    }

    /// A table as read, and what was left out of it.
    struct Outcome {
        var table: Table
        var skipped: Int
        var firstSkipped: String?
        /// How many for which reason, in words, the commonest first.
        var reasons: [String]
        /// What a reader of the results ought to know of the columns.
        var notes: [String]
        /// SHA-256 of each file, in the order of reading; none where the table is of no files.
        var hashes: [String] = []
    }

    var location: String { path }

    func check() throws(DataError) {
        try ColumnDeclaration.check(columns)
    }

    func read(
        named name: String, for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Outcome {
        try check()
        let parts = try files(in: environment)
        let files = parts.flatMap(\.files)
        try checkRejects(files, in: environment)
        let cache = TableCache(for: self, request, files: files, in: environment)
        progress(.reading(location: files.first ?? path))
        if let kept = cache?.load(named: name) {
            progress(.cached(location: path))
            return kept
        }
        let collector = RowCollector(
            policy: badRows, for: request, keepsRejects: rejects != nil)
        var sources: [FileBytes] = []
        for part in parts {
            for file in part.files {
                progress(.reading(location: file))
                let bytes = try Self.bytes(of: file, in: environment, hashes: true)
                let window = try TextWindow(
                    file: file, bytes: bytes, capacity: windowSize * environment.threads)
                sources.append(bytes)
                // Of several files, as Spark writes them, some may hold nothing, not even a header.
                if files.count > 1, window.isFinal, window.place.bytes.isEmpty { continue }
                try reader(for: file, threads: environment.threads)(window, collector) {
                    let (done, total) = window.progress
                    progress(.parsing(location: file, bytes: done, of: total))
                }
            }
            collector.end(part: part.name)
        }
        if let rejects { try collector.writeRejects(to: environment.resolve(rejects)) }
        var outcome = try collector.outcome(named: name, from: path)
        outcome.hashes = sources.compactMap(\.sha256)
        cache?.store(outcome, from: sources)
        return outcome
    }

    /// What is left out must not take the place of what is read.
    private func checkRejects(
        _ files: [String], in environment: DataEnvironment
    ) throws(DataError) {
        guard let rejects else { return }
        guard badRows == .skip else {
            throw .impossible("'rejects' requires 'on_bad_row: skip'")
        }
        guard !Confinement.isOn else {
            throw .impossible("an untrusted run writes no 'rejects'")
        }
        let identity = FileIdentity(path: environment.resolve(rejects))
        for file in files where identity != nil {
            guard let other = FileIdentity(path: environment.resolve(file)) else { continue }
            if (identity?.device, identity?.inode) == (other.device, other.inode) {
                throw .impossible("'rejects' names '\(file)', which is read")
            }
        }
        guard RejectsPlace.isFree(environment.resolve(rejects)) else {
            throw .impossible(
                "'rejects' names '\(rejects)', which holds something else than rejected rows: it "
                    + "is not replaced")
        }
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

    /// The files of each part; of one without a name where a split decides.
    func files(
        in environment: DataEnvironment
    ) throws(DataError) -> [(name: String?, files: [String])] {
        guard let parts else { return [(nil, try Self.files(path, in: environment))] }
        var all: [(name: String?, files: [String])] = []
        for (name, path) in [
            ("train", path), ("validation", parts.validation), ("test", parts.test),
        ] {
            if let path { all.append((name, try Self.files(path, in: environment))) }
        }
        return all
    }

    private static func files(
        _ path: String, in environment: DataEnvironment
    ) throws(DataError) -> [String] {
        let place = environment.resolve(path)
        switch FileSystem.kind(of: place) {
        case .folder: return try TableFolder(path, at: place).files
        case nil where path.contains { "*?[".contains($0) }:
            let found = FileSystem.matching(place)
            guard !found.isEmpty else {
                throw .unreadable(
                    file: path,
                    reason: "no file matches the pattern"
                        + (Confinement.isOn
                            ? " in the folders that --untrusted lets a spec read" : ""))
            }
            return found
        default: return [path]
        }
    }

    private typealias Read = (TextWindow, RowCollector, () -> Void) throws(DataError) -> Void

    private func reader(for file: String, threads: Int) throws(DataError) -> Read {
        switch format {
        case .atomic:
            return DelimitedReader(
                delimiter: [0x09], isDelimiterDeclared: true, quote: nil,
                cells: CellOptions(missing: missing), readsBlocks: readsBlocks, threads: threads,
                columns: atomicColumns
            ).read
        case .jsonLines:
            return JSONLinesReader(
                columns: columns, cells: CellOptions(missing: missing), threads: threads
            ).read
        case .delimited(let options):
            var reader = try delimitedReader(options, file)
            reader.threads = threads
            return reader.read
        }
    }

    private func delimitedReader(
        _ options: Delimited, _ file: String
    ) throws(DataError) -> DelimitedReader {
        let name = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
        let usesTabs = [".tsv", ".tab"].contains(where: name.hasSuffix)
        // YAML without double quotes leaves \t two characters.
        let declared = options.delimiter == "\\t" ? "\t" : options.delimiter
        let delimiter = Array((declared ?? (usesTabs ? "\t" : ",")).utf8)
        let quote = try Self.byte(options.quote, "quote")
        let comment = try Self.byte(options.comment, "comment")
        let escape = try Self.byte(options.escape, "escape")
        let decimal = try Self.byte(options.decimal, "decimal") ?? UInt8(ascii: ".")
        let first = delimiter.first ?? 0x0A
        guard first != 0x0A, first != 0x0D, first != quote else {
            throw .impossible(
                "'delimiter' requires text that begins neither with a line end nor a quote")
        }
        if !options.hasHeader && columns.isEmpty {
            throw .impossible("a file without a header requires 'columns' that name its fields")
        }
        let cells = CellOptions(encoding: options.encoding, missing: missing, decimal: decimal)
        return DelimitedReader(
            delimiter: delimiter, isDelimiterDeclared: options.delimiter != nil,
            hasHeader: options.hasHeader, quote: quote, comment: comment, escape: escape,
            cells: cells, readsBlocks: readsBlocks
        ) { [columns] header throws(DelimitedReader.HeaderProblem) in
            options.hasHeader ? try Self.declarations(of: header, columns) : columns
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
    ) throws(DelimitedReader.HeaderProblem) -> [ColumnDeclaration?] {
        try checkNames(header)
        let names = Set(header)
        for declaration in declared where !names.contains(declaration.name) {
            throw DelimitedReader.HeaderProblem(
                field: 0, required: "a column '\(declaration.name)'",
                found: DataError.list(header))
        }
        let byName = Dictionary(
            declared.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return header.map { $0.isEmpty ? nil : byName[$0] ?? ColumnDeclaration($0) }
    }

    private static func checkNames(
        _ header: [String]
    ) throws(DelimitedReader.HeaderProblem) {
        var seen: Set<String> = []
        guard header.contains(where: { !$0.isEmpty }) else {
            throw DelimitedReader.HeaderProblem(
                field: 0, required: "names of columns", found: "none")
        }
        for (index, name) in header.enumerated() where !name.isEmpty {
            guard seen.insert(name).inserted else {
                throw DelimitedReader.HeaderProblem(
                    field: index, required: "columns of distinct names",
                    found: "a second '\(name)'")
            }
        }
    }

    /// RecBole's `name:type`. A float called `timestamp` is a moment; other floats order rows as
    /// well, and are whole numbers or not as they come.
    private func atomicColumns(
        of header: [String]
    ) throws(DelimitedReader.HeaderProblem) -> [ColumnDeclaration?] {
        var columns: [ColumnDeclaration?] = []
        for (index, field) in header.enumerated() {
            let parts = field.split(separator: ":", omittingEmptySubsequences: false)
            let name = String(parts[0])
            if let declared = self.columns.first(where: { $0.name == name }) {
                columns.append(declared)
                continue
            }
            switch parts.count == 2 ? parts[1] : "" {
            case "token": columns.append(ColumnDeclaration(name))
            case "token_seq": columns.append(ColumnDeclaration(name, .list, separator: " "))
            case "float" where name == "timestamp":
                columns.append(ColumnDeclaration(name, .timestamp))
            case "float": columns.append(ColumnDeclaration(name, .float))
            case "float_seq": columns.append(nil)
            default:
                throw DelimitedReader.HeaderProblem(
                    field: index,
                    required: "NAME:TYPE with the type token, token_seq, float or float_seq",
                    found: "'\(field)'")
            }
        }
        try Self.checkNames(columns.indices.map { columns[$0]?.name ?? header[$0] })
        guard columns.contains(where: { $0 != nil }) else {
            throw DelimitedReader.HeaderProblem(
                field: 0, required: "a column of another type than float_seq", found: "none")
        }
        return columns
    }
}
