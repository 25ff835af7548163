import Retrieval

/// A commented spec to begin with.
public enum StarterSpec {
    /// MovieLens 100K, which is fetched, or else generated data in its place.
    public static func text(name: String) -> String {
        let data = """
            data:
              source: movielens           # your own files: csv, parquet, jsonl or recbole
              variant: 100k
              offline: synthetic          # no copy and no network: a generated stand-in, loudly
              query: user_id              # the column of what asks
              candidate: item_id          # the column of what is retrieved
              split: {strategy: random, train: 80000, test: 20000}
            """
        return text(
            name: name, about: "MovieLens 100K", data: data, query: "user_id",
            candidate: "item_id", time: "timestamp", batchSize: 4096, ks: [1, 5, 10, 50, 100])
    }

    /// A user's own file, as far as its first rows tell what is in it.
    public static func text(
        name: String, _ guess: DelimitedGuess, items: ItemsGuess? = nil
    ) -> String {
        let batchSize = [64, 256, 1024, 4096].last { $0 * 8 <= guess.rowCount } ?? 32
        let ks = [1, 5, 10, 50, 100].filter { $0 == 1 || $0 * 2 <= guess.candidateCount }
        return text(
            name: name, about: guess.path.filter { !$0.isNewline }, data: data(guess, items),
            query: guess.query.column, candidate: guess.candidate.column,
            time: guess.time?.column, batchSize: batchSize, ks: ks)
    }

    private static func text(
        name: String, about: String, data: String, query: String, candidate: String,
        time: String?, batchSize: Int, ks: [Int]
    ) -> String {
        func feature(_ column: String) -> String {
            "{type: string_lookup, column: \(YAMLText.string(column)), embedding: {output_dim: 32}}"
        }
        // With times, data.time names their column.
        let order =
            time == nil ? "order_by: null          # no times: as they stand\n        " : ""
        return """
            # A two-tower retrieval experiment on \(about). Every key is told of by
            # 'tfrs-run explain KEY', and what is left out has its default: 'tfrs-run plan' shows it.
            name: \(YAMLText.string(name))
            seed: 42                        # split, initial weights, batches: all randomness

            \(data)

            towers:                         # each ends in one vector; a score is their dot product
              query:
                features:
                  - \(feature(query))
                  - type: history           # what she had before, and never what came later
                    column: \(YAMLText.string(candidate))
                    \(order)max_length: 20
                    encoder: average        # or gru, lstm, self_attention
                    embedding: {output_dim: 32}
                layers:
                  - {type: dropout, rate: 0.5}    # no query is known by heart, so new ones do well
                  - {type: dense, units: 32}      # its bias is what everybody likes
              candidate:
                features:
                  - \(feature(candidate))
                # layers: [{type: dense, units: 32}]

            task:                           # the options of tfrs.tasks.Retrieval
              remove_accidental_hits: true  # another row's positive is no negative of this one
              candidate_sampling_probability: from_training_frequency   # popular ones are drawn oftener
              # temperature: 0.1

            loss: categorical_crossentropy  # over the batch's candidates; 'tfrs-run list losses'

            metrics:
              factorized:                   # over all candidates, after training
                - {type: factorized_top_k, ks: [\(ks.map(String.init).joined(separator: ", "))]}

            evaluate:
              exclude_seen: train           # nobody is shown what she has; not where people come back
              # baselines: off              # do not hold the model against most_popular

            train:
              epochs: 5                     # more of them may overfit: look at the metrics
              batch_size: \(batchSize)
              optimizer: {type: adagrad, learning_rate: 0.05}

            """
    }

    private static func data(_ guess: DelimitedGuess, _ items: ItemsGuess?) -> String {
        var lines = ["data:", "  source: \(guess.source)"]
        if guess.source == "recbole" {
            lines.append("  path: \(YAMLText.string(guess.sourcePath))")
            if guess.badRowCount > 0 { lines.append("  " + skipping(guess)) }
            if !guess.missing.isEmpty { lines.append("  " + missing(guess.missing)) }
        } else {
            lines += ["  interactions:", "    path: \(YAMLText.string(guess.sourcePath))"]
            lines += interactions(guess).map { "    " + $0 }
        }
        if let items { lines += ["  items:"] + table(items).map { "    " + $0 } }
        lines += [
            "  query: \(YAMLText.string(guess.query.column))",
            "  candidate: \(YAMLText.string(guess.candidate.column))",
        ]
        if let time = guess.time {
            lines += [
                "  time: \(YAMLText.string(time.column))",
                "  split: {strategy: temporal, test: 0.2}   # the past trains, the last fifth tests",
            ]
        } else {
            lines.append("  split: {strategy: random, train: 0.8, test: 0.2}")
        }
        return lines.joined(separator: "\n")
    }

