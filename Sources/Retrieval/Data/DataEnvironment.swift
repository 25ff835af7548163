import Platform
import Safeguards

/// What the data layer sees of the machine, as a value: no global state is consulted elsewhere.
public struct DataEnvironment: Sendable {
    /// Absolute; relative paths are resolved against it.
    public var workingDirectory: String
    /// Environment variables; a download tool is found by `PATH` and inherits them all.
    public var variables: [String: String]
    /// False forbids downloads, whatever a source allows.
    public var allowsDownloads: Bool
    /// False forbids generated stand-ins for missing data, whatever a spec allows.
    public var allowsStandIns = true
    /// Where to look for data first; nil to go by the usual places.
    public var dataDirectory: String?
    /// How many threads may read at a time; it changes nothing of what is read.
    public var threads = MachineLimits.current.threads

    public init(
        workingDirectory: String, variables: [String: String], allowsDownloads: Bool = true
    ) {
        self.workingDirectory = workingDirectory
        self.variables = variables
        self.allowsDownloads = allowsDownloads
    }

    /// That of the running process.
    public static var process: DataEnvironment {
        DataEnvironment(
            workingDirectory: FileManager.default.currentDirectoryPath,
            variables: ProcessEnvironment.variables)
    }

    /// A variable's value; nil where it is unset or empty.
    public func variable(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The path, made absolute by the working directory.
    public func resolve(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        var path = Substring(path)
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        return path.isEmpty || path == "."
            ? workingDirectory : Self.join(workingDirectory, String(path))
    }

    /// The user's folder for files that can be had again: `$XDG_CACHE_HOME/tfrs-run` (where that
    /// is an absolute path, as the XDG base directory specification requires), else
    /// `~/.cache/tfrs-run`, on macOS `~/Library/Caches/tfrs-run`. Nil without a home.
    public var cacheDirectory: String? {
        if let caches = variable("XDG_CACHE_HOME"), caches.hasPrefix("/") {
            return Self.join(caches, "tfrs-run")
        }
        guard let home = variable("HOME") else { return nil }
        #if os(macOS)
            return Self.join(home, "Library/Caches/tfrs-run")
        #else
            return Self.join(home, ".cache/tfrs-run")
        #endif
    }

    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }
}
