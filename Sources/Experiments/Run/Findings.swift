import ResultsFormat
import Retrieval

/// What an evaluation says that its reader should not have to puzzle over.
struct Findings {
    let part: String
    let result: EvaluationResult

    var all: [String] {
        // Nothing else is to be said of a model that tells nothing apart.
        if let collapse { return [collapse] + absent }
        return [ties].compactMap(\.self) + (part == "test" ? [sameness].compactMap(\.self) : [])
            + absent
    }

    /// The model is no model.
    private var collapse: String? {
        guard let collapse = result.diagnosis?.collapse else { return nil }
        let reason =
            switch collapse {
            case .queryEmbeddingsZero:
                "every query's embedding is zero (no input, such as an empty history, or dead layers)"
            case .candidateEmbeddingsZero: "every candidate's embedding is zero"
            case .candidateEmbeddingsEqual: "all candidates have the same embedding"
            case .scoresAllEqual: "each query scores all candidates the same"
            }
        return """
            the model has collapsed on the \(part) part: \(reason), so that its ranking is chance
            """
    }

    /// Positives that chance ranks, and what is behind it.
    private var ties: String? {
        guard let diagnosis = result.diagnosis, let ties = diagnosis.ties,
            ties.share > Self.usualShare
        else { return nil }
        var reasons: [String] = []
        if ties.zeroQueries > 0 {
            reasons.append(
                """
                \(ties.zeroQueries) of \(ties.queries) queries have an embedding of zeros (no \
                input, such as an empty history, or dead layers)
                """)
        }
        if ties.zeroCandidates > 0 {
            reasons.append(
                """
                \(ties.zeroCandidates) of \(diagnosis.candidates) candidates have an embedding of \
                zeros
                """)
        }
        if ties.equalCandidates > ties.zeroCandidates {
            reasons.append(
                """
                \(ties.equalCandidates) of \(diagnosis.candidates) candidates have an embedding \
                that others have too (equal in every feature)
                """)
        }
        let reason =
            reasons.isEmpty
            ? "their scores are equal though their embeddings differ"
            : reasons.joined(separator: "; ")
        return """
            \(Self.percent(ties.share)) of the \(part) positives tie with other candidates, with \
            \(Self.rounded(ties.meanTies)) on average, and only chance ranks them: \(reason)
            """
    }

    private var sameness: String? {
        guard let lists = result.diagnosis?.lists, lists.queries >= Self.enoughQueries,
            lists.distinctShare <= Self.enoughLists
        else { return nil }
        let different = Int((lists.distinctShare * Double(lists.queries)).rounded())
        return """
            the model hardly tells queries apart: \(lists.queries) sampled queries get \
            \(different) different lists of \(lists.depth) candidates
            """
    }

    /// Metrics that are defined and yet have no value.
    private var absent: [String] {
        let missing = result.definitions.metrics.filter {
            result.metrics[$0.name] == nil && $0.path.hasPrefix("metrics.")
        }.map(\.name)
        guard !missing.isEmpty else { return [] }
        return [
            """
            the \(part) part has nothing to measure \(missing.joined(separator: ", ")) on, and so \
            no value
            """
        ]
    }

    /// The share of positives that may tie without being told of.
    private static let usualShare = 0.01
    /// Queries from which on lists are told to be too few, and the share of different ones from
    /// which on they are not.
    private static let (enoughQueries, enoughLists) = (10, 0.1)

    private static func percent(_ share: Double) -> String { rounded(100 * share) + "%" }

    /// With one digit after the point.
    private static func rounded(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }
}
