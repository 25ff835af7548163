import Platform
import Safeguards

/// The terminal that standard error leads to, for what is drawn over and over at one place.
struct LiveTerminal {
    /// Whether anything may be drawn anew: false for files, pipes and terminals that know no
    /// escapes.
    let isLive: Bool
    /// Whether colours are wanted as well.
    let hasColors: Bool
    /// Whether lines that are longer than a window that was narrowed are broken anew, as most
    /// terminals do; the others cut them.
    private let reflows: Bool

    /// - Parameter isTerminal: whether somebody looks at standard error.
    init(isTerminal: Bool = StandardError.isTerminal) {
        // Where nobody says what the terminal is, as in some jobs, it may be anything.
        let kind = ProcessEnvironment.variable("TERM") ?? "dumb"
        isLive = isTerminal && kind != "dumb"
        hasColors = isLive && ProcessEnvironment.variable("NO_COLOR") == nil
        // Those of X, of GNU screen and of the console.
        reflows =
            ["XTERM_VERSION", "STY"].allSatisfy { ProcessEnvironment.variable($0) == nil }
            && !["linux", "rxvt"].contains { kind.hasPrefix($0) }
    }

    /// Columns, asked for anew each time: a window changes its size while a run goes on.
    var width: Int {
        var size = winsize()
        guard isLive, ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return max(10, Int(size.ws_col))
    }

    /// What takes lines back from the terminal, the cursor being behind the last of them.
    ///
    /// - Parameter columns: of each line, as it was drawn.
    func erasure(of columns: [Int]) -> String {
        guard !columns.isEmpty else { return "" }
        let width = width
        let rows = columns.reduce(0) { $0 + (reflows ? max(1, ($1 + width - 1) / width) : 1) }
        return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\u{1B}[0J"
    }

    enum Color: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    /// Text in a colour, where colours are wanted; nothing in it acts on the terminal.
    func painted(_ text: String, _ color: Color) -> String {
        let shown = VisibleText.line(text)
        return hasColors ? "\u{1B}[\(color.rawValue)m\(shown)\u{1B}[0m" : shown
    }

    /// As much of a text as so many columns show.
    static func cut(_ text: String, to width: Int) -> String {
        guard columns(of: text) > width else { return text }
        var (shown, used) = ("", 1)
        for character in text {
            let next = columns(of: String(character))
            if used + next > width { break }
            used += next
            shown.append(character)
        }
        return width > 0 ? shown + "…" : ""
    }

    /// Columns that a text takes: two for the wide characters of East Asia and for emoji.
    static func columns(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: sum
            default: sum + (isWide(scalar) ? 2 : 1)
            }
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
