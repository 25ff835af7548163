import ArgumentParser
import Experiments
import ResultsFormat
import Retrieval

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the towers of a saved model for other runtimes.",
        discussion: """
            onnx: query.onnx and candidate.onnx, for onnxruntime and others. Tokens go in as \
            strings where ONNX can look them up; what it cannot say (hash functions, the splitting \
            of texts, calendars) becomes an input of indices, and is told. The embeddings of both \
            are scored by their dot product.

            EXAMPLES
              tfrs-run export models/movielens --output served/

            Exit codes: 0 done; 1 the model is damaged; 2 ONNX has no word for a part of it.
            """)

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("onnx.", valueName: "format"))
    var format = ExportFormat.onnx

    @Option(
        help: ArgumentHelp("The folder to write into.", valueName: "folder"),
        completion: .directory)
    var output: String

    func run() throws {
        let saved = try model.load()
        do {
            for (path, notes) in try saved.exportONNX(to: output) {
                for note in notes { StandardError.writeLine("tfrs-run: \(path): \(note)") }
                try StandardOutput.writeLine(path)
            }
        } catch let error as ONNXError {
            StandardError.writeLine("tfrs-run: \(error)")
            throw ExitStatus.usage
        } catch {
            throw ExitStatus.tellingOfModel(error)
        }
    }
}

enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
    case onnx
}
