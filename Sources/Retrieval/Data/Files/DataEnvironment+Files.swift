extension DataEnvironment {
    /// Whether nothing stands at a path.
    package func isFree(_ path: String) -> Bool { FileSystem.kind(of: resolve(path)) == nil }

    /// What the folder of a path holds, by name.
    package func names(beside path: String) -> [String] {
        let folder = resolve(path).split(separator: "/").dropLast().joined(separator: "/")
        return FileSystem.members(of: "/" + folder).compactMap {
            $0.split(separator: "/").last.map(String.init)
        }
    }
}
