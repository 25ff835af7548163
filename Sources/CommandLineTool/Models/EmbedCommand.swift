import ArgumentParser
import Experiments
import ResultsFormat

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write the embeddings of a saved model, for other indexes and data bases.",
        discussion: """
            A query and a candidate belong together by the dot product of their embeddings: inner \
            product in FAISS and hnswlib, <#> in pgvector. The file's name says its format: .npy \
            and .safetensors have the ids beside them in NAME.ids.jsonl, a JSON text a line; .jsonl \
            has an object a line; .parquet has the columns id and embedding; .copy is what \
            PostgreSQL's COPY reads. Recipes: docs/models.md.

            EXAMPLES
              tfrs-run embed models/movielens --output items.npy
              tfrs-run embed models/movielens --tower query --output users.safetensors
              tfrs-run embed models/movielens --output items.parquet
              tfrs-run embed models/movielens --output items.copy  # for PostgreSQL's COPY

            Exit codes: 0 done; 1 the model is damaged; 2 the query tower reads what is not known.
            """)

    @OptionGroup var model: ModelArguments

    @Option(
        help: ArgumentHelp(
            "candidate: of all candidates; query: of all known queries.", valueName: "tower"))
    var tower = TowerName.candidate

    @Option(
        help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "npy, safetensors, jsonl, parquet or copy; without it, as the file's name ends.",
            valueName: "format"))
    var format: EmbeddingFormat?

    mutating func validate() throws {
        if format == nil, EmbeddingFormat(path: output) == nil {
            throw ValidationError(
                "--output requires a name that ends in .npy, .safetensors, .jsonl, .parquet or "
                    + ".copy, or --format; found '\(output)'")
        }
    }

    func run() throws {
        guard let format = format ?? EmbeddingFormat(path: output) else { return }
        let saved = try model.load()
        do {
            let embeddings = try saved.embeddings(of: tower)
            for path in try embeddings.write(to: output, as: format) {
                try StandardOutput.writeLine(path)
            }
        } catch {
            throw ExitStatus.tellingOfModel(error)
        }
    }
}

extension TowerName: ExpressibleByArgument {}
extension EmbeddingFormat: ExpressibleByArgument {}
