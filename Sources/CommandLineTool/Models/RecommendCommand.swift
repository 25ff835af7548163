import ArgumentParser
import Experiments
import Platform
import ResultsFormat

struct RecommendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "List the best candidates for queries, by a saved model.",
        discussion: """
            Queries are ids (--query) or lines of the standard input: an id, or an object of what \
            the query tower reads, by column. What is known of an id is filled in; 'history' lists \
            what was before, oldest first. On a terminal lists are tables, else JSON Lines in the \
            order of the queries.

            EXAMPLES
              tfrs-run recommend models/movielens --query 42
              tfrs-run recommend models/movielens --query 42 -k 20 --exclude-seen
              echo '{"user_id": "42"}' | tfrs-run recommend models/movielens
              echo '{"history": ["i7", "i9"]}' | tfrs-run recommend models/shop
              tfrs-run recommend models/shop < queries.jsonl > lists.jsonl

            Exit codes: 0 done; 1 the model is damaged; 2 a query is wrong, or unknown and --strict.
            """)

    @OptionGroup var model: ModelArguments

    @Option(
        help: ArgumentHelp("The id of who asks. Repeatable.", valueName: "id"))
    var query: [String] = []

    @Option(
        name: [.customShort("k"), .long],
        help: ArgumentHelp("Candidates of a list.", valueName: "k"))
    var count = 10

    @Flag(help: "Leave out what the query has had in training, and what its history names.")
    var excludeSeen = false

    @Option(
        help: ArgumentHelp(
            "A file of the ids that alone may be listed, one a line.", valueName: "file"),
        completion: .file())
    var candidates: String?

    @Flag(help: "Fail on a query with a token that the model has never seen.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "table or jsonl; without it, a table on a terminal.", valueName: "format"))
    var format: ListFormat?

    mutating func validate() throws {
        if count < 1 { throw ValidationError("-k requires at least 1; found \(count)") }
    }

    func run() throws {
        let saved = try model.load()
        var options = RecommendationOptions(
            count: count, excludesSeen: excludeSeen, isStrict: strict)
        options.candidates = try candidates.map { path throws(ExitStatus) in
            try ListWriter.ids(in: path)
        }
        let writer = ListWriter(model: saved, format: format ?? .usual)
        guard query.isEmpty else {
            return try answer(
                query.map { [saved.record.query.id: .string($0)] }, saved, options, writer)
        }
        if isatty(STDIN_FILENO) == 1 {
            StandardError.writeLine(
                "tfrs-run: reading queries from the standard input, one a line; --query ID asks "
                    + "for one")
        }
        var input = InputLines()
        var line = 1
        while let lines = try input.next() {
            options.firstLine = line
            try answer(try queries(lines, first: line, saved), saved, options, writer)
            line += lines.count
        }
    }

    private func answer(
        _ queries: [JSONObject], _ saved: SavedModel, _ options: RecommendationOptions,
        _ writer: ListWriter
    ) throws {
        do {
            let lists = try saved.recommend(to: queries, options)
            try writer.write(zip(queries, lists).map { (.object($0), $1) })
        } catch {
            throw ExitStatus.tellingOfModel(error)
        }
    }

    private func queries(
        _ lines: [String], first: Int, _ saved: SavedModel
    ) throws(ExitStatus) -> [JSONObject] {
        var queries: [JSONObject] = []
        for (index, line) in lines.enumerated() {
            switch Self.query(line, id: saved.record.query.id) {
            case .success(let query): queries.append(query)
            case .failure(let problem):
                StandardError.writeLine(
                    "tfrs-run: line \(first + index) of the standard input \(problem.words)")
                throw .usage
            }
        }
        return queries
    }

    /// What is wrong with a line.
    private struct LineProblem: Error {
        var words: String
    }

    /// A line as a query: an object, or an id, which needs no quotes.
    private static func query(_ line: String, id: String) -> Result<JSONObject, LineProblem> {
        do {
            let json = try JSONValue(parsing: line, limits: JSONLimits(depth: 16))
            if let object = json.objectValue { return .success(object) }
            if let text = json.stringValue ?? json.integerValue.map(String.init) {
                return .success([id: .string(text)])
            }
            return .failure(LineProblem(words: "requires an id or an object; found \(json.kind)"))
        } catch {
            let word = line.trimming { $0 == " " || $0 == "\r" }
            guard !word.isEmpty, !word.contains(where: { "{}[]\",:".contains($0) }) else {
                return .failure(LineProblem(words: "is no JSON: \(error)"))
            }
            return .success([id: .string(String(word))])
        }
    }
}

/// How lists are written.
enum ListFormat: String, CaseIterable, ExpressibleByArgument {
    case table, jsonl

    /// For people on a terminal, for programs elsewhere.
    static var usual: ListFormat { isatty(STDOUT_FILENO) == 1 ? .table : .jsonl }
}
