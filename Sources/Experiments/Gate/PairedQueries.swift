import ResultsFormat

/// A query whose value of a metric changed: its mean over the runs, before and after.
public struct MovedQuery: Hashable, Sendable {
    /// Its id; of a baseline's queries with ids that are no numbers, a number for it.
    public var query: String
    /// In the baseline.
    public var baseline: Double
    /// In the results.
    public var candidate: Double

    var json: JSONValue {
        [
            "query": .string(query), "baseline": .number(baseline),
            "candidate": .number(candidate),
        ]
    }
}

/// Values per query of pairs of runs, put side by side.
enum PairedQueries {
    /// The queries whose means over the pairs changed most; none where runs have no such values.
    ///
    /// - Parameter names: ids by the numbers that stand for them.
    static func moved(
        _ pairs: [(new: PerQueryValues?, old: PerQueryValues?)], metric: String,
        names: [Int: String], count: Int = 12
    ) -> [MovedQuery] {
        var sums: [Int: (old: Double, new: Double, count: Int)] = [:]
        for (new, old) in pairs {
            guard let new, let old, new.queries == old.queries,
                let values = new.metrics[metric], let oldValues = old.metrics[metric],
                values.count == new.queries.count, oldValues.count == new.queries.count
            else { return [] }
            for (index, query) in new.queries.enumerated() {
                guard values[index].isFinite, oldValues[index].isFinite else { continue }
                var sum = sums[query] ?? (0, 0, 0)
                sum = (sum.old + oldValues[index], sum.new + values[index], sum.count + 1)
                sums[query] = sum
            }
        }
        return sums.filter { $0.value.old != $0.value.new }.map { query, sum in
            MovedQuery(
                query: names[query] ?? "\(query)", baseline: sum.old / Double(sum.count),
                candidate: sum.new / Double(sum.count))
        }.sorted {
            let changes = (abs($0.candidate - $0.baseline), abs($1.candidate - $1.baseline))
            return changes.0 != changes.1 ? changes.0 > changes.1 : $0.query < $1.query
        }.prefix(count).map(\.self)
    }

    /// For each pair the difference of each query, for the queries that all pairs have, in
    /// ascending order, weighted by its examples so that the mean over queries is that over
    /// examples; nil where a run has no such values or the examples are others.
    static func differences(
        _ pairs: [(new: PerQueryValues?, old: PerQueryValues?)], metric: String
    ) -> [[Double]]? {
        var rows: [[Int: (sum: Double, count: Int)]] = []
        for (new, old) in pairs {
            guard let new, let old, new.queries == old.queries,
                let values = new.metrics[metric], let oldValues = old.metrics[metric],
                values.count == new.queries.count, oldValues.count == new.queries.count
            else { return nil }
            var row: [Int: (sum: Double, count: Int)] = [:]
            for (index, query) in new.queries.enumerated() {
                let difference = values[index] - oldValues[index]
                guard difference.isFinite else { continue }
                row[query, default: (0, 0)].sum += difference
                row[query, default: (0, 0)].count += 1
            }
            rows.append(row)
        }
        guard let first = rows.first else { return nil }
        let queries = first.keys.filter { query in rows.allSatisfy { $0[query] != nil } }.sorted()
        guard queries.count >= 2 else { return nil }
        return rows.map { row in
            let examples = queries.reduce(0) { $0 + (row[$1]?.count ?? 0) }
            let scale = Double(queries.count) / Double(examples)
            return queries.map { (row[$0]?.sum ?? 0) * scale }
        }
    }
}