    private static func interactions(_ guess: DelimitedGuess) -> [String] {
        var lines: [String] = []
        if guess.needsDelimiter { lines.append("delimiter: \(YAMLText.string(guess.delimiter))") }
        if !guess.hasHeader { lines.append("header: false") }
        lines += guess.textOptions.map { "\($0.name): \(YAMLText.flow($0.value))" }
        if guess.decimal != "." { lines.append("decimal: \(YAMLText.string(guess.decimal))") }
        if !guess.missing.isEmpty { lines.append(missing(guess.missing)) }
        if guess.badRowCount > 0 { lines.append(skipping(guess)) }
        let rest = guess.source == "parquet" ? "what is not listed is as in the file" : nil
        return lines + columns(guess.declared, hasHeader: guess.hasHeader, rest: rest)
    }

    private static func table(_ items: ItemsGuess) -> [String] {
        var lines = ["path: \(YAMLText.string(items.path))"]
        if items.needsDelimiter { lines.append("delimiter: \(YAMLText.string(items.delimiter))") }
        if !items.hasHeader { lines.append("header: false") }
        lines += items.textOptions.map { "\($0.name): \(YAMLText.flow($0.value))" }
        if items.decimal != "." { lines.append("decimal: \(YAMLText.string(items.decimal))") }
        lines.append("key: \(YAMLText.string(items.key))")
        if items.hasDuplicates { lines.append("on_duplicate: first") }
        if items.unlistedCount > 0 {
            lines.append("on_unlisted: unknown        # \(items.unlistedCount) candidates at least")
        }
        return lines + columns(items.columns, hasHeader: items.hasHeader)
    }

    private static func skipping(_ guess: DelimitedGuess) -> String {
        "on_bad_row: skip            # \(guess.badRowCount) of the first rows"
    }

    private static func missing(_ texts: [String]) -> String {
        "missing: " + YAMLText.flow(.list(texts.map(FieldValue.string)))
    }

    private static func columns(
        _ columns: [ColumnDeclaration], hasHeader: Bool, rest: String? = nil
    ) -> [String] {
        let shown = columns.filter { !hasHeader || $0.kind != .string }
        guard !shown.isEmpty else { return [] }
        return [
            "columns:                    # "
                + (rest ?? (hasHeader ? "what is not listed holds strings" : "all, in order"))
        ] + shown.map { "  - \(YAMLText.flow($0.briefValue))" }
    }
}

extension ColumnDeclaration {
    /// The declaration without what is the default of its type.
    fileprivate var briefValue: FieldValue {
        var values = FieldValues()
        values["name"] = .string(name)
        guard kind != .string else { return .object(values) }
        values["type"] = .string(kind.rawValue)
        if kind == .list { values["separator"] = .string(separator) }
        if let format { values["format"] = .string(format) }
        if let fill { values["fill"] = fill.fieldValue }
        if kind == .timestamp, format == nil { values["unit"] = .string(unit.rawValue) }
        return .object(values)
    }
}

extension DelimitedGuess {
    /// What was guessed, a line each, for whoever has to check it.
    public var findings: [String] {
        let words = [",": "commas", "\t": "tabs", ";": "semicolons", " ": "spaces"]
        let layout =
            switch source {
            case "jsonl": "one JSON object a line"
            case "parquet": "Parquet"
            default:
                "\(words[delimiter] ?? "'\(delimiter)'") between fields, "
                    + (hasHeader ? "a header" : "no header")
            }
        var lines = [
            "\(isWhole ? "" : "the first ")\(rowCount) rows, \(layout)",
            "query: \(query.column), \(query.reason)",
            "candidate: \(candidate.column), \(candidate.reason)",
            time.map { "time: \($0.column), \($0.reason)" } ?? "no column of times",
        ]
        let roles = [query.column, candidate.column, time?.column]
        let others = columns.filter { !roles.contains($0.name) }
        if !others.isEmpty {
            lines.append(
                "other columns: "
                    + others.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", "))
        }
        for option in textOptions {
            lines.append("\(option.name): \(YAMLText.flow(option.value)), by the text")
        }
        if badRowCount > 0 {
            lines.append("bad rows, to be skipped: \(badRowCount)")
        }
        lines += evidence
        return lines
    }
}
