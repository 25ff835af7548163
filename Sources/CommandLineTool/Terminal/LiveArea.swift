import Safeguards

/// What is drawn over and over below everything else that is said; from any thread.
final class LiveArea: Sendable {
    let terminal: LiveTerminal
    /// The columns of the lines that stand there.
    private let drawn = Guarded<[Int]>([])

    init(_ terminal: LiveTerminal) { self.terminal = terminal }

    /// Shows lines in place of those that stand there. None is broken: a terminal that breaks one
    /// would leave half of it behind at the next drawing.
    func show(_ lines: [String]) {
        drawn.withLock { drawn in
            let width = terminal.width - 1
            let lines = lines.map { LiveTerminal.cut(VisibleText.line($0), to: width) }
            StandardError.control(terminal.erasure(of: drawn) + lines.joined(separator: "\r\n"))
            drawn = lines.map(LiveTerminal.columns)
        }
    }

    /// Takes back what stands there.
    func clear() { clear {} }

    /// Says a line that stays, in place of what stands there.
    func say(_ line: String) { clear { StandardError.writeLine(line) } }

    private func clear(then say: () -> Void) {
        drawn.withLock { drawn in
            if !drawn.isEmpty { StandardError.control(terminal.erasure(of: drawn)) }
            drawn = []
            say()
        }
    }
}
