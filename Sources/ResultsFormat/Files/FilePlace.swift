import Safeguards

/// Which file a path means, so that two ways to write one are known for the same: links followed,
/// and for a file that is not there yet its name in its folder.
public enum FilePlace: Hashable, Sendable {
    /// A file that is there, by its device and number.
    case file(device: UInt64, number: UInt64)
    /// A file that is not there yet, by its name and its folder's device and number.
    case name(String, device: UInt64, number: UInt64)
    /// Neither the file nor its folder is there.
    case path(String)

    public init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            self = .file(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
            return
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let name = String(parts.last ?? "")
        let folder = String(path.dropLast(name.utf8.count))
        if stat(folder.isEmpty ? "." : folder, &status) == 0 {
            self = .name(
                name, device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        } else {
            let whole = path.hasPrefix("/") ? path : Self.workingDirectory + "/" + path
            let plain = Self.withoutDetours(whole)
            self = plain == whole ? .path(whole) : FilePlace(plain)
        }
    }

    /// A path that does not go back from folders that are not there: once they are made,
    /// `new/../a` is `a`. Steps back from folders that are there stay, for they may be links.
    private static func withoutDetours(_ path: String) -> String {
        var kept: [Substring] = []
        var missing = 0
        for step in path.split(separator: "/") where step != "." {
            if step == "..", missing > 0 {
                kept.removeLast()
                missing -= 1
                continue
            }
            kept.append(step)
            var status = stat()
            if missing > 0 || stat("/" + kept.joined(separator: "/"), &status) != 0 {
                missing += 1
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
