import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Testing

@Suite struct SchemaTests {
    @Test func theCommittedSchemaIsFresh() throws {
        let fresh = try SpecSchema.document(for: .builtIn).jsonText(.pretty) + "\n"
        let isFresh = try ReadmeTests.text("Schemas/experiment.schema.json") == fresh
        #expect(isFresh, "renew it: scripts/run schema > Schemas/experiment.schema.json")
    }

    @Test func everyFieldOfEverySectionIsDescribed() throws {
        let schema = SpecSchema.document(for: .builtIn)
        let properties = try #require(schema["properties"]?.objectValue)
        #expect(properties.keys.contains("towers"))
        for property in properties {
            #expect(property.value["description"]?.stringValue?.isEmpty == false)
        }
    }
}
