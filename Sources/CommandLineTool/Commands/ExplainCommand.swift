import ArgumentParser
import Experiments

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a key or a component of a spec means.",
        discussion: """
            Any dotted path (train.optimizer.learning_rate), also through a component \
            (loss.info_nce.temperature); or the name of a component (info_nce) or of a key \
            (temperature) alone.
            """)

    @Argument(help: ArgumentHelp("Paths or names.", valueName: "path"), completion: .paths)
    var paths: [String]

    func run() throws {
        let catalog = CatalogText(
            catalog: TFRSRun.catalog, width: TerminalWidth.ofOutput)
        var failed = false
        for (index, path) in paths.enumerated() {
            let text: String
            do {
                text = try catalog.explain(path)
            } catch {
                StandardError.writeLine("tfrs-run: \(error)")
                failed = true
                continue
            }
            try StandardOutput.write(index > 0 ? "\n\(text)" : text)
        }
        if failed { throw ExitStatus.usage }
    }
}
