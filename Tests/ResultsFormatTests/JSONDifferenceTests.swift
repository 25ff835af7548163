import ResultsFormat
import Testing

/// Where two specs differ, key by key and item by item.
struct JSONDifferenceTests {
    static let a: JSONValue = ["type": "a"]
    static let b: JSONValue = ["type": "b"]
    static let c: JSONValue = ["type": "c"]

    @Test(
        arguments: [
            ([a, b], [b], ["x[0]: {\"type\":\"a\"} -> (none)"]),
            ([a, c], [a, b, c], ["x[1]: (none) -> {\"type\":\"b\"}"]),
            ([a], [], ["x[0]: {\"type\":\"a\"} -> (none)"]),
            ([a, b], [c, b], ["x[0].type: \"a\" -> \"c\""]),
            ([a, a], [a], ["x[1]: {\"type\":\"a\"} -> (none)"]),
            ([a, b], [c], ["x[0].type: \"a\" -> \"c\"", "x[1]: {\"type\":\"b\"} -> (none)"]),
            // What is no mapping is short, and better seen as a whole.
            ([1, 5], [1, 5, 10], ["x: [1,5] -> [1,5,10]"]),
            ([1, 5], [1.0, 5.0], []),
        ] as [([JSONValue], [JSONValue], [String])])
    func lists(old: [JSONValue], new: [JSONValue], expected: [String]) {
        let differences = JSONDifference.between(["x": .array(old)], ["x": .array(new)])
        #expect(differences.map(\.line) == expected)
    }
}
