import Platform
import ResultsFormat
import Retrieval
import YAMLTree

extension DataDescription {
    /// The description as one JSON document.
    public var json: JSONValue {
        .object([
            "format": "tfrs-run/data-description/1",
            "name": .string(name),
            "source": .string(origin.source),
            "variant": origin.variant.map(JSONValue.string) ?? .null,
            "stand_in_for": origin.standInFor.map(JSONValue.string) ?? .null,
            "fingerprint": .string(fingerprint),
            "content_sha256": .string(origin.contentDigest),
            "notes": .array(origin.notes.map(JSONValue.string)),
            "skipped_rows": .integer(origin.skippedRows),
            "filters": .array(filters.map(\.json)),
            "interactions": .integer(interactions),
            "queries": .object(queries.json),
            "candidates": .object(candidates.json),
            "distinct_pairs": .integer(distinctPairs),
            "sparsity": .number(sparsity),
            "duplicates": [
                "rows": .integer(repeatedRows),
                "pairs": .integer(interactions - distinctPairs),
            ],
            "popularity": [
                "gini": .number(candidates.counts.gini),
                "top_1_percent_share": .number(candidates.counts.shareOfTop(percent: 1)),
                "top_10_percent_share": .number(candidates.counts.shareOfTop(percent: 10)),
                "most_popular": .array(
                    mostPopular.map {
                        ["id": .string($0.id), "interactions": .integer($0.interactions)]
                    }),
            ],
            "activity": [
                "most_active": .array(
                    mostActive.map {
                        ["id": .string($0.id), "interactions": .integer($0.interactions)]
                    })
            ],
            "warnings": .array(warnings.map { .string($0.message) }),
            "history_lengths": .object(queries.counts.json),
            "time": time?.json ?? .null,
            "split": .object(OrderedMap(parts.map { ($0.name, $0.json) })),
            "batches": [
                "batch_size": .integer(batches.size),
                "per_epoch": .integer(batches.perEpoch),
                "expected_distinct_queries": .number(batches.distinctQueries),
                "expected_distinct_candidates": .number(batches.distinctCandidates),
                "deduplication_factor": .number(batches.deduplicationFactor),
            ],
            "tables": .object(OrderedMap(tables.map { ($0.name, $0.json) })),
        ])
    }
}

extension FilterOutcome {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "removed": .integer(removed),
            "interactions": .integer(interactions), "queries": .integer(queries),
            "candidates": .integer(candidates),
        ]
    }
}

extension DataDescription.Side {
    fileprivate var json: JSONObject {
        var json: JSONObject = [
            "column": .string(column), "with_interactions": .integer(counts.count),
            "listed": listed.map(JSONValue.integer) ?? .null,
            "without_interactions": .integer(withoutInteractions),
            "unlisted": .integer(unlisted),
        ]
        json["interactions_of_each"] = .object(counts.json)
        return json
    }
}

extension CountDistribution {
    fileprivate var json: JSONObject {
        var json: JSONObject = ["min": .integer(least)]
        for percent in [10, 25, 50, 75, 90, 99] {
            let name = percent == 50 ? "median" : "p\(percent)"
            json[name] = .number(quantile(Double(percent) / 100))
        }
        json["mean"] = .number(mean)
        json["max"] = .integer(most)
        return json
    }
}

extension DataDescription.TimeRange {
    fileprivate var json: JSONValue {
        [
            "column": .string(column), "first": first.json, "last": last.json,
            "first_utc": first.utc.map(JSONValue.string) ?? .null,
            "last_utc": last.utc.map(JSONValue.string) ?? .null,
        ]
    }
}

extension Moment {
    /// Seconds since 1970.
    fileprivate var json: JSONValue {
        nanoseconds == 0 ? .integer(Int(seconds)) : .number(value)
    }
}

extension DataDescription.Part {
    fileprivate var json: JSONValue {
        var json: JSONObject = [
            "interactions": .integer(interactions), "queries": .integer(queries),
            "candidates": .integer(candidates),
        ]
        if let unseen {
            json["unseen_queries"] = .integer(unseen.queries)
            json["unseen_candidates"] = .integer(unseen.candidates)
            json["interactions_with_unseen_query"] = .integer(unseen.interactionsWithUnseenQuery)
            json["interactions_with_unseen_candidate"] = .integer(
                unseen.interactionsWithUnseenCandidate)
            json["interactions_with_pair_of_training"] = .integer(unseen.pairsOfTraining)
        }
        return .object(json)
    }
}

extension TableSummary {
    fileprivate var json: JSONValue {
        [
            "rows": .integer(rows),
            "columns": .object(OrderedMap(columns.map { ($0.name, $0.json) })),
        ]
    }
}

extension TableSummary.ColumnSummary {
    fileprivate var json: JSONValue {
        var json: JSONObject = ["kind": .string(kind)]
        json["distinct"] = distinct.map(JSONValue.integer)
        json["empty"] = empty.map(JSONValue.integer)
        json["mean_length"] = meanLength.map(JSONValue.number)
        if let range {
            json["min"] = .number(range.least)
            json["mean"] = .number(range.mean)
            json["max"] = .number(range.most)
        }
        return .object(json)
    }
}
