/// What the running process knows of itself.
package enum ProcessEnvironment {
    package static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// A variable's value; nil where it is unset or empty.
    package static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    package static var identifier: Int32 { getpid() }

    /// Where the running program's file is, links followed.
    package static let executablePath: String = {
        #if os(Linux)
            let path = "/proc/self/exe"
        #else
            var size: UInt32 = 0
            _NSGetExecutablePath(nil, &size)
            var bytes = [CChar](repeating: 0, count: Int(size))
            let path =
                _NSGetExecutablePath(&bytes, &size) == 0
                ? String(cString: bytes) : CommandLine.arguments[0]
        #endif
        guard let resolved = realpath(path, nil) else {
            return CommandLine.arguments.first ?? "tfrs-run"
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }()
}
