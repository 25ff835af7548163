import Testing
import YAMLTree

struct RenderingTests {
    private func rendered(
        _ text: String, _ start: (Int, Int), _ end: (Int, Int),
        _ severity: Diagnostic.Severity = .error, message: String = "wrong"
    ) -> String {
        Diagnostic(
            severity: severity, message: message, source: SourceFile(name: "f.yaml", text: text),
            range: SourceRange(
                start: SourceMark(line: start.0, column: start.1),
                end: SourceMark(line: end.0, column: end.1))
        ).rendered
    }

    @Test func aValue() throws {
        let root = try read("train:\n  epochs: 3\n  learning_rate: fast\n")
        let node = try #require(root.mapping?["train"]?.mapping?["learning_rate"])
        let diagnostic = Diagnostic(
            message: "'learning_rate' requires a number; found 'fast'", source: node.source,
            range: node.range)
        #expect(
            diagnostic.rendered == """
                spec.yaml:3:18: error: 'learning_rate' requires a number; found 'fast'
                    3 |   learning_rate: fast
                      |                  ^~~~

                """)
        #expect(
            diagnostic.description
                == "spec.yaml:3:18: error: 'learning_rate' requires a number; found 'fast'")
    }

    @Test func aPlaceAndAWarning() {
        #expect(
            rendered("a: 1\n", (1, 5), (1, 5), .warning)
                == "f.yaml:1:5: warning: wrong\n    1 | a: 1\n      |     ^\n")
    }

    @Test func severalLinesAreMarkedOnTheFirst() {
        #expect(
            rendered("a: [1,  \n  2]\n", (1, 4), (2, 5))
                == "f.yaml:1:4: error: wrong\n    1 | a: [1,  \n      |    ^~~\n")
    }

    @Test func lineNumbersOfAnyLength() {
        let text = String(repeating: "\n", count: 123_455) + "abc\n"
        #expect(
            rendered(text, (123_456, 2), (123_456, 4))
                == "f.yaml:123456:2: error: wrong\n123456 | abc\n       |  ^~\n")
        #expect(
            rendered(text.dropFirst(123_444).description, (12, 1), (12, 2))
                == "f.yaml:12:1: error: wrong\n   12 | abc\n      | ^\n")
    }

    @Test func tabsAndCarriageReturns() {
        #expect(
            rendered("[\t1,\tx]\r\n", (1, 6), (1, 7))
                == "f.yaml:1:6: error: wrong\n    1 | [\t1,\tx]\n      |  \t  \t^\n")
    }

    @Test func wideAndCombiningCharacters() {
        #expect(
            rendered("映画: é e\u{301} 😀😀 x", (1, 10), (1, 12))
                == "f.yaml:1:10: error: wrong\n    1 | 映画: é e\u{301} 😀😀 x\n"
                + "      |           ^~~~\n")
    }

    @Test func nothingReachesTheTerminal() {
        #expect(
            rendered("a: \u{1B}[2J \u{202E}b", (1, 1), (1, 2), message: "no\n'\u{1B}[2J'\u{202E}")
                == "f.yaml:1:1: error: no\\n'\\u{1B}[2J'\\u{202E}\n"
                + "    1 | a: \u{FFFD}[2J \u{FFFD}b\n      | ^\n")
    }

    @Test func longLinesAreCut() {
        let line = String(repeating: "x", count: 500) + "HERE" + String(repeating: "y", count: 500)
        let shown =
            "…" + String(repeating: "x", count: 40) + "HERE" + String(repeating: "y", count: 76)
            + "…"
        #expect(
            rendered(line, (1, 501), (1, 505))
                == "f.yaml:1:501: error: wrong\n    1 | \(shown)\n"
                + "      | \(String(repeating: " ", count: 41))^~~~\n")
    }

    /// A terminal that breaks the line would leave the caret beneath another place.
    @Test(arguments: [30, 40, 79, 200])
    func longLinesAreCutForATerminal(width: Int) {
        let line = String(repeating: "x", count: 70) + "HERE" + String(repeating: "y", count: 70)
        let range = SourceRange(
            start: SourceMark(line: 1, column: 71), end: SourceMark(line: 1, column: 75))
        let lines = Diagnostic(
            message: "wrong", source: SourceFile(name: "f.yaml", text: line), range: range
        ).rendered(width: width).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.dropFirst().allSatisfy { $0.count <= width })
        let place = lines[1].firstRange(of: "HERE")?.lowerBound
        let caret = lines[2].firstRange(of: "^~~~")?.lowerBound
        #expect(
            place.map { lines[1].distance(from: lines[1].startIndex, to: $0) }
                == caret.map { lines[2].distance(from: lines[2].startIndex, to: $0) })
    }

    @Test func aLongRangeStopsAtTheCut() {
        let line = String(repeating: "x", count: 500)
        let shown = String(repeating: "x", count: 120) + "…"
        #expect(
            rendered(line, (1, 1), (1, 501))
                == "f.yaml:1:1: error: wrong\n    1 | \(shown)\n"
                + "      | ^\(String(repeating: "~", count: 119))\n")
    }

    @Test func nothingToQuote() {
        #expect(rendered("", (1, 1), (1, 1)) == "f.yaml:1:1: error: wrong\n")
        #expect(rendered("a\n  \n", (2, 1), (2, 1)) == "f.yaml:2:1: error: wrong\n")
        #expect(rendered("a\n", (9, 1), (9, 1)) == "f.yaml:9:1: error: wrong\n")
        #expect(
            rendered("a\n", (1, 50), (1, 60))
                == "f.yaml:1:50: error: wrong\n    1 | a\n      |  ^\n")
        let diagnostic = Diagnostic(
            message: "wrong", source: SourceFile(name: "f.yaml", text: "a\n"), range: .wholeFile)
        #expect(diagnostic.rendered == "f.yaml: error: wrong\n")
    }

    @Test func badBytesAreQuotedRepaired() throws {
        let error = try #require(failure(bytes: Array("a: 1\nb: ".utf8) + [0xFF, 0x78]))
        #expect(
            error.diagnostic.rendered
                == "spec.yaml:2:4: error: the byte 0xFF is not valid UTF-8 here\n"
                + "    2 | b: \u{FFFD}x\n      |    ^\n")
    }

    @Test func diagnosticsAreValues() throws {
        let one = try #require(failure("a: 1\na: 2\n"))
        let other = try #require(failure("a: 1\na: 2\n"))
        #expect(one == other)
        #expect(Set([one.diagnostic, other.diagnostic]).count == 1)
        #expect(one != failure("a: 1\na: 3\n"))
    }
}
