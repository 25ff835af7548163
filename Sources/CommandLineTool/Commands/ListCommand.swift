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
            valueName: "family"))
    var family: String?

    func run() throws {
        do {
            print(try CatalogText(catalog: TFRSRun.catalog).list(family), terminator: "")
        } catch {
            StandardError.write("tfrs-run: \(error)\n")
            throw ExitStatus.usage
        }
    }
}
