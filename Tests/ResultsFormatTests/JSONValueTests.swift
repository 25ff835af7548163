import ResultsFormat
import Testing

@Suite struct JSONValueTests {
    static let sample: JSONValue = [
        "name": "two towers", "seed": 42, "rate": 0.5, "none": nil, "on": true,
        "epochs": [["loss": 3.25], ["loss": 2.5]],
    ]

    @Test func subscriptsReachMembersElementsAndPaths() {
        let value = Self.sample
        #expect(value["seed"] == 42)
        #expect(value["epochs"]?[1]?["loss"] == 2.5)
        #expect(value[path: ["epochs", 1, "loss"]]?.doubleValue == 2.5)
        #expect(value[path: []] == value)
        #expect(value["missing"] == nil)
        #expect(value["epochs"]?[2] == nil)
        #expect(value["epochs"]?[-1] == nil)
        #expect(value[path: ["seed", "deeper"]] == nil)
    }

    @Test func integersAndOtherNumbersAreToldApart() {
        #expect(JSONValue.integer(1) != .number(1))
        #expect(JSONValue.integer(1).doubleValue == 1)
        #expect(JSONValue.number(1).integerValue == nil)
        #expect(JSONValue.integer(.max).doubleValue == nil)  // A Double would round it.
    }

    @Test func settingKeepsReplacesAppendsAndRemoves() {
        var value: JSONValue = ["a": 1, "b": 2]
        value["a"] = 3
        value["c"] = 4
        value["b"] = nil
        #expect(value == ["a": 3, "c": 4])
        var scalar: JSONValue = 5
        scalar["a"] = 1
        #expect(scalar == 5)
    }

    @Test func removingTouchesNothingElse() {
        let value = Self.sample
        #expect(value.removing(["epochs", 0, "loss"])["epochs"] == [[:], ["loss": 2.5]])
        #expect(value.removing(["epochs", 0])["epochs"] == [nil, ["loss": 2.5]])
        #expect(value.removing(["epochs", 7, "loss"]) == value)
        #expect(value.removing(["name", "first"]) == value)
        #expect(value.removing([]) == value)
        #expect(value.removing(["rate"])["rate"] == nil)
    }

    @Test func orderedMapKeepsTheFirstPlaceAndTheLastValue() {
        let map = OrderedMap<Int>([("b", 1), ("a", 2), ("b", 3)])
        #expect(map.keys == ["b", "a"])
        #expect(map.values == [3, 2])
        #expect(map.sortedByKey().keys == ["a", "b"])
        #expect(map.mapValues { $0 * 2 }["b"] == 6)
        #expect(map != OrderedMap<Int>([("a", 2), ("b", 3)]))
    }
}

@Suite struct JSONPathTests {
    @Test(
        arguments: [
            (["training", "epochs", 3, "loss"], "training.epochs[3].loss"),
            (["metrics", "factorized_top_k/top_5"], #"metrics["factorized_top_k/top_5"]"#),
            (["a.b", 0, 1], #"["a.b"][0][1]"#),
            (["", #"quote " and \"#], #"[""]["quote \" and \\"]"#),
            (["k-1", "é"], #"k-1["é"]"#),
            ([0], "[0]"),
            ([], ""),
        ] as [(JSONPath, String)])
    func textIsReadBack(path: JSONPath, text: String) {
        #expect(path.text == text)
        #expect(JSONPath(parsing: text) == path)
    }

    @Test func theRootHasAName() {
        #expect(JSONPath().description == "(root)")
    }

    @Test(arguments: [
        ".a", "a.", "a..b", "a[", "a[]", "a[x]", "a[1", "a[-1]", #"a["b]"#, #"["a"]b"#, "a b",
        "[99999999999999999999]", #"["a\"#,
    ])
    func otherTextIsRefused(text: String) {
        #expect(JSONPath(parsing: text) == nil)
    }
}
