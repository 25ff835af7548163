import Testing
import YAMLTree

/// What people get to read for each mistake, exactly.
struct ErrorMessageTests {
    private static let tags = "there is !!null, !!bool, !!int, !!float, !!str, !!seq and !!map"

    @Test(arguments: [
        ("", "1:1: error: the file is empty"),
        (" \n\n", "1:1: error: the file is empty"),
        ("\u{FEFF}", "1:1: error: the file is empty"),
        (
            "# only this\n",
            "1:1: error: the file holds no value, only comments or document markers"
        ),
        ("---\n...\n", "1:1: error: the file holds no value, only comments or document markers"),
        (
            "a: 1\n---\nb: 2\n",
            "2:1: error: a second document begins here; a file may hold only one"
        ),
        (
            "---\n---\nb: 2\n",
            "2:1: error: a second document begins here; a file may hold only one"
        ),
        (
            "a: 1\n...\nb: 2\n",
            "3:1: error: did not find expected <document start>; the document has ended before this"
        ),

        (
            "a: 1\nb: 2\na: 3\n",
            "3:1: error: the key 'a' is given twice; it is first given on line 1"
        ),
        (
            "a: {b: 1, \"b\": 2}\n",
            "1:11: error: the key 'b' is given twice; it is first given on line 1"
        ),
        ("1: x\n'1': y\n", "2:1: error: the key '1' is given twice; it is first given on line 1"),
        (
            "<<: {}\nx: 1\n<<: {}\n",
            "3:1: error: the key '<<' is given twice; it is first given on line 1"
        ),
        (
            "\"\\e[2J\": 1\n\"\\e[2J\": 2\n",
            "2:1: error: the key '\\u{1B}[2J' is given twice; it is first given on line 1"
        ),
        // The same letter, composed and decomposed.
        (
            "é: 1\ne\u{301}: 2\n",
            "2:1: error: the key 'e\u{301}' is given twice; it is first given on line 1"
        ),
        ("? [1, 2]\n: x\n", "1:3: error: a key must be a scalar, not a list or a mapping"),
        ("a: {{ rate }}\n", "1:5: error: a key must be a scalar, not a list or a mapping"),
        (
            "- &x {a: 1}\n- *x : 2\n",
            "2:3: error: a key must be a scalar, not a list or a mapping"
        ),

        ("a: *x\n", "1:4: error: no anchor stands before the alias '*x'"),
        ("a: *x\nb: &x 1\n", "1:4: error: no anchor stands before the alias '*x'"),
        ("a: &x [*x]\n", "1:8: error: the alias '*x' stands inside what it means"),
        (
            "a: &x\n  b: 1\n  <<: *x\n",
            "3:7: error: the alias '*x' stands inside what it means"
        ),
        ("- &x [1]\n- &x [*x]\n", "2:7: error: the alias '*x' stands inside what it means"),
        ("<<: 3\n", "1:5: error: '<<' merges a mapping or a list of mappings and nothing else"),
        (
            "x: &x [1]\ny:\n  <<: [{}, *x]\n",
            "3:7: error: '<<' merges a mapping or a list of mappings and nothing else"
        ),
        (
            "<<:\n  - {}\n  - 1\nx: 1\n",
            "2:3: error: '<<' merges a mapping or a list of mappings and nothing else"
        ),
        (
            "x: &x 1\ny: {<<: *x}\n",
            "2:9: error: '<<' merges a mapping or a list of mappings and nothing else"
        ),

        ("a: !foo 1\n", "1:4: error: the tag '!foo' is unknown; \(tags)"),
        ("a: !!set {x}\n", "1:4: error: the tag '!!set' is unknown; \(tags)"),
        (
            "!!python/object:os.system [x]\n",
            "1:1: error: the tag '!!python/object:os.system' is unknown; \(tags)"
        ),
        ("a: !x!y 1\n", "1:4: error: found undefined tag handle"),
        ("a: !!int foo\n", "1:4: error: the tag !!int does not fit 'foo'"),
        ("a: !!float true\n", "1:4: error: the tag !!float does not fit 'true'"),
        ("a: !!bool yes\n", "1:4: error: the tag !!bool does not fit 'yes'"),
        ("a: !!null 0\n", "1:4: error: the tag !!null does not fit '0'"),
        ("a: !!map x\n", "1:4: error: the tag !!map does not fit 'x'"),
        ("a: !!seq {}\n", "1:4: error: the tag !!seq does not fit a collection"),
        ("a: !!str [1]\n", "1:4: error: the tag !!str does not fit a collection"),
        ("!!int x: 1\n", "1:1: error: the tag !!int does not fit 'x'"),

        ("a:\n\tb: 1\n", "2:1: error: a tab cannot indent YAML; use spaces"),
        ("a: 1\n\tb: 2\n", "2:1: error: a tab cannot indent YAML; use spaces"),
        ("a: |\n\tb\n", "2:1: error: a tab cannot indent YAML; use spaces"),
        (
            "a: @x\n",
            "1:4: error: found character '@' that cannot start any token; a text needs quotes"
        ),
        (
            "a: b: c\n",
            "1:5: error: mapping values are not allowed in this context; "
                + "check the indentation, and quote a text that has ': ' in it"
        ),
        (
            "a: 1\n b: 2\n",
            "2:3: error: mapping values are not allowed in this context; "
                + "check the indentation, and quote a text that has ': ' in it"
        ),
        (
            "a: [1, 2\nb: 3\n",
            "2:2: error: did not find expected ',' or ']' "
                + "while parsing a flow sequence that starts on line 1"
        ),
        (
            "a: {b[0].c: 1}\n",
            "1:6: error: did not find expected ',' or '}' while parsing a flow mapping that starts "
                + "on line 1; within brackets a text that has brackets needs quotes"
        ),
        (
            "a: [x{1}]\n",
            "1:6: error: did not find expected ',' or ']' while parsing a flow sequence that starts "
                + "on line 1; within brackets a text that has brackets needs quotes"
        ),
        (
            "a: [1, 2\n{b: 3}\n",
            "2:1: error: did not find expected ',' or ']' "
                + "while parsing a flow sequence that starts on line 1"
        ),
        (
            "a: {b: 1\n",
            "1:9: error: did not find expected ',' or '}' "
                + "while parsing a flow mapping that starts on line 1"
        ),
        (
            "a:\n  b: 1\n  'x' y\n",
            "3:3: error: could not find expected ':' after this key"
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "3:2: error: did not find expected key "
                + "while parsing a block mapping that starts on line 1; check the indentation"
        ),
        (
            "a: {b: 1}}\n",
            "1:10: error: did not find expected key while parsing a block mapping that starts on "
                + "line 1; nothing is open here that this bracket closes"
        ),
        (
            "a:1\nb: 2\n",
            "2:2: error: mapping values are not allowed in this context; "
                + "line 1 lacks the space after its ':'"
        ),
        (
            "- a\nb: 1\n",
            "2:1: error: did not find expected '-' indicator "
                + "while parsing a block collection that starts on line 1"
        ),
        (
            "a: 1\nlearning rate\nb: 2\n",
            "2:1: error: could not find expected ':' after this key"
        ),
        (
            "a: \"abc\nb: 2\n",
            "1:4: error: found unexpected end of stream while scanning this quoted scalar; "
                + "its end quote is missing"
        ),
        (
            "a: \"\\q\"\n",
            "1:5: error: found unknown escape character; "
                + "a backslash is written \\\\ in double quotes, \\ in single quotes"
        ),
        (
            "a: - b\n",
            "1:4: error: block sequence entries are not allowed in this context; "
                + "a list's items begin on lines of their own"
        ),
        ("a: }\n", "1:4: error: did not find expected node content"),
        ("%YAML 2.0\n---\na: 1\n", "1:1: error: found incompatible YAML document"),

        ("a: x\0y\n", "1:5: error: the character U+0000 is not allowed; is this UTF-8 text?"),
        (
            "é: \u{1B}[31m\n",
            "1:4: error: the character U+001B is not allowed; write \\x1B in double quotes"
        ),
        (
            "a: 1\nb: \u{9B}\n",
            "2:4: error: the character U+009B is not allowed; write \\x9B in double quotes"
        ),
        (
            "a: \u{7F}\n",
            "1:4: error: the character U+007F is not allowed; write \\x7F in double quotes"
        ),
        (
            "a: \u{FEFF}\n",
            "1:4: error: the character U+FEFF is not allowed; write \\uFEFF in double quotes"
        ),
        (
            "a: \u{FFFF}\n",
            "1:4: error: the character U+FFFF is not allowed; write \\uFFFF in double quotes"
        ),
    ])
    func message(_ yaml: String, _ expected: String) throws {
        let error = try #require(failure(yaml))
        #expect(error.description == "spec.yaml:" + expected)
        #expect(error.diagnostic.severity == .error)
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF, 0x0A], "1:4: error: the byte 0xFF is not valid UTF-8 here"),
            (
                [0xC3, 0xA9, 0x0A, 0xC3, 0xA9, 0x3A, 0x20, 0xC3],
                "2:4: error: the byte 0xC3 is not valid UTF-8 here"
            ),
            // An overlong slash, a surrogate, and one beyond the last code point.
            ([0x61, 0xC0, 0xAF], "1:2: error: the byte 0xC0 is not valid UTF-8 here"),
            ([0x61, 0xED, 0xA0, 0x80], "1:2: error: the byte 0xED is not valid UTF-8 here"),
            ([0x61, 0xF4, 0x90, 0x80, 0x80], "1:2: error: the byte 0xF4 is not valid UTF-8 here"),
            ([0x80], "1:1: error: the byte 0x80 is not valid UTF-8 here"),
            (
                [0xFF, 0xFE, 0x61, 0x00],
                "1:1: error: the text begins with the mark of UTF-16 or UTF-32; save it as UTF-8"
            ),
            (
                [0xFE, 0xFF, 0x00, 0x61],
                "1:1: error: the text begins with the mark of UTF-16 or UTF-32; save it as UTF-8"
            ),
            (
                [0x00, 0x00, 0xFE, 0xFF],
                "1:1: error: the text begins with the mark of UTF-16 or UTF-32; save it as UTF-8"
            ),
            (
                [0x61, 0x00, 0x3A, 0x00],
                "1:2: error: the character U+0000 is not allowed; is this UTF-8 text?"
            ),
        ] as [([UInt8], String)])
    func encoding(_ bytes: [UInt8], _ expected: String) throws {
        #expect(try #require(failure(bytes: bytes)).description == "spec.yaml:" + expected)
    }

    @Test func kindsTellErrorsApart() {
        #expect(failure("a: 1\na: 2\n")?.kind == .duplicateKey("a", firstLine: 1))
        #expect(failure("a: *x\n")?.kind == .undefinedAlias("x"))
        #expect(failure("")?.kind == .emptyFile)
        #expect(failure("\tx: 1")?.kind == .tabIndentation)
        #expect(failure("a: 1") == nil)
    }

    @Test func longTextsAreCut() throws {
        let key = String(repeating: "k", count: 200)
        let error = try #require(failure("\(key): 1\n\(key): 2\n"))
        let shown = String(repeating: "k", count: 60)
        #expect(
            error.diagnostic.message
                == "the key '\(shown)…' is given twice; it is first given on line 1")
    }
}
