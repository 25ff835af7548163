import Platform

/// A folder that holds one table in many files, as Spark, Dask and others write it.
struct TableFolder {
    /// Its files by the bytes of their names, as messages name them. What begins with a point or an
    /// underscore, such as `_SUCCESS`, is none of the table.
    let files: [String]

    /// - Parameters:
    ///   - path: as messages name it.
    ///   - place: where it is.
    init(_ path: String, at place: String) throws(DataError) {
        func unreadable(_ reason: String) -> DataError { .unreadable(file: path, reason: reason) }
        for (mark, reason) in Self.marks
        where FileSystem.kind(of: DataEnvironment.join(place, mark)) == .folder {
            throw unreadable(reason)
        }
        var files: [String] = []
        for member in FileSystem.members(of: place) {
            let name = String(member.split(separator: "/").last ?? "")
            if name.hasPrefix("_") { continue }
            let named = DataEnvironment.join(path, name)
            switch FileSystem.kind(of: member) {
            case .file: files.append(named)
            case .folder:
                throw unreadable(
                    "it is a folder with folders within, such as '\(name)': the pattern "
                        + "'\(DataEnvironment.join(path, "*/*"))' reads their files; what folders "
                        + "are called makes no column")
            default: break
            }
        }
        self.files = files
        guard let first = files.first else {
            throw unreadable("it is a folder without files of a table")
        }
        if let other = files.first(where: { Self.ending($0) != Self.ending(first) }) {
            throw unreadable(
                "it is a folder of different files, such as '\(first)' and '\(other)': a pattern, as "
                    + "'\(DataEnvironment.join(path, "*" + Self.ending(first)))' is one, says which "
                    + "are the table")
        }
    }

    /// What stands behind the last point of a file's name, with it; Spark's have several.
    private static func ending(_ file: String) -> String {
        let name = file.split(separator: "/").last ?? ""
        return name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
    }

    /// Folders within that tell that not all files count.
    private static let marks = [
        (
            "_delta_log",
            "it is a table of Delta Lake, whose log says which of its files count: save what it "
                + "holds as Parquet"
        ),
        (
            ".hoodie",
            "it is a table of Hudi, whose log says which of its files count: save what it holds as "
                + "Parquet"
        ),
        ("_temporary", "it is not written to the end: '_temporary' is still within"),
    ]
}
