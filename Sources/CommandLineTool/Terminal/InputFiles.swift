import Safeguards

/// What a path that is read stands for on the disk.
enum InputFiles {
    /// The files of a path, of a pattern of the shell's, or of RecBole's prefix.
    static func matching(_ path: String) -> [String] {
        let named = [path] + ["inter", "user", "item"].map { "\(path).\($0)" }
        let found = named.filter(isFile)
        guard found.isEmpty, path.contains(where: { "*?[".contains($0) }) else { return found }
        return PathPattern.matches(of: path)
    }

    static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }
    static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private static func kind(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }
}
