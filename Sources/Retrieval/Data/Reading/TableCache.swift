import Platform

/// Whether a table is kept in the cache once it was read.
public enum CachePolicy: String, FieldChoice {
    /// Where its files have 16 MiB or more together.
    case auto
    /// Tables that were read before are taken from the cache where their files have not changed.
    case on
    /// Every table is read anew, and nothing is kept.
    case off
}

/// Keeps tables as they came out of their files, so that the next run need not parse these.
///
/// A table has one place, by the paths of its files and all that the spec says of reading them.
/// It is used only if every file is the one that was read: the same by system's word, where the
/// last change was long before the reading, else by the SHA-256 of its content. What is not whole,
/// or another version's, is as if it were not there. Nothing depends on a cache: where it cannot
/// be written, it is not. What was not used for long goes, and what is more than enough:
/// ``KeptTables``.
///
/// The folder is `tables` in ``DataEnvironment/cacheDirectory``, or what the environment variable
/// `TFRS_TABLE_CACHE` names; `off` there means none.
struct TableCache {
    static let variable = "TFRS_TABLE_CACHE"
    /// Bytes of text from which on `auto` keeps a table.
    static let worthwhile = 16 << 20

    private let path: String
    /// The absolute paths of the files.
    private let files: [String]
    /// How many threads may read at a time.
    private let threads: Int

    /// Nil where nothing is to be kept.
    init?(
        for table: FileTable, _ request: DataRequest, files: [String],
        in environment: DataEnvironment
    ) {
        self.files = files.map(environment.resolve)
        threads = environment.threads
        // What is left out is written by whoever reads.
        guard table.rejects == nil else { return nil }
        switch table.cache {
        case .off: return nil
        case .on: break
        case .auto:
            let size = self.files.reduce(0) { $0 + (FileSystem.size(of: $1) ?? 0) }
            guard size >= Self.worthwhile else { return nil }
        }
        let named = environment.variable(Self.variable)
        guard named != "off",
            let folder = named.map(environment.resolve)
                ?? environment.cacheDirectory.map({ DataEnvironment.join($0, "tables") })
        else { return nil }
        var digest = ContentDigest(domain: "tfrs-run/table-cache/4")
        digest.update(self.files)
        // All fields of the table, whatever they are.
        digest.update(String(describing: table))
        digest.update(request.ids.sorted())
        digest.update(request.columns.map { $0.sorted() } ?? ["all", "columns"])
        digest.update(count: request.showsOthers ? 1 : 0)
        path = DataEnvironment.join(folder, digest.finalize() + ".table")
    }

    /// What was kept; nil where it is not there, not whole, or no longer what the files hold.
    func load(named name: String) -> FileTable.Outcome? {
        guard let file = try? TableFile.Reader(path: path, threads: threads),
            file.header.sources.count == files.count
        else { return nil }
        var current: [TableFile.Source] = []
        for (path, source) in zip(files, file.header.sources) {
            guard let found = Self.check(path, source) else { return nil }
            current.append(found)
        }
        guard let outcome = try? file.outcome(named: name) else { return nil }
        KeptTables.markUsed(path)
        // The next run then need not hash the files.
        if current != file.header.sources { store(outcome, current) }
        return outcome
    }

    /// Keeps a table that was read from these files, unless one of them changed meanwhile.
    func store(_ outcome: FileTable.Outcome, from bytes: [FileBytes]) {
        var sources: [TableFile.Source] = []
        for file in bytes {
            guard file.isUnchanged, let sha256 = file.sha256 else { return }
            sources.append(TableFile.Source(file, sha256: sha256))
        }
        store(outcome, sources)
    }

    private func store(_ outcome: FileTable.Outcome, _ sources: [TableFile.Source]) {
        try? FileSystem.makeFile(at: path) { try TableFile.write(outcome, sources, to: $0) }
        KeptTables(beside: path).prune()
    }

    /// The file as it is now, if it still holds what was read.
    private static func check(_ path: String, _ source: TableFile.Source) -> TableFile.Source? {
        if source.isSettled, FileIdentity(path: path) == source.identity { return source }
        guard FileIdentity(path: path)?.size == source.identity.size,
            let file = try? FileBytes(path: path, hashes: true)
        else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while let count = try? file.read(into: buffer) {
            guard count == 0 else { continue }
            guard file.isUnchanged, file.sha256 == source.sha256 else { return nil }
            return TableFile.Source(file, sha256: source.sha256)
        }
        return nil
    }
}

extension TableFile.Source {
    /// Two seconds are more than the grain of any file system's clock: a change that the system
    /// dates earlier cannot be followed by another of the same date.
    fileprivate init(_ file: FileBytes, sha256: String) {
        identity = file.identity
        self.sha256 = sha256
        isSettled = file.opened - file.identity.changed > 2_000_000_000
    }
}
