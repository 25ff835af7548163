import ResultsFormat
import TestSupport
import Testing

@Suite struct JSONWriterTests {
    static let sample: JSONValue = [
        "b": [1, 2.5, "x"], "a": ["nested": [[1, 2], []], "empty": [:]], "none": nil, "yes": true,
    ]

    @Test func prettyKeepsTheOrderAndShortArraysOnOneLine() throws {
        #expect(
            try Self.sample.jsonText() == """
                {
                  "b": [1, 2.5, "x"],
                  "a": {
                    "nested": [
                      [1, 2],
                      []
                    ],
                    "empty": {}
                  },
                  "none": null,
                  "yes": true
                }
                """)
    }

    @Test func compactKeepsTheOrderAndCanonicalSorts() throws {
        #expect(
            try Self.sample.jsonText(.compact)
                == #"{"b":[1,2.5,"x"],"a":{"nested":[[1,2],[]],"empty":{}},"none":null,"yes":true}"#
        )
        #expect(
            try Self.sample.jsonText(.canonical)
                == #"{"a":{"empty":{},"nested":[[1,2],[]]},"b":[1,2.5,"x"],"none":null,"yes":true}"#
        )
    }

    @Test func canonicalOrderIsThatOfBytes() throws {
        let value: JSONValue = ["é": 1, "z": 2, "Z": 3, "😀": 4, "\u{FFFD}": 5]
        #expect(try value.jsonText(.canonical) == #"{"Z":3,"z":2,"é":1,"\#u{FFFD}":5,"😀":4}"#)
    }

    @Test func longArraysTakeALineForEachElement() throws {
        let short = JSONValue.array(Array(repeating: 10, count: 18))
        let long = JSONValue.array(Array(repeating: 10, count: 19))
        #expect(try short.jsonText().split(separator: "\n").count == 1)
        #expect(try long.jsonText().split(separator: "\n").count == 21)
    }

    @Test func stringsAreEscapedNoMoreThanNeeded() throws {
        let value: JSONValue = "quote \" slash / back \\ \n\r\t\u{01}\u{1F}\u{7F} é 😀"
        #expect(
            try value.jsonText()
                == #""quote \" slash / back \\ \n\r\t\u0001\u001f\u007f é 😀""#)
    }

    @Test(arguments: [
        (Double.nan, "training.epochs[1].loss is nan, and JSON has no such number"),
        (.infinity, "training.epochs[1].loss is inf, and JSON has no such number"),
        (-.infinity, "training.epochs[1].loss is -inf, and JSON has no such number"),
    ])
    func numbersThatJSONLacksAreRefusedByPath(number: Double, message: String) {
        let value: JSONValue = [
            "training": ["epochs": [["loss": 1.0], ["loss": .number(number)]]]
        ]
        for style in [JSONStyle.pretty, .compact, .canonical] {
            #expect {
                try value.jsonText(style)
            } throws: {
                ($0 as? JSONEncodingError)?.description == message
            }
        }
    }

    @Test func aRefusedNumberOfAShortArrayIsNamedToo() {
        let value: JSONValue = ["a": [1, 2, .number(.nan)]]
        #expect(throws: JSONEncodingError(path: ["a", 2], number: "nan")) {
            try value.jsonText()
        }
    }
}

@Suite struct NumberRoundTripTests {
    /// Bit patterns, all exponents alike.
    static func patterns(_ count: Int) -> [UInt64] {
        var generator = SeededGenerator(seed: 2026)
        return (0..<count).map { _ in generator.next() }
    }

    @Test func doublesKeepEveryBit() throws {
        let special: [Double] = [
            0, -0.0, 1, 0.1, 1e15, 1e16, 1e17, 1e21, 123_456_789_012_345_680,
            .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .pi, 2.5e-5,
        ]
        let random = Self.patterns(4000).map(Double.init(bitPattern:)).filter(\.isFinite)
        for value in special + random {
            let text = try JSONValue.number(value).jsonText()
            guard case .number(let back) = try JSONValue(parsing: text) else {
                Issue.record("\(text) is read as something else than a number")
                continue
            }
            #expect(back.bitPattern == value.bitPattern, "\(text)")
        }
    }

    @Test func floatsKeepEveryBitAndTheirShortText() throws {
        let special: [Float] = [
            0, -0.0, 0.1, 0.3, 16_777_216, 1e10, .leastNonzeroMagnitude, .leastNormalMagnitude,
            .greatestFiniteMagnitude, .pi,
        ]
        let random = Self.patterns(4000).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        for value in special + random.filter(\.isFinite) {
            let text = try JSONValue(value).jsonText()
            // The same decimal; Float and Double differ only in where they turn to exponents.
            #expect(text.utf8.count <= value.description.utf8.count + 8, "\(text)")
            #expect(Float(text)?.bitPattern == value.bitPattern, "\(text)")
            #expect(try JSONValue(parsing: text).floatValue?.bitPattern == value.bitPattern)
            #expect(Double(text) == Double(value.description), "\(text)")
        }
        #expect(try JSONValue(Float(0.1)).jsonText() == "0.1")
        #expect(throws: JSONEncodingError.self) { try JSONValue(Float.nan).jsonText() }
    }

    @Test func integersKeepTheirValue() throws {
        for value in [0, 1, -1, .max, .min, 1 << 53 + 1] {
            let text = try JSONValue.integer(value).jsonText()
            #expect(try JSONValue(parsing: text) == .integer(value))
        }
    }
}
