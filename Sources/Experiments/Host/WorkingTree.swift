import Platform
import Safeguards

/// The commit of the Git working tree around a file, read off its files: no program is run, for a
/// repository can make one run others.
enum WorkingTree {
    /// Forty or sixty-four hexadecimal digits; nil outside of a working tree, or where it may not
    /// be read.
    static func commit(around path: String) -> String? {
        guard !Confinement.isOn, let absolute = realpath(path, nil) else { return nil }
        defer { free(absolute) }
        var folder = String(cString: absolute)
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            guard let git = gitFolder(in: folder) else { continue }
            return commit(of: git)
        }
        return nil
    }

    /// `.git` is a folder, or the name of one in a file.
    private static func gitFolder(in folder: String) -> String? {
        let path = folder + "/.git"
        switch FileKind(of: path) {
        case .folder: return path
        case .file:
            guard let text = line(of: path), text.hasPrefix("gitdir: ") else { return nil }
            let named = String(text.dropFirst(8))
            return named.hasPrefix("/") ? named : folder + "/" + named
        default: return nil
        }
    }

    private static func commit(of git: String) -> String? {
        guard let head = line(of: git + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return hash(head) }
        let name = String(head.dropFirst(5))
        // References of linked trees stand in the folder that they have in common.
        let common = line(of: git + "/commondir").map { $0.hasPrefix("/") ? $0 : git + "/" + $0 }
        for folder in [git, common].compactMap(\.self) {
            if let found = line(of: folder + "/" + name).flatMap(hash) { return found }
            guard let packed = text(of: folder + "/packed-refs") else { continue }
            for entry in packed.split(separator: "\n") where entry.hasSuffix(" " + name) {
                if let found = hash(String(entry.prefix { $0 != " " })) { return found }
            }
        }
        return nil
    }

    private static func hash(_ text: String) -> String? {
        let isHash =
            [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        return isHash ? text : nil
    }

    private static func line(of path: String) -> String? {
        text(of: path)?.split(separator: "\n").first.map(String.init)
    }

    private static func text(of path: String) -> String? {
        guard let file = try? RegularFile(path: path) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                FileDescriptor.readSome(
                    file.descriptor, into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
            }
            if got <= 0 { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
