/// A file that was named by somebody, open for reading: surely a regular one of a disk, so that
/// reading it comes to an end and has no effects.
package final class RegularFile: Sendable {
    package let descriptor: Int32
    package let status: stat

    /// Why a path is not read.
    package enum Refusal: Error, Hashable, Sendable {
        case missing
        case directory
        /// A device, a pipe, a socket, or what a system shows of itself as files (`/proc`, `/sys`).
        case notRegular
        /// In the words of the system.
        case unreadable(String)
        /// Outside of the folders to which ``Confinement`` holds the process.
        case outside
    }

    /// - Parameter showsSystem: whether what a system shows of itself is taken for files too.
    package init(path: String, showsSystem: Bool = false) throws(Refusal) {
        // The system would open the path up to the NUL, which is another file.
        guard !path.utf8.contains(0) else { throw .missing }
        // Opening a pipe blocks until somebody writes, unless told not to.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let refusal = Self.refusal(errno)
            close(descriptor)
            throw refusal
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG, showsSystem || !Self.isOfTheSystem(status.st_dev) else {
            close(descriptor)
            throw kind == S_IFDIR ? .directory : .notRegular
        }
        guard Confinement.allows(descriptor) else {
            close(descriptor)
            throw .outside
        }
        self.descriptor = descriptor
        self.status = status
    }

    deinit { close(descriptor) }

    private static func refusal(_ code: Int32) -> Refusal {
        switch code {
        case ENOENT, ENOTDIR: .missing
        case EISDIR: .directory
        case EACCES, EPERM: .unreadable("permission denied")
        // A socket, or a device that is not there.
        case ENXIO, ENODEV: .notRegular
        default: .unreadable(strerror(code).map { String(cString: $0) } ?? "error \(code)")
        }
    }

    /// Files of `/proc` and `/sys` are regular by name, and hold the environment of processes.
    private static func isOfTheSystem(_ device: dev_t) -> Bool { systemDevices.contains(device) }

    /// The devices of what a system shows of itself, where they are mounts of their own.
    private static let systemDevices: Set<dev_t> = {
        let root = device(of: "/")
        let places = [
            "/proc", "/sys", "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/kernel/debug",
            "/sys/kernel/tracing", "/sys/kernel/security",
        ]
        return Set(places.compactMap(device).filter { $0 != root })
    }()

    private static func device(of path: String) -> dev_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_dev : nil
    }
}

extension RegularFile.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "No such file or directory"
        case .directory: "not a regular file"
        case .notRegular: "not a regular file"
        case .unreadable(let reason): reason
        case .outside: "it is outside of the folders that --untrusted lets a spec read"
        }
    }
}
