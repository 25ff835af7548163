import Safeguards

/// How text from a file is shown on a terminal: nothing in it may act on the terminal, and carets
/// must stand under what they mean.
enum DisplayText {
    /// A text from the file for use inside a message: in quotes, escaped, and cut when long.
    static func quoted(_ text: String, maximumLength: Int = 60) -> String {
        let cut = text.unicodeScalars.prefix(maximumLength)
        let isWhole = cut.endIndex == text.unicodeScalars.endIndex
        return "'" + VisibleText.line(String(cut)) + (isWhole ? "'" : "…'")
    }

    /// The character to show in a quoted line; as many as there were, so that columns stay.
    static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar != "\t" && VisibleText.isHarmful(scalar) ? "\u{FFFD}" : scalar
    }

    /// Terminal cells that a character takes, by an approximation of Unicode's East Asian Width
    /// (UAX #11): 0 for combining marks and joiners, 2 for wide scripts and emoji, else 1.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
