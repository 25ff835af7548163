import Safeguards

/// The one line that says how far something is: drawn anew some ten times a second on a terminal,
/// and said every half minute where it goes to a file or another program. From any thread.
final class LiveLineWriter: Sendable {
    private let area: LiveArea
    private let interval: Duration
    private let last: Guarded<ContinuousClock.Instant>

    init(_ terminal: LiveTerminal) {
        area = LiveArea(terminal)
        interval = terminal.isLive ? .milliseconds(100) : .seconds(30)
        last = Guarded(terminal.isLive ? .now - .seconds(1) : .now)
    }

    /// Shows a line, unless the one before was shown just now.
    func draw(_ line: () -> LiveLine) {
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            guard now - last >= interval else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = line()
        if area.terminal.isLive {
            area.show([line.text(width: area.terminal.width - 1)])
        } else {
            area.say(line.plain)
        }
    }

    func draw(_ line: LiveLine) { draw { line } }

    func draw(_ text: String) {
        draw {
            var line = LiveLine()
            line.add(text, importance: 0)
            return line
        }
    }

    /// Says a line that stays.
    func say(_ line: String) { area.say(line) }

    /// Takes the line back, if it stands there.
    func clear() { area.clear() }
}
