import ArgumentParser
import Experiments

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the components that a spec can name.",
        discussion: "tfrs-run explain NAME tells more of each.")

    @Argument(
        help: ArgumentHelp(
            "losses, metrics, layers, optimizers, features, data_sources, ...; without it, all.",
            valueName: "family"), completion: .families)
    var family: String?

    func run() throws {
        let text: String
        do {
            let catalog = CatalogText(catalog: TFRSRun.catalog, width: TerminalWidth.ofOutput)
            text = try catalog.list(family)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.usage
        }
        try StandardOutput.write(text)
    }
}
