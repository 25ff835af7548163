import Platform

/// The columns of a terminal.
enum TerminalWidth {
    /// Those that standard output has; nil where it goes to a file or another program, which break
    /// no lines.
    static var ofOutput: Int? { of(STDOUT_FILENO) }

    /// The same of standard error.
    static var ofErrors: Int? { of(STDERR_FILENO) }

    private static func of(_ descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(20, Int(size.ws_col))
    }
}
