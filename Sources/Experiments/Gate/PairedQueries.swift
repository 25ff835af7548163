import ResultsFormat

/// Values per query of pairs of runs, put side by side.
enum PairedQueries {
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
