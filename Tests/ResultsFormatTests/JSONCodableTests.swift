import Foundation
import ResultsFormat
import Testing

@Suite struct JSONCodableTests {
    @Test func aValueSurvivesAnotherCoder() throws {
        let value: JSONValue = [
            "a": [1, 2.5, nil, true, "x"], "b": ["c": [:], "d": []], "e": -7,
        ]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    }

    @Test func foundationReadsWhatTheWriterWrites() throws {
        let value: JSONValue = [
            "text": "quote \" back \\ \u{01} é 😀", "numbers": [0.1, 1e300, -5],
        ]
        let data = Data(try value.jsonText().utf8)
        let back = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(back["text"] == value["text"])
        #expect(back["numbers"] == value["numbers"])
    }
}
