import Experiments
import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// The outcome of a run at a glance.
enum SummaryTable {
    /// - Parameter width: of the terminal, where long lines are broken between their words; nil
    ///   breaks nothing, for what reads on.
    static func text(of results: ExperimentResults, width: Int? = nil) -> String {
        var rows: [(String, String)] = []
        for epoch in results.record.epochs {
            rows.append(("epoch \(epoch.epoch) loss", text(of: epoch, results.record)))
        }
        if let early = results.record.earlyStopping, let best = early.bestEpoch {
            rows.append(("best epoch by \(early.monitor)", "\(best)"))
        }
        if let test = results.record.test {
            if let loss = test.loss { rows.append(("test loss", Text.fixed(loss, 4))) }
            rows += diagnosis(test, corpusCount: results.plan.evaluation.corpus.count)
            let figures = Dictionary(
                test.definitions.metrics.map { ($0.name, $0.record) },
                uniquingKeysWith: { first, _ in first })
            for metric in test.metrics {
                let figure = figures[metric.key] ?? FigureRecord()
                let interval = test.intervals[metric.key].map {
                    "  [\(Text.fixed($0.lower, 4)), \(Text.fixed($0.upper, 4))]"
                }
                let others = test.baselines.compactMap { baseline in
                    baseline.value[metric.key].map {
                        "  \(baseline.key) \(Text.fixed($0, 4))"
                    }
                }.joined()
                rows.append(
                    (
                        VisibleText.line(metric.key + figure.arrow),
                        Text.fixed(metric.value, 4) + figure.unitText + (interval ?? "") + others
                            + (figure.rangeText.map { "  (\($0))" } ?? "")
                    ))
            }
            rows += defeats(test)
        }
        let factor = results.record.engine.deduplicationFactor
        if factor > 1 { rows.append(("scores saved", "\(Text.fixed(factor, 1))x")) }
        rows.append(("digest", String(results.digest.prefix(16))))
        rows.append(("seconds", Text.fixed(results.totalSeconds, 3)))

        let names = rows.map(\.0.count).max() ?? 0
        let body = rows.map {
            Text.hanging("  \(Text.padded($0.0, to: names))  ", $0.1, width)
        }.joined()
        let warnings = results.record.findings.map {
            Text.hanging("  warning: ", VisibleText.line($0), width)
        }.joined()
        return "\(VisibleText.line(results.plan.spec.name)): \(headline(results))\n" + body
            + warnings
    }

    /// The loss of an epoch, and what its evaluation came to: what early stopping watches, else the
    /// loss of the part, and the last of its other figures.
    private static func text(of epoch: EpochRecord, _ record: RunRecord) -> String {
        let names = epoch.metrics.keys.filter { $0.hasPrefix("val_") || $0.hasPrefix("test_") }
        let losses = ["val_loss", "test_loss"]
        let watched = record.earlyStopping?.monitor ?? losses.first(where: names.contains) ?? ""
        let others = names.filter { $0 != watched && !losses.contains($0) }
        let shown = [watched] + others.suffix(1)
        let figures = shown.compactMap { name in
            epoch.metrics[name].map { "  \(VisibleText.line(name)) \(Text.fixed($0, 4))" }
        }
        return Text.fixed(epoch.loss, 4) + figures.joined()
    }

    /// Whether the model tells queries apart, and how good an index that is not exact was.
    private static func diagnosis(
        _ test: EvaluationResult, corpusCount: Int
    ) -> [(String, String)] {
        guard let lists = test.diagnosis?.lists else { return [] }
        let distinct = Text.fixed(100 * lists.distinctShare, 0)
        var rows = [("distinct lists", "\(distinct)% of queries")]
        if corpusCount > 0 {
            let share = 100 * Double(lists.candidates) / Double(corpusCount)
            rows.append(("coverage", "\(Text.fixed(share, 0))% of candidates listed"))
        }
        if let recall = lists.indexRecall {
            rows.append((recall.name, Text.fixed(recall.share, 4)))
        }
        return rows
    }

    /// Which rankings without training are better than the model, and by what.
    private static func defeats(_ test: EvaluationResult) -> [(String, String)] {
        test.baselines.compactMap { baseline in
            let better = baseline.value.filter { metric in
                guard let own = test.metrics[metric.key],
                    let figure = test.definitions.metrics.first(where: { $0.name == metric.key })
                else { return false }
                switch figure.description.better {
                case .higher: return metric.value > own
                case .lower: return metric.value < own
                case .neither, nil: return false
                }
            }
            guard !better.isEmpty else { return nil }
            return (
                "beaten by \(baseline.key)", "in " + better.map(\.key).joined(separator: ", ")
            )
        }
    }

    private static func headline(_ results: ExperimentResults) -> String {
        switch results.record.status {
        case .completed: "completed"
        case .failed(let reason, let epoch, let step):
            "FAILED in epoch \(epoch), step \(step): \(reason)"
        case .interrupted: "INTERRUPTED after \(results.record.epochs.count) epochs"
        }
    }
}
