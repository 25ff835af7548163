import ArgumentParser
import Experiments
import ResultsFormat

struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "List the candidates most like one, by a saved model.",
        discussion: """
            Likeness is the cosine of the candidates' embeddings. On a terminal lists are tables, \
            else JSON Lines.

            EXAMPLES
              tfrs-run similar models/movielens --item 50
              tfrs-run similar models/movielens --item 50 -k 20 --format jsonl

            Exit codes: 0 done; 1 the model is damaged; 2 there is no such candidate.
            """)

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("The id of a candidate. Repeatable.", valueName: "id"))
    var item: [String]

    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp("Candidates of a list.", valueName: "k"))
    var count = 10

    @Option(
        help: ArgumentHelp(
            "A file of the ids that alone may be listed, one a line.", valueName: "file"),
        completion: .file())
    var candidates: String?

    @Option(
        help: ArgumentHelp(
            "table or jsonl; without it, a table on a terminal.", valueName: "format"))
    var format: ListFormat?

    mutating func validate() throws {
        if count < 1 { throw ValidationError("-k requires at least 1; found \(count)") }
        if item.isEmpty { throw ValidationError("--item names a candidate") }
    }

    func run() throws {
        let saved = try model.load()
        var options = RecommendationOptions(count: count)
        options.candidates = try candidates.map { path throws(ExitStatus) in
            try ListWriter.ids(in: path)
        }
        let writer = ListWriter(model: saved, format: format ?? .usual)
        do {
            try writer.write(
                try item.map {
                    let query: JSONValue = [saved.record.candidate.id: .string($0)]
                    return (query, try saved.similar(to: $0, options))
                })
        } catch {
            throw ExitStatus.tellingOfModel(error)
        }
    }
}
