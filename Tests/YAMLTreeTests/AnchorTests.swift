import Testing
import YAMLTree

struct AnchorTests {
    @Test(arguments: [
        ("a: &x 1\nb: *x\n", "{a: 1, b: 1}"),
        ("a: &x [1, {b: 2}]\nc: [*x, *x]\n", "{a: [1, {b: 2}], c: [[1, {b: 2}], [1, {b: 2}]]}"),
        ("- &x 1\n- &x 2\n- *x\n", "[1, 2, 2]"),
        ("&x [&x 1, *x]\n", "[1, 1]"),
        ("- &x [&x 1]\n- *x\n", "[[1], 1]"),
        ("- &k name\n- *k : 1\n", "['name', {name: 1}]"),
        ("- &k name: 1\n- *k\n", "[{name: 1}, 'name']"),
        ("- &x\n- *x\n", "[null, null]"),
    ])
    func aliases(_ yaml: String, _ expected: String) throws {
        #expect(outline(try read(yaml)) == expected)
    }

    @Test(arguments: [
        // Own keys first, then merged ones; own keys win wherever the merge key stands.
        ("<<: {a: 1, b: 2}\nb: 3\n", "{b: 3, a: 1}"),
        ("b: 3\n<<: {a: 1, b: 2}\n", "{b: 3, a: 1}"),
        // Earlier mappings win over later ones.
        ("<<: [{a: 1}, {a: 2, b: 2}, {b: 3, c: 3}]\n", "{a: 1, b: 2, c: 3}"),
        ("<<: []\na: 1\n", "{a: 1}"),
        ("- &x {a: 1}\n- <<: *x\n  b: 2\n", "[{a: 1}, {b: 2, a: 1}]"),
        (
            "- &x {a: 1}\n- &y {<<: *x, b: 2}\n- {<<: *y, a: 9}\n",
            "[{a: 1}, {b: 2, a: 1}, {a: 9, b: 2}]"
        ),
        // Merging is shallow.
        ("<<: {a: {b: 1, c: 2}}\na: {b: 3}\n", "{a: {b: 3}}"),
        // Only a plain key merges.
        ("'<<': 1\n", "{<<: 1}"), ("\"<<\": {a: 1}\n", "{<<: {a: 1}}"),
        ("!!str <<: {a: 1}\n", "{<<: {a: 1}}"), ("'<<': 1\n<<: {a: 1}\n", "{<<: 1, a: 1}"),
    ])
    func merges(_ yaml: String, _ expected: String) throws {
        #expect(outline(try read(yaml)) == expected)
    }

    @Test func mergedEntriesKeepTheirPlace() throws {
        let root = try read("base: &base\n  rate: 1\nrun:\n  <<: *base\n")
        let entry = try #require(root.mapping?["run"]?.mapping?.entry("rate"))
        #expect(entry.key.range.description == "2:3-2:7")
        #expect(entry.value.range.description == "2:9-2:10")
    }

    @Test func mappingsAreLookedUpByKey() throws {
        var mapping = try #require(try read("a: 1\nb: 2\n").mapping)
        let a = try #require(mapping.entry("a"))
        #expect(mapping["b"]?.scalar?.value == .integer(2))
        #expect(mapping["c"] == nil)
        #expect(mapping.append(a) == false)
        #expect(mapping.entries.count == 2)
        #expect(YAMLMapping().entries.isEmpty)
    }
}
