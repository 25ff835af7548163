import Retrieval

/// Tries a metric over a batch's scores on random rows: lanes that measured apart must merge to
/// what one would have measured; nothing measured must be no trap; a column that stands for several
/// must count as its copies, where the metric says that it does.
///
/// - Parameters:
///   - metric: the metric with its options.
///   - columns: scores of a row; at least what the metric requires.
///   - tolerance: by how much values may differ with the order of additions, relative to the
///     larger of 1 and the value.
/// - Returns: what does not hold; empty for a metric that is right.
public func checkBatchMetric(
    _ metric: any BatchMetric, columns: Int = 12, tolerance: Double = 1e-6
) -> [ConformanceFinding] {
    var random = RandomStream(seed: 1, stream: "batch metric")
    let rows = (0..<15).map { index in
        ScoreRow(
            (0..<max(columns, metric.requiredColumns)).map { _ in Float(random.below(40)) / 40 },
            positive: index % 5 == 4 ? nil : random.below(columns))
    }
    var findings = Findings()
    let whole = metric.values(of: rows)
    findings.require(!whole.isEmpty, "a metric has values", "it has none")
    let names = metric.values(of: []).map(\.name)
    findings.require(
        names == whole.map(\.name) && Set(names).count == names.count,
        "the values of a metric have names of their own", "\(names), then \(whole.map(\.name))")
    findings.require(
        whole == metric.values(of: rows), "the same rows have the same bits", "\(whole)")

    var merged = metric.run(Array(rows[..<6]))
    merged.merge(metric.run(Array(rows[6...])))
    merged.merge(metric.run([]))
    findings.requireEqual(merged.summarize(), whole, tolerance, "what lanes measure adds up")
    if metric.supportsCounts {
        let counted = rows.map { row in
            ScoreRow(
                row.scores, positive: row.positive,
                counts: row.scores.indices.map { Float(1 + $0 * $0 % 3) })
        }
        findings.requireEqual(
            metric.values(of: counted), metric.values(of: counted.map(\.expanded.row)), tolerance,
            "a column that counts n times is n columns")
    }
    return findings.all
}

extension BatchMetric {
    /// Rows of weights 0, 1 and 2 in turn.
    fileprivate func run(_ rows: [ScoreRow]) -> BatchMetricRun {
        var run = BatchMetricRun(self)
        for row in rows {
            run.measure(
                row.scores.span, labels: row.labels, weight: Float(Int(row.scores[0] * 40) % 3))
        }
        return run
    }

    fileprivate func values(of rows: [ScoreRow]) -> [MetricValue] { run(rows).summarize() }
}

extension Findings {
    fileprivate mutating func requireEqual(
        _ found: [MetricValue], _ expected: [MetricValue], _ tolerance: Double, _ rule: String
    ) {
        for (found, expected) in zip(found, expected)
        where !(found.value.isNaN && expected.value.isNaN) {
            requireClose(found.value, expected.value, tolerance, rule, expected.name)
        }
    }
}
