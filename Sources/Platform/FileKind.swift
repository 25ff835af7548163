/// What stands at a path, links followed.
package enum FileKind: Hashable, Sendable {
    case file, folder, other

    /// Nil where nothing stands there, or it cannot be reached.
    package init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        default: self = .other
        }
    }
}
