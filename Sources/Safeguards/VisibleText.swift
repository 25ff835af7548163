/// Text from anywhere as it may be shown: nothing in it acts on a terminal, on the log of a CI job
/// or on the order in which its neighbours are read.
package enum VisibleText {
    /// On one line: everything that acts, line breaks and tabs included, written as an escape.
    package static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars { append(scalar, to: &shown) }
        return shown
    }

    /// On as many lines as it has: line feeds and tabs stay. A line that GitHub's runner would take
    /// for a command (`::set-output`, `##[add-path]`) has its mark written as an escape.
    package static func lines(_ text: String) -> String {
        let isHarmless = !text.utf8.contains { $0 < 0x20 && $0 != 0x0A || $0 >= 0x7F }
        if isHarmless, !text.contains("::"), !text.contains("##[") { return text }
        // By scalars: as a character, a line feed after a carriage return is another.
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            withoutCommands($0) { scalar in isHarmful(scalar) && scalar != "\t" }
        }.joined(separator: "\n")
    }

    private static func withoutCommands(
        _ line: Substring.UnicodeScalarView, _ isHarmful: (Unicode.Scalar) -> Bool
    ) -> String {
        var shown = ""
        // GitHub looks past white space, by .NET's idea of it.
        var isBeginning = true
        var last: [Unicode.Scalar] = []
        for scalar in line {
            let isCommand =
                isBeginning && scalar == ":" || scalar == "[" && last == ["#", "#"]
            if isCommand || isHarmful(scalar) {
                append(scalar, to: &shown, always: isCommand)
            } else {
                shown.unicodeScalars.append(scalar)
            }
            if !scalar.properties.isWhitespace { isBeginning = false }
            last = (last + [scalar]).suffix(2)
        }
        return shown
    }

    private static func append(
        _ scalar: Unicode.Scalar, to shown: inout String, always: Bool = false
    ) {
        switch scalar {
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        case _ where always || isHarmful(scalar):
            shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: shown.unicodeScalars.append(scalar)
        }
    }

    /// Control characters, line separators, marks that change the direction of writing or are not
    /// seen, and what is no character.
    package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xFFFE...0xFFFF, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
