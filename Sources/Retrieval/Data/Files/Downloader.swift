import Platform

/// Why a download failed, in words.
struct DownloadFailure: Error, Hashable {
    var reason: String
}

/// Fetches one file by `curl`, or else `wget`: both are nearly everywhere, know the machine's
/// proxies and certificates, and cost nothing when there is nothing to fetch.
struct Downloader {
    var url: String
    /// Seconds until the connection must stand.
    var connectTimeout = 20
    /// Seconds until the download must be complete.
    var totalTimeout = 600
    /// Bytes the file may have.
    var limit = 256 << 20

    /// Writes the file to `path`, in a folder of the caller's own, and answers once it is there.
    func download(
        to path: String, environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DownloadFailure) {
        let errorFile = path + ".stderr"
        let tool = try tool(writingTo: path, environment: environment)
        let program = ChildProgram(
            tool.executable, tool.arguments, variables: environment.variables,
            errorFile: errorFile)
        let clock = ContinuousClock()
        // The tool's own limits come first; these hold for a tool that has none.
        let deadline = clock.now + .seconds(totalTimeout + 5)
        var reported = 0
        var isTooLarge = false
        progress(.downloading(url: url, bytes: 0))
        let ending: ChildProcess.Ending?
        do {
            ending = try program.start().wait {
                let size = FileSystem.size(of: path) ?? 0
                if size > reported {
                    reported = size
                    progress(.downloading(url: url, bytes: size))
                }
                isTooLarge = size > limit
                return !isTooLarge && clock.now < deadline
            }
        } catch {
            throw DownloadFailure(
                reason: "'\(error.program)' does not start: \(error.reason)")
        }
        switch ending {
        case .exited(status: 0): break
        case .exited(let status):
            throw DownloadFailure(
                reason: lastLine(of: errorFile) ?? "\(tool.name) ended with status \(status)")
        case .signalled(let signal):
            throw DownloadFailure(reason: "\(tool.name) was ended by signal \(signal)")
        case nil:
            throw DownloadFailure(
                reason: isTooLarge
                    ? "more than \(limit) bytes" : "not complete after \(totalTimeout) s")
        }
        guard FileSystem.kind(of: path) == .file else {
            throw DownloadFailure(reason: "\(tool.name) delivered no file")
        }
    }

    private func tool(
        writingTo path: String, environment: DataEnvironment
    ) throws(DownloadFailure) -> (name: String, executable: String, arguments: [String]) {
        if let curl = find("curl", environment) {
            let arguments = [
                "--fail", "--location", "--silent", "--show-error",
                "--proto", "=https,http,file", "--proto-redir", "=https,http",
                "--connect-timeout", "\(connectTimeout)", "--max-time", "\(totalTimeout)",
                "--max-filesize", "\(limit)", "--output", path, "--url", url,
            ]
            return ("curl", curl, arguments)
        }
        if let wget = find("wget", environment) {
            let arguments = [
                "--no-verbose", "--tries=1", "--connect-timeout=\(connectTimeout)",
                "--read-timeout=60", "--output-document=\(path)", "--", url,
            ]
            return ("wget", wget, arguments)
        }
        throw DownloadFailure(reason: "neither curl nor wget is in a folder of PATH")
    }

    private func find(_ name: String, _ environment: DataEnvironment) -> String? {
        let folders = (environment.variable("PATH") ?? "").split(separator: ":")
        let path = folders.map { environment.resolve(String($0)) }.joined(separator: ":")
        return ChildProgram.find(name, in: path)
    }

    /// The last line that the tool wrote, which says what went wrong.
    private func lastLine(of file: String) -> String? {
        guard let bytes = try? FileSystem.contents(of: file, limit: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline).last.map(String.init)
    }
}
