import ArgumentParser
import Experiments

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print the reference of specs, every component and field, as Markdown.")

    func run() throws {
        try StandardOutput.write(ReferencePage.text(for: TFRSRun.catalog))
    }
}
