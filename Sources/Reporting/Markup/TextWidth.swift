import Safeguards

/// How wide text becomes, without a font to ask: an estimate from above for sans-serif fonts.
enum TextWidth {
    /// In units of the font's size.
    static func of(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The text, or as much of its two ends as fits: names that look alike often differ at one.
    static func fitting(_ text: String, into width: Double, fontSize: Double) -> String {
        // What is shown as an escape takes the room of one.
        let text = VisibleText.line(text)
        let room = width / fontSize
        guard of(text) > room else { return text }
        let characters = Array(text)
        var (head, tail) = (0, 0)
        var used = self.width("…")
        while head + tail < characters.count {
            let takesHead = head <= tail
            let next = takesHead ? characters[head] : characters[characters.count - 1 - tail]
            used += of(String(next))
            if used > room { break }
            if takesHead { head += 1 } else { tail += 1 }
        }
        return String(characters.prefix(head)) + "…" + String(characters.suffix(tail))
    }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "!", "|", "'", ".", ",", ":", ";", " ": return 0.36
        case "f", "r", "t", "(", ")", "[", "]", "/", "-", "\"": return 0.46
        case "m", "w", "M", "W", "@", "%", "…": return 1
        case "A"..."Z", "&", "#": return 0.8
        case "+", "=", "<", ">", "~": return 0.87
        case "\u{21}"..."\u{7E}": return 0.65
        default: break
        }
        // Marks that stand on their neighbour, and what joins emoji.
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return scalar.value < 0x1100 ? 0.8 : 1.4
        }
    }
}
