import ArgumentParser
import Experiments
import ResultsFormat

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a saved model is, and whether it is whole.",
        discussion: """
            Reads all files of the model and compares them with their digests.

            EXAMPLES
              tfrs-run inspect models/movielens
              tfrs-run inspect models/movielens --format json | jq .query

            Exit codes: 0 the model is whole; 1 it is damaged; 2 there is none.
            """)

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("text or json, on standard output.", valueName: "format"))
    var format: DescriptionFormat = .text

    func run() throws {
        let saved = try model.load()
        switch format {
        case .json:
            try StandardOutput.write(try saved.record.json.jsonText(.pretty) + "\n")
        case .text:
            try StandardOutput.writeText(text(of: saved.record))
        }
    }

    private func text(of record: ModelRecord) -> String {
        var lines = [
            "experiment   \(record.experiment), seed \(record.seed), \(record.epochs) epochs",
            "digest       \(record.digest)",
            "spec         \(record.specSHA256)",
            "data         \(record.dataFingerprint)",
            "written by   tfrs-run \(record.toolVersion)",
            "embeddings   \(record.dimension) numbers"
                + (record.heads > 1 ? ", \(record.heads) of each query" : ""),
            "queries      \(record.query.count) known, by \(record.query.id)"
                + reading(record.query.columns, beside: record.query.id),
            "candidates   \(record.candidate.count), by \(record.candidate.id)"
                + reading(record.candidate.columns, beside: record.candidate.id),
        ]
        if let history = record.history {
            lines.append("history      the last \(history.maximumLength) steps of a query")
        }
        for metric in record.metrics {
            lines.append("test         \(metric.key) \(Text.significant(metric.value, 4))")
        }
        for file in record.files {
            let size = Text.padded("\(file.value.bytes)", to: 12)
            lines.append("file         \(size) \(file.value.sha256.prefix(12))  \(file.key)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func reading(_ columns: [ModelRecord.InputColumn], beside id: String) -> String {
        let names = columns.map(\.name).filter { $0 != id }
        return names.isEmpty ? "" : "; also \(names.joined(separator: ", "))"
    }
}
