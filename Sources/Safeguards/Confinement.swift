/// Holds the process to some folders when it reads files: what a spec from a stranger may name is
/// decided by where the opened file really is, whatever links and patterns led to it.
package enum Confinement {
    private struct State {
        var folders: [String] = []
        var files: Set<String> = []
    }

    /// Nil: everything that the system lets the user read.
    private static let state = Guarded<State?>(nil)

    /// From now on only files in these folders are read, and those of ``allow(_:)``.
    package static func begin(folders: [String]) {
        let real = folders.compactMap(realPath)
        state.withLock { $0 = State(folders: real, files: $0?.files ?? []) }
    }

    /// Lets a file be read, or what a folder holds, that whoever runs the program named.
    package static func allow(_ path: String) {
        guard let real = realPath(path) else { return }
        var status = stat()
        let isFolder = stat(real, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        state.withLock { state in
            if isFolder { state?.folders.append(real) } else { state?.files.insert(real) }
        }
    }

    package static var isOn: Bool { state.withLock { $0 != nil } }

    /// A piece of a file's content for a message; where reading is confined, what was read may not
    /// be for the eyes of whoever wrote the spec.
    package static func content(_ text: String) -> String {
        isOn ? "what is not shown of untrusted runs" : text
    }

    static func allows(_ descriptor: Int32) -> Bool {
        !isOn || path(of: descriptor).map(isAllowed) ?? false
    }

    /// Whether a path leads to one of the folders, or to what they hold, wherever its links go.
    static func covers(_ path: String) -> Bool {
        !isOn || realPath(path).map(isAllowed) ?? false
    }

    /// - Parameter path: without links.
    private static func isAllowed(_ path: String) -> Bool {
        guard let state = state.withLock({ $0 }) else { return true }
        return state.files.contains(path)
            || state.folders.contains { $0 == "/" || path == $0 || path.hasPrefix($0 + "/") }
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func path(of descriptor: Int32) -> String? {
        #if canImport(Darwin)
            var bytes = [CChar](repeating: 0, count: Int(MAXPATHLEN))
            guard fcntl(descriptor, F_GETPATH, &bytes) == 0 else { return nil }
            return String(
                decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
            return realPath("/proc/self/fd/\(descriptor)")
        #endif
    }
}
