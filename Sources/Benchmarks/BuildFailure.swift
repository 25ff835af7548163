import Platform

/// A program that cannot be measured: it does not start, ends badly, or says nothing of use.
public struct BuildFailure: Error, CustomStringConvertible {
    public var description: String
}

extension ChildProgram {
    /// Runs a program to its end.
    ///
    /// - Returns: what it took.
    /// - Throws: ``BuildFailure`` if it cannot be started or does not end well.
    package static func run(_ words: [String]) throws(BuildFailure) -> ChildProcess {
        let process: ChildProcess
        do {
            process = try ChildProgram(words[0], Array(words.dropFirst())).start()
        } catch {
            throw BuildFailure(description: error.description)
        }
        switch process.wait() {
        case .exited(status: 0): return process
        case .exited(let status): throw failure(words, "status \(status)")
        case .signalled(let signal): throw failure(words, "signal \(signal)")
        }
    }

    private static func failure(_ words: [String], _ end: String) -> BuildFailure {
        BuildFailure(description: "'\(words.joined(separator: " "))' ended with \(end)")
    }
}
