import Platform

/// The columns of a terminal.
enum TerminalWidth {
    /// Those that standard output has; nil where it goes to a file or another program, which break
    /// no lines.
    static var ofOutput: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(20, Int(size.ws_col))
    }
}
