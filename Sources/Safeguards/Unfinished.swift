/// What this process would leave behind if it ended now: files and folders that are not whole yet,
/// and programs that it started. Whoever ends the process early clears them.
package enum Unfinished {
    private struct Things {
        var paths: Set<String> = []
        var children: Set<pid_t> = []
        var sweptFolders: Set<String> = []
    }

    private static let things = Guarded(Things())

    /// A file or folder that is to be removed if the process ends.
    package static func note(path: String) { things.withLock { _ = $0.paths.insert(path) } }
    package static func forget(path: String) { things.withLock { _ = $0.paths.remove(path) } }

    /// A started program that is to end with the process.
    package static func note(child: pid_t) { things.withLock { _ = $0.children.insert(child) } }
    package static func forget(child: pid_t) { things.withLock { _ = $0.children.remove(child) } }

    /// Ends the programs and removes the files, so far as that is quickly done.
    package static func clear() {
        guard let found = things.withLockIfAvailable({ $0 }) else { return }
        for child in found.children { kill(child, SIGKILL) }
        for path in found.paths { remove(path) }
    }

    /// Removes a file, or a folder with what it holds; links are not followed.
    package static func remove(_ path: String, depth: Int = 0) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        guard depth < 4, let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = FolderEntry.name(entry)
            if name != ".", name != ".." { remove(path + "/" + name, depth: depth + 1) }
        }
        closedir(folder)
        rmdir(path)
    }

    // MARK: What others left

    /// Removes the files of a folder that processes left which were killed: those of a prefix and
    /// an ending that nobody holds locked. Looks once in each folder.
    package static func sweep(_ folder: String, prefix: String, suffix: String) {
        let isNew = things.withLock { $0.sweptFolders.insert(folder + "/" + prefix).inserted }
        guard isNew, let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        var left: [String] = []
        while let entry = readdir(entries) {
            let name = FolderEntry.name(entry)
            if name.hasPrefix(prefix), name.hasSuffix(suffix) { left.append(folder + "/" + name) }
        }
        for path in left where !isHeld(path) { remove(path) }
    }

    /// Whether somebody has the file locked, or it may not be asked.
    private static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Locks a file or folder that was just made for as long as its descriptor is open, so that no
    /// other process takes it for one that was left.
    ///
    /// - Returns: false where another process has removed it meanwhile.
    package static func hold(_ descriptor: Int32) -> Bool {
        var status = stat()
        // Not every file system locks; there nothing is swept either.
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }
}

/// An entry of a folder as the system lists it.
enum FolderEntry {
    static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(
                to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)
            ) {
                String(cString: $0)
            }
        }
    }
}
