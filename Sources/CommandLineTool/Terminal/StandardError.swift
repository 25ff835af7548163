import Experiments
import Platform
import Safeguards

/// The stream for everything that is not a result.
enum StandardError {
    static var isTerminal: Bool { !Stream.isHeld && isatty(STDERR_FILENO) == 1 }

    /// From now on this process says nothing: another one speaks for all. What it would have said
    /// is kept, for the case that it alone fails.
    static func hold() { Stream.hold() }

    /// Says what was held back last, and who says it; nothing where nothing was to be held back.
    static func tellHeld(as name: String) {
        guard let text = Stream.release() else { return }
        write("\(name): \(text.isEmpty ? "tfrs-run: failed\n" : text)")
    }

    /// Writes lines, of which nothing acts on the terminal or on a job that reads the log.
    static func write(_ text: String) {
        Stream.write(VisibleText.lines(text), to: STDERR_FILENO)
    }

    /// Writes one line, whatever the text holds.
    static func writeLine(_ text: String) {
        write(VisibleText.line(text) + "\n")
    }

    /// Writes what is meant to act on the terminal.
    static func control(_ text: String) {
        Stream.write(text, to: STDERR_FILENO)
    }

    /// Every error of a spec, compiler style.
    static func write(_ error: SpecError) {
        write(error.diagnostics.rendered(width: TerminalWidth.ofErrors))
    }
}

/// The stream of results. What cannot be written there is an error: a script that reads half of it
/// must not take it for the whole.
enum StandardOutput {
    /// Writes lines for people, of which nothing acts on a terminal.
    static func writeText(_ text: String) throws(ExitStatus) {
        try write(VisibleText.lines(text))
    }

    static func writeLine(_ text: String) throws(ExitStatus) {
        try write(VisibleText.line(text) + "\n")
    }

    /// Writes a document of JSON, in which no line says `##[`, by which GitHub's runner knows
    /// commands wherever they stand; such a text can only be part of a string.
    static func write(json text: String) throws(ExitStatus) {
        try write(text.replacing("##[", with: "#\\u0023["))
    }

    /// Writes for programs, exactly: documents, and what a job on GitHub is to act on.
    static func write(_ text: String) throws(ExitStatus) {
        guard let reason = Stream.write(text, to: STDOUT_FILENO) else { return }
        StandardError.writeLine("tfrs-run: cannot write to the standard output: \(reason)")
        throw .runFailed
    }
}

private enum Stream {
    /// What is kept of what is not said, the end of it; nil: all is said.
    private static let held = Guarded<String?>(nil)
    private static let mostHeld = 8192

    static var isHeld: Bool { held.withLock { $0 != nil } }

    static func hold() { held.withLock { $0 = "" } }

    static func release() -> String? { held.withLock { $0.take() } }

    private static func keeps(_ text: String, _ descriptor: Int32) -> Bool {
        held.withLock { held in
            guard let before = held else { return false }
            if descriptor == STDERR_FILENO { held = String((before + text).suffix(mostHeld)) }
            return true
        }
    }

    /// - Returns: why not all was written; nil where it was.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> String? {
        if keeps(text, descriptor) { return nil }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                #elseif canImport(Musl)
                    Musl.write(descriptor, $0.baseAddress, $0.count)
                #else
                    Darwin.write(descriptor, $0.baseAddress, $0.count)
                #endif
            }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno == EAGAIN {
                // Somebody else made it one that does not wait.
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, 1000)
            } else if errno != EINTR {
                return String(cString: strerror(errno))
            }
        }
        return nil
    }
}
