import ResultsFormat
import Testing

/// Results run again.
struct RerunTests {
    @Test func theSpecOfResultsFindsItsDigest() throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let first = try tool("spec.yaml", "-q", "--seed", "5", "--set", "train.epochs=1")
            #expect(first.code == 0)
            let path = String(first.output.dropLast())
            let digest = try tool.document(path).digest
            #expect(digest != nil)

            #expect(try tool("validate", path, "-q").code == 0)
            let again = try tool(path, "-q", "--output", "again.json")
            #expect(again.code == 0, "\(again.errors)")
            #expect(try tool.document("again.json").digest == digest)
            // Without --output the same experiment has the same file.
            #expect(try tool(path, "-q").output == first.output)
            #expect(try tool(path, "-q", "--set", "train.epochs=2").output != first.output)
        }
    }
}
