import Safeguards

/// A new folder for work on files, which only this process uses. It goes with the process, however
/// that ends, or with the next that works in the same place.
struct Workshop {
    let path: String
    private let descriptor: Int32

    init(in folder: String, prefix: String) throws(FileFailure) {
        let suffix = ".work"
        Unfinished.sweep(folder, prefix: prefix, suffix: suffix)
        while true {
            let name = "\(prefix)\(String(UInt64.random(in: .min ... .max), radix: 36))\(suffix)"
            let path = DataEnvironment.join(folder, name)
            guard mkdir(path, 0o700) == 0 else {
                if errno == EEXIST { continue }
                throw FileFailure(path: folder)
            }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0, Unfinished.hold(descriptor) else {
                if descriptor >= 0 { close(descriptor) }
                continue
            }
            Unfinished.note(path: path)
            self.path = path
            self.descriptor = descriptor
            return
        }
    }

    func remove() {
        FileSystem.remove(path)
        close(descriptor)
        Unfinished.forget(path: path)
    }
}
