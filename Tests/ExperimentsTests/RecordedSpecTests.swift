import Experiments
import ResultsFormat
import Retrieval
import Testing
import YAMLTree

/// A results file in the place of a spec.
@Suite struct RecordedSpecTests {
    private func read(_ text: String) throws(SpecError) -> ExperimentSpec {
        try SpecReader(catalog: .builtIn).read(text: text, name: "results.json")
    }

    @Test func theSpecOfResultsIsRead() throws {
        let spec = try read(#"{"name": "a", "data": "synthetic", "towers": \#(Self.towers)}"#)
        let record = try spec.record(catalog: .builtIn)
        let results: JSONValue = [
            "schema_version": 1, "status": "completed",
            "experiment": ["name": "a", "spec": record.spec, "spec_sha256": "0"],
        ]
        let again = try read(try results.jsonText(.pretty))
        #expect(again.resolved == spec.resolved)
        #expect(try again.record(catalog: .builtIn).specSHA256 == record.specSHA256)
    }

    @Test(arguments: [
        (
            #""kind": "sweep", "spec_path": "my.yaml""#,
            "the index of a sweep; run its spec, 'my.yaml'"
        ),
        (#""kind": "baseline""#, "a baseline, which 'tfrs-run check --baseline' takes"),
        (#""kind": "check""#, "the report of a check"),
    ])
    func whatHoldsNoSpec(member: String, expected: String) {
        let error = #expect(throws: SpecError.self) {
            try read(#"{"schema_version": 1, \#(member)}"#)
        }
        #expect(
            error?.diagnostics.map(\.message) == ["this is no spec but \(expected)"])
    }

    /// A key that a spec has not is told as any other.
    @Test func aSpecWithTheKeyIsASpec() {
        let error = #expect(throws: SpecError.self) {
            try read(#"{"schema_version": 1, "name": "a", "data": "synthetic"}"#)
        }
        #expect(error?.description.contains("experiment has no 'schema_version'") == true)
    }

    private static let towers = """
        {"query": {"features": [{"type": "string_lookup", "column": "user_id",
        "embedding": {"output_dim": 4}}]}, "candidate": {"features": [{"type": "string_lookup",
        "column": "item_id", "embedding": {"output_dim": 4}}]}}
        """
}
