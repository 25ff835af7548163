import ArgumentParser
import Experiments
import Platform
import Retrieval

/// For the makers of the tool: `scripts/generate` calls it.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write the repository's generated files.",
        shouldDisplay: false)

    @Argument(help: "The root of the repository.")
    var root: String

    func run() throws {
        for file in try GeneratedFile.all(for: TFRSRun.catalog) {
            let url = URL(filePath: root).appending(path: file.path)
            let old = try? String(contentsOf: url, encoding: .utf8)
            guard old != file.contents else { continue }
            do {
                try file.contents.write(to: url, atomically: true, encoding: .utf8)
            } catch {
                StandardError.writeLine("tfrs-run: cannot write \(url.path)")
                throw ExitStatus.runFailed
            }
            try StandardOutput.writeLine(file.path)
        }
    }
}
