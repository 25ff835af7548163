import Platform

/// The files of a cache of tables, and which of them are too many.
///
/// Each time a table is kept, those go that nobody used for a month, and then, the one longest
/// unused first, as many as are more than 16 GiB together. Another process that reads one of them
/// has it open, and reads it to its end; one that looks for it reads the files anew. What has
/// another name than a table of the cache stays, whatever it is.
struct KeptTables {
    /// Bytes of all tables together.
    static let mostBytes = 16 << 30
    /// Seconds after which a table that nobody used goes.
    static let mostAge = 30 * 86_400

    private let folder: String
    /// The file that was just written.
    private let newest: String

    init(beside path: String) {
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        newest = String(name)
        folder = String(path.dropLast(name.count))
    }

    /// Notes in the file's own time that it was used: no other file tells.
    static func markUsed(_ path: String) {
        _ = utimensat(AT_FDCWD, path, nil, 0)
    }

    func prune(now: Int = Int(Date.now.timeIntervalSince1970)) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var tables: [(path: String, used: Int, bytes: Int)] = []
        for name in names where Self.isTable(name) {
            let path = folder + name
            guard let found = Self.identity(path) else { continue }
            let used = name == newest ? Int.max : Int(found.modified / 1_000_000_000)
            tables.append((path, used, found.size))
        }
        tables.sort { ($0.used, $0.path) < ($1.used, $1.path) }
        var bytes = tables.reduce(0) { $0 + $1.bytes }
        for table in tables
        where table.used < Int.max && (bytes > Self.mostBytes || now - table.used > Self.mostAge) {
            unlink(table.path)
            bytes -= table.bytes
        }
    }

    /// As ``TableCache`` names its files: a digest's 64 digits.
    private static func isTable(_ name: String) -> Bool {
        let digits = name.utf8.dropLast(".table".utf8.count)
        return name.hasSuffix(".table") && digits.count == 64
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Of the path itself: a link is no table.
    private static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileIdentity(status)
    }
}
