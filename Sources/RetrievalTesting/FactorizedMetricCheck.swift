import Retrieval

/// Tries a metric over the corpus on random rankings: batches of queries must add up, in whatever
/// order they come; nothing measured must not be taken for a figure of something; and where the
/// metric can draw queries again, drawing each once must be what was measured.
///
/// - Parameters:
///   - metric: the metric with its options. It is given what its `needs` ask
///     for and nothing else.
///   - corpus: what is known of the 40 candidates, for a metric that needs columns of theirs.
///   - tolerance: by how much figures may differ with the order of additions, relative to the
///     larger of 1 and the figure.
/// - Returns: what does not hold; empty for a metric that is right.
public func checkFactorizedMetric(
    _ metric: any FactorizedMetric, corpus: CorpusKnowledge? = nil, tolerance: Double = 1e-9
) -> [ConformanceFinding] {
    var findings = Findings()
    findings.require(
        !metric.definition.isEmpty, "a metric says what it is", "its definition is empty")
    findings.checkNothing(metric)
    for seed in 1...3 {
        let sample = RankedSample(
            needs: metric.needs, corpus: corpus ?? .usual, seed: UInt64(seed))
        findings.checkSums(metric, sample, tolerance)
        findings.checkDraws(metric, sample)
    }
    return findings.all
}

extension FactorizedMetric {
    fileprivate func run(_ parts: [RankedQueries]) -> FactorizedMetricRun {
        var run = FactorizedMetricRun(self)
        for part in parts { run.measure(part) }
        return run
    }
}

extension Findings {
    fileprivate mutating func checkNothing(_ metric: any FactorizedMetric) {
        let names = metric.run([]).summarize().map(\.name)
        require(!names.isEmpty, "a metric has values", "it has none")
        require(
            Set(names).count == names.count, "the values of a metric have names of their own",
            "\(names)")
    }

    fileprivate mutating func checkSums(
        _ metric: any FactorizedMetric, _ sample: RankedSample, _ tolerance: Double
    ) {
        let whole = metric.run([sample.whole]).summarize()
        require(
            whole == metric.run([sample.whole]).summarize(), "the same rankings have the same bits",
            "\(whole)")
        require(
            whole.map(\.name) == metric.run([]).summarize().map(\.name),
            "the names do not depend on what is measured", "\(whole.map(\.name))")
        let halves = sample.halves.map(sample.whole.selecting)
        for parts in [halves, halves.reversed()] {
            for (found, expected) in zip(metric.run(parts).summarize(), whole)
            where !(found.value.isNaN && expected.value.isNaN) {
                requireClose(
                    found.value, expected.value, tolerance, "batches of queries add up",
                    expected.name)
            }
        }
    }

    /// Every query once is the whole; the second half alone is that half.
    fileprivate mutating func checkDraws(_ metric: any FactorizedMetric, _ sample: RankedSample) {
        guard metric is any ResampledMetric else { return }
        let run = metric.run([sample.whole])
        let half = metric.run([sample.whole.selecting(sample.halves[1])]).summarize()
        let count = sample.whole.queryCount
        let drawn = Matrix(
            rows: 2, columns: count,
            values: [Float](repeating: 1, count: count) + (0..<count).map { Float($0 % 2) })
        for (index, value) in run.summarize().enumerated() {
            let values = run.resample(drawn)[index]
            for (found, expected) in zip(values, [value.value, half[index].value])
            where !(found.isNaN && expected.isNaN) {
                requireClose(
                    found, expected, 1e-6, "queries drawn again are the same queries", value.name)
            }
        }
        require(
            run.queryFigures().map(\.name) == run.summarize().map(\.name),
            "every value has figures of single queries", "\(run.queryFigures().map(\.name))")
    }
}
