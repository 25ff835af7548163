import Testing
import YAMLTree

/// Texts made to exhaust memory, time or the stack.
struct LimitTests {
    private func bomb(levels: Int, width: Int) -> String {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...levels {
            let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        return text
    }

    @Test func aliasBomb() throws {
        let error = try #require(failure(bomb(levels: 60, width: 9)))
        #expect(error.kind == .tooManyNodes(maximumNodes: 100_000))
        #expect(
            error.description
                == "spec.yaml:6:25: error: there are more than 100000 values, aliases expanded")
    }

    @Test func mergeBomb() throws {
        var text = "a0: &a0 {k: 1}\n"
        for level in 1...60 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) {<<: [\(aliases)]}\n"
        }
        #expect(failure(text)?.kind == .tooManyNodes(maximumNodes: 100_000))
    }

    @Test func nodesAreCountedExactly() {
        // The mapping, the first list with its two items, and as much again for the alias.
        let text = "a: &x [1, 2]\nb: *x\n"
        #expect(failure(text, limits: .init(maximumNodes: 7)) == nil)
        #expect(
            failure(text, limits: .init(maximumNodes: 6))?.description
                == "spec.yaml:2:4: error: there are more than 6 values, aliases expanded")
        #expect(failure("[1, 2]", limits: .init(maximumNodes: 3)) == nil)
        #expect(failure("[1, 2, 3]", limits: .init(maximumNodes: 3)) != nil)
    }

    @Test func depth() {
        let limits = YAMLReader.Limits(maximumDepth: 3)
        #expect(failure("[[[1]]]", limits: limits) == nil)
        #expect(failure("{a: {b: {c: 1}}}", limits: limits) == nil)
        #expect(
            failure("[[[[1]]]]", limits: limits)?.description
                == "spec.yaml:1:4: error: collections are nested deeper than 3 levels")
        #expect(
            failure("a:\n  b:\n    c:\n      - 1\n", limits: limits)?.description
                == "spec.yaml:4:7: error: collections are nested deeper than 3 levels")
    }

    @Test func depthThroughAliases() {
        let limits = YAMLReader.Limits(maximumDepth: 3)
        #expect(failure("- &x [1]\n- [*x]\n", limits: limits) == nil)
        #expect(
            failure("- &x [[1]]\n- [*x]\n", limits: limits)?.description
                == "spec.yaml:2:4: error: collections are nested deeper than 3 levels")
    }

    @Test func greatestDepth() throws {
        let limits = YAMLReader.Limits(maximumDepth: .max)
        #expect(limits.maximumDepth == 1000)
        let text = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(failure(text, limits: limits) == nil)
        #expect(
            failure("[\(text)]", limits: limits)?.kind == .tooDeep(maximumDepth: 1000))
    }

    @Test(arguments: [
        "[", "{", "- ", "? ", "a: ", "[{", "{a: [", "!!seq [", "&a [", "\"", "'", "|\n", "*a ", ",",
        "\n", "#", "%", "---\n", "a\n", "- - ", "\\", ">", "-\n", "&a ", "!", "<<: ",
    ])
    func repetition(_ unit: String) {
        let text = String(repeating: unit, count: 50_000 / unit.utf8.count)
        if let error = failure(text) { expectInside(error.diagnostic) }
    }

    @Test func size() {
        let limits = YAMLReader.Limits(maximumBytes: 6)
        #expect(failure("a: 123", limits: limits) == nil)
        #expect(
            failure("a: 1234", limits: limits)?.description
                == "spec.yaml: error: the text is longer than 6 bytes")
    }

    @Test func manyKeys() throws {
        let text = (0..<20_000).map { "key\($0): \($0)\n" }.joined()
        let mapping = try #require(try read(text).mapping)
        #expect(mapping.entries.count == 20_000)
        #expect(mapping["key19999"]?.scalar?.value == .integer(19_999))
        #expect(
            failure(text + "key7: 0\n")?.description
                == "spec.yaml:20001:1: error: the key 'key7' is given twice; "
                + "it is first given on line 8")
    }
}

/// Expects that a diagnostic points into its file, at most one behind the end of a line.
func expectInside(_ diagnostic: Diagnostic, sourceLocation: SourceLocation = #_sourceLocation) {
    let mark = diagnostic.range.start
    let line = diagnostic.source.line(mark.line)
    #expect(
        line.map { (1...$0.unicodeScalars.count + 1).contains(mark.column) } == true,
        "\(diagnostic)", sourceLocation: sourceLocation)
    #expect(diagnostic.range.end >= mark, "\(diagnostic)", sourceLocation: sourceLocation)
    #expect(!diagnostic.message.isEmpty, sourceLocation: sourceLocation)
    #expect(
        diagnostic.rendered.hasPrefix(diagnostic.description + "\n"),
        sourceLocation: sourceLocation)
}
