import ResultsFormat

/// What an evaluation says that its reader should not have to puzzle over.
struct Findings {
    let part: String
    let record: EvaluationRecord

    var all: [String] {
        // Nothing else is to be said of a model that tells nothing apart.
        if let collapse { return [collapse] + absent }
        return [ties].compactMap(\.self) + (part == "test" ? [sameness].compactMap(\.self) : [])
            + absent
    }

    /// The model is no model.
    private var collapse: String? {
        guard let kind = record.diagnosis?["collapsed"]?.stringValue else { return nil }
        let reason =
            switch kind {
            case "query_embeddings_zero":
                "every query's embedding is zero (no input, such as an empty history, or dead layers)"
            case "candidate_embeddings_zero": "every candidate's embedding is zero"
            case "candidate_embeddings_equal": "all candidates have the same embedding"
            default: "each query scores all candidates the same"
            }
        return """
            the model has collapsed on the \(part) part: \(reason), so that its ranking is chance
            """
    }

    /// Positives that chance ranks, and what is behind it.
    private var ties: String? {
        guard let ties = record.diagnosis?["tied_positives"],
            let share = ties["share"]?.doubleValue, share > 0.01,
            let mean = ties["mean_ties"]?.doubleValue
        else { return nil }
        func count(_ name: String) -> Int { ties["causes"]?[name]?.integerValue ?? 0 }
        var reasons: [String] = []
        if count("queries_with_zero_embedding") > 0 {
            reasons.append(
                """
                \(count("queries_with_zero_embedding")) of \(count("queries")) queries have an \
                embedding of zeros (no input, such as an empty history, or dead layers)
                """)
        }
        if count("candidates_with_zero_embedding") > 0 {
            reasons.append(
                """
                \(count("candidates_with_zero_embedding")) of \(count("candidates")) candidates \
                have an embedding of zeros
                """)
        }
        if count("candidates_with_equal_embedding") > count("candidates_with_zero_embedding") {
            reasons.append(
                """
                \(count("candidates_with_equal_embedding")) of \(count("candidates")) candidates \
                have an embedding that others have too (equal in every feature)
                """)
        }
        let reason =
            reasons.isEmpty
            ? "their scores are equal though their embeddings differ"
            : reasons.joined(separator: "; ")
        return """
            \(Self.percent(share)) of the \(part) positives tie with other candidates, with \
            \(Self.rounded(mean)) on average, and only chance ranks them: \(reason)
            """
    }

    private var sameness: String? {
        guard let diagnosis = record.diagnosis,
            let share = diagnosis["distinct_lists"]?.doubleValue,
            let queries = diagnosis["sampled_queries"]?.integerValue,
            let depth = diagnosis["list_depth"]?.integerValue,
            queries >= 10, share <= 0.1
        else { return nil }
        return """
            the model hardly tells queries apart: \(queries) sampled queries get \
            \(Int((share * Double(queries)).rounded())) different lists of \(depth) candidates
            """
    }

    /// Metrics that are defined and yet have no value.
    private var absent: [String] {
        let defined = record.definitions?["metrics"]?.objectValue ?? [:]
        let missing = defined.filter {
            record.metrics[$0.key] == nil
                && $0.value["source"]?.stringValue?.hasPrefix("metrics.") == true
        }.map(\.key)
        guard !missing.isEmpty else { return [] }
        return [
            """
            the \(part) part has nothing to measure \(missing.joined(separator: ", ")) on, and so \
            no value
            """
        ]
    }

    private static func percent(_ share: Double) -> String { rounded(100 * share) + "%" }

    /// With one digit after the point.
    private static func rounded(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }
}
