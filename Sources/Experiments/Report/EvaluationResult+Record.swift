import ResultsFormat
import Retrieval

extension EvaluationResult {
    /// As the results have it.
    var record: EvaluationRecord {
        EvaluationRecord(
            metrics: metrics, examples: examples, loss: loss,
            regularizationLoss: regularizationLoss, totalLoss: totalLoss, intervals: intervals,
            slices: slices, diagnosis: diagnosis?.json, baselines: baselines,
            definitions: definitions.json)
    }
}

extension Diagnosis {
    fileprivate var json: JSONValue {
        var members: JSONObject = [:]
        if let lists {
            members = [
                "sampled_queries": .integer(lists.queries), "list_depth": .integer(lists.depth),
                "distinct_lists": .number(lists.distinctShare),
                "candidates_listed": .integer(lists.candidates),
            ]
            if let recall = lists.indexRecall { members[recall.name] = .number(recall.share) }
        }
        if let ties { members["tied_positives"] = ties.json(candidates: candidates) }
        if let collapse { members["collapsed"] = .string(collapse.rawValue) }
        return .object(members)
    }
}

extension TieDiagnosis {
    fileprivate func json(candidates: Int) -> JSONValue {
        var found: JSONObject = [
            "positives": .integer(positives), "share": .number(share),
            "mean_ties": .number(meanTies),
        ]
        if queries > 0 {
            found["causes"] = [
                "queries": .integer(queries),
                "queries_with_zero_embedding": .integer(zeroQueries),
                "candidates": .integer(candidates),
                "candidates_with_zero_embedding": .integer(zeroCandidates),
                "candidates_with_equal_embedding": .integer(equalCandidates),
            ]
        }
        return .object(found)
    }
}

extension TiePolicy {
    /// What the results say of ties.
    fileprivate var definition: String {
        let lists = "; lists take equal scores in the corpus's order"
        return switch self {
        case .expected: "expected values over all orders of equal scores" + lists
        case .tfrs:
            "a positive stands before its equals or, found by id, in the corpus's order" + lists
        case .pessimistic: "a positive stands after its equals" + lists
        case .mean: "a positive stands in the middle of its equals" + lists
        }
    }
}

extension Diagnosis.IndexRecall {
    /// What the results call the share.
    public var name: String { "index_recall@\(depth)" }
}

extension EvaluationDefinitions {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "id_based": .bool(isIDBased), "candidates": .integer(candidates),
            "tie_policy": .string(tiePolicy.rawValue), "ties": .string(tiePolicy.definition),
            "per_query": .string(
                """
                relevant to a list is the set of the query's held-out candidates; a query with \
                several lists, of different contexts, times or samples, has the mean of theirs
                """),
            "exclude_seen": .string(excludeSeen.rawValue),
            "index": ["type": .string(index.name), "is_exact": .bool(index.isExact)],
        ]
        if bootstrapSamples > 0 {
            members["intervals"] = .string(
                "95%, percentiles of \(bootstrapSamples) Poisson bootstraps over queries")
        }
        members["metrics"] = .object(
            OrderedMap(metrics.map { ($0.name, $0.record.json) }))
        return .object(members)
    }
}
