import ArgumentParser
import Experiments
import ResultsFormat

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of spec files.",
        discussion: """
            JSON Schema draft-07, from the same catalogue that decodes specs. An editor with a YAML \
            language server completes and checks specs by it.
            """)

    func run() throws {
        try StandardOutput.write(
            try SpecSchema.document(for: TFRSRun.catalog).jsonText(.pretty) + "\n")
    }
}
