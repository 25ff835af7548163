import ResultsFormat
import Testing

@Suite struct JSONParserTests {
    @Test func everyKindOfValueIsRead() throws {
        let text = """
             \t{"a": [ ], "b" : { } ,\r\n "c":[null,true,false,-1,2.5E+1,1e-2,-0],"d":"x"}
            """
        let value = try JSONValue(parsing: text)
        #expect(
            value == [
                "a": [], "b": [:], "c": [nil, true, false, -1, 25.0, 0.01, .number(-0.0)],
                "d": "x",
            ])
        #expect(value["c"]?[6]?.doubleValue?.sign == .minus)
        #expect(value.objectValue?.keys == ["a", "b", "c", "d"])
    }

    @Test func escapesAreRead() throws {
        let value = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00\u0000é""#)
        #expect(value == "\"\\/\u{08}\u{0C}\n\r\té😀\u{0}é")
    }

    @Test func whatIsWrittenIsReadBack() throws {
        for style in [JSONStyle.pretty, .compact] {
            let text = try JSONWriterTests.sample.jsonText(style)
            #expect(try JSONValue(parsing: text) == JSONWriterTests.sample)
        }
    }

    @Test(arguments: [
        ("", "1:1: expected a value, but the text ends here"),
        ("  \n ", "2:2: expected a value, but the text ends here"),
        ("{\n  \"a\": 1,\n  é\n}", "3:3: expected a name in quotes, found 'é'"),
        ("{\"é\" 1}", "1:6: expected ':', found '1'"),
        ("{\"a\": 1 \"b\": 2}", "1:9: expected ',' or '}', found '\"'"),
        ("{a: 1}", "1:2: expected a name in quotes or '}', found 'a'"),
        ("{\"a\": 1,}", "1:9: expected a name in quotes, found '}'"),
        ("[1, 2", "1:6: expected ',' or ']', but the text ends here"),
        ("[1,]", "1:4: expected a value, found ']'"),
        ("[1 2]", "1:4: expected ',' or ']', found '2'"),
        ("{} {}", "1:4: expected nothing after the document, found '{'"),
        ("// no", "1:1: expected a value, found '/'"),
        ("\u{FEFF}{}", "1:1: expected a value, found '\u{FEFF}'"),
        ("[\u{01}]", "1:2: expected a value, found the control character 1"),
        ("nul", "1:1: expected a value, found 'nul'"),
        ("[True]", "1:2: expected a value, found 'T'"),
        ("{\"a\": 1,\n \"b\": 2, \"a\": 3}", "2:10: the name 'a' is already used in this object"),
        ("01", "1:1: '01' is not a JSON number"),
        ("[-]", "1:2: '-' is not a JSON number"),
        ("-01", "1:1: '-01' is not a JSON number"),
        ("1.", "1:1: '1.' is not a JSON number"),
        ("1.e5", "1:1: '1.e5' is not a JSON number"),
        ("1e+", "1:1: '1e+' is not a JSON number"),
        (".5", "1:1: expected a value, found '.'"),
        ("+1", "1:1: expected a value, found '+'"),
        ("NaN", "1:1: expected a value, found 'N'"),
        ("1e999", "1:1: the number 1e999 is out of range"),
        // However much there is of it.
        (
            String(repeating: "9", count: 100_000),
            "1:1: the number \(String(repeating: "9", count: 60))… is out of range"
        ),
        ("[9223372036854775808]", "1:2: the number 9223372036854775808 is out of range"),
        ("\"abc", "1:5: expected '\"', but the text ends here"),
        ("\"a\nb\"", "1:3: the control character 10 must be escaped in a string"),
        (#""\x""#, #"1:2: '\x' is not an escape that JSON knows"#),
        (#""ab\u12g4""#, #"1:4: '\u12' is not an escape that JSON knows"#),
        (#""\u12"#, "1:6: expected four hexadecimal digits, but the text ends here"),
        (#""\uD83D""#, #"1:2: '\uD83D' is half of a surrogate pair"#),
        (#""\uDE00\uD83D""#, #"1:2: '\uDE00' is half of a surrogate pair"#),
        (#""\uD83D\u0041""#, #"1:2: '\uD83D' is half of a surrogate pair"#),
    ])
    func mistakesAreNamedWithTheirPlace(text: String, message: String) {
        #expect {
            try JSONValue(parsing: text)
        } throws: {
            ($0 as? JSONParseError)?.description == message
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        let bytes: [UInt8] = [0x5B, 0x22, 0x61, 0xFF, 0x22, 0x5D]
        #expect {
            try JSONValue(parsing: bytes)
        } throws: {
            ($0 as? JSONParseError)?.description == "1:2: the text is not valid UTF-8"
        }
        #expect {
            try JSONValue(parsing: [0x20, 0xFF])
        } throws: {
            ($0 as? JSONParseError)?.description == "1:2: expected a value, found the byte 255"
        }
    }

    @Test func depthAndSizeAreBounded() throws {
        let deep = String(repeating: "[", count: 5) + String(repeating: "]", count: 5)
        #expect(throws: Never.self) {
            try JSONValue(parsing: deep, limits: JSONLimits(depth: 5, bytes: 10))
        }
        #expect {
            try JSONValue(parsing: deep, limits: JSONLimits(depth: 4))
        } throws: {
            ($0 as? JSONParseError)?.description
                == "1:5: arrays and objects are nested more than 4 deep"
        }
        #expect {
            try JSONValue(parsing: deep, limits: JSONLimits(bytes: 9))
        } throws: {
            ($0 as? JSONParseError)?.description
                == "1:1: the text is longer than the 9 bytes allowed"
        }
        // The default bound holds against what would exhaust the stack.
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: bomb) }
    }

    @Test func everyCutOfADocumentIsRefusedAndNoneTraps() throws {
        let bytes = Array(try JSONWriterTests.sample.jsonText().utf8)
        for length in 0..<bytes.count {
            #expect(throws: JSONParseError.self) { try JSONValue(parsing: Array(bytes[..<length])) }
        }
    }
}
