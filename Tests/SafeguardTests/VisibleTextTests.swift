import Safeguards
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("\u{1B}[2J", "\\u{1B}[2J"),
        ("a\u{85}b\u{2028}c", "a\\u{85}b\\u{2028}c"), ("\u{202E}abc", "\\u{202E}abc"),
        ("\u{9B}31m", "\\u{9B}31m"), ("\u{FEFF}x", "\\u{FEFF}x"),
        ("é e\u{301} 模型", "é e\u{301} 模型"),
        // A line break with a mark that combines with it is a line break.
        ("a\n\u{301}b", "a\\n\u{301}b"), ("a\r\nb", "a\\r\\nb"),
    ])
    func line(text: String, shown: String) {
        #expect(VisibleText.line(text) == shown)
        #expect(!VisibleText.line(text).unicodeScalars.contains(where: VisibleText.isHarmful))
    }

    @Test(arguments: [
        ("a\nb\tc\n", "a\nb\tc\n"),
        ("x\n::set-output name=a::b\n", "x\n\\u{3A}:set-output name=a::b\n"),
        ("  ::error::x", "  \\u{3A}:error::x"), ("a ::error::x", "a ::error::x"),
        ("##[add-path]/x", "##\\u{5B}add-path]/x"), ("a ##[x]", "a ##\\u{5B}x]"),
        ("a\r\n::x", "a\\r\n\\u{3A}:x"), ("\u{A0}::x", "\u{A0}\\u{3A}:x"),
    ])
    func lines(text: String, shown: String) {
        #expect(VisibleText.lines(text) == shown)
    }
}
