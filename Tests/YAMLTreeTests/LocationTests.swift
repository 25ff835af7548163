import Testing
import YAMLTree

struct LocationTests {
    @Test func everyValueAndKey() throws {
        let text = """
            # comment
            name: two-tower
            list:
              - 1
              -   "q"
            flow: {a: [1, 22],
              'b': x}

            nothing:
            deep:
              deeper:
                deepest: 0.1  # comment
            """
        #expect(
            marks(try read(text)) == [
                "mapping 2:1-2:1",
                "key name 2:1-2:5", "scalar two-tower 2:7-2:16",
                "key list 3:1-3:5", "sequence 4:3-4:3",
                "scalar 1 4:5-4:6", "scalar q 5:7-5:10",
                "key flow 6:1-6:5", "mapping 6:7-7:10",
                "key a 6:8-6:9", "sequence 6:11-6:18", "scalar 1 6:12-6:13",
                "scalar 22 6:15-6:17",
                "key b 7:3-7:6", "scalar x 7:8-7:9",
                "key nothing 9:1-9:8", "scalar  9:9-9:9",
                "key deep 10:1-10:5", "mapping 11:3-11:3",
                "key deeper 11:3-11:9", "mapping 12:5-12:5",
                "key deepest 12:5-12:12", "scalar 0.1 12:14-12:17",
            ])
    }

    @Test func blockScalarsEndWithTheirText() throws {
        #expect(
            marks(try read("a: |\n  x\n  yz\n\n\nb: >-\n  p\n  q\nc: m\n  n\n")) == [
                "mapping 1:1-1:1",
                "key a 1:1-1:2", "scalar x\nyz\n 1:4-3:5",
                "key b 6:1-6:2", "scalar p q 6:4-8:4",
                "key c 9:1-9:2", "scalar m n 9:4-10:4",
            ])
    }

    @Test func columnsCountUnicodeScalars() throws {
        // Two bytes, four bytes, a letter with a combining mark.
        #expect(
            marks(try read("é: 😀 # ü\nx\u{301}: {k: v}\n")) == [
                "mapping 1:1-1:1",
                "key é 1:1-1:2", "scalar 😀 1:4-1:5",
                "key x\u{301} 2:1-2:3", "mapping 2:5-2:11",
                "key k 2:6-2:7", "scalar v 2:9-2:10",
            ])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineBreaks(_ lineBreak: String) throws {
        let text = ["# é", "a: 1", "b:", "  - 'x", "    y'", "  - z"].joined(separator: lineBreak)
        let root = try read(text)
        #expect(
            marks(root) == [
                "mapping 2:1-2:1", "key a 2:1-2:2", "scalar 1 2:4-2:5", "key b 3:1-3:2",
                "sequence 4:3-4:3", "scalar x y 4:5-5:7", "scalar z 6:5-6:6",
            ])
        #expect(root.source.lineCount == 6)
        #expect(root.source.line(2) == "a: 1")
        #expect(root.source.line(6) == "  - z")
    }

    @Test func lineSeparatorsOfYAML11AreNoLines() throws {
        let text = "a: \"x\u{2028}y\u{2029}z\"\nb: '1\u{85}2'\nc: 2\n"
        #expect(marks(try read(text)).suffix(2) == ["key c 3:1-3:2", "scalar 2 3:4-3:5"])
    }

    @Test func byteOrderMarkIsNotCounted() throws {
        let root = try read("\u{FEFF}a: 1\nb: 2\n")
        #expect(
            marks(root) == [
                "mapping 1:1-1:1", "key a 1:1-1:2", "scalar 1 1:4-1:5", "key b 2:1-2:2",
                "scalar 2 2:4-2:5",
            ])
        #expect(root.source.line(1) == "a: 1")
    }

    @Test func anchorsAndTagsBelongToTheValue() throws {
        #expect(
            marks(try read("a: &x !!str 1\nb: &y\n  c: 2\n")) == [
                "mapping 1:1-1:1", "key a 1:1-1:2", "scalar 1 1:4-1:14", "key b 2:1-2:2",
                "mapping 2:4-2:4", "key c 3:3-3:4", "scalar 2 3:6-3:7",
            ])
    }

    @Test func aliasesPointAtTheirAnchorAndThemselves() throws {
        let root = try read("a: &x 1\nb: *x\n")
        let alias = try #require(root.mapping?["b"])
        #expect(alias.range == root.mapping?["a"]?.range)
        #expect(alias.aliasRange?.description == "2:4-2:6")
        #expect(root.mapping?["a"]?.aliasRange == nil)
    }

    @Test func sourceFileLines() {
        let file = SourceFile(name: "n", text: "a\n\nb\n")
        #expect((0...4).map { file.line($0) } == [nil, "a", "", "b", nil])
        #expect(SourceFile(name: "n", text: "").line(1) == "")
        #expect(file == SourceFile(name: "n", text: "a\n\nb\n"))
        #expect(file != SourceFile(name: "m", text: "a\n\nb\n"))
        #expect(file != SourceFile(name: "n", text: "a\n\nc\n"))
    }

    @Test func marksAreOrdered() {
        #expect(SourceMark(line: 1, column: 9) < SourceMark(line: 2, column: 1))
        #expect(SourceMark(line: 2, column: 1) < SourceMark(line: 2, column: 2))
        #expect(SourceRange.wholeFile.start < .start)
    }
}
