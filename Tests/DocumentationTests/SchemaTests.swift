import Experiments
import ResultsFormat
import Retrieval
import Testing

@Suite struct SchemaTests {
    @Test func everyFieldOfEverySectionIsDescribed() throws {
        let schema = SpecSchema.document(for: .builtIn)
        let properties = try #require(schema["else"]?["properties"]?.objectValue)
        #expect(properties.keys.contains("towers"))
        for property in properties {
            #expect(property.value["description"]?.stringValue?.isEmpty == false)
        }
    }
}
