import Retrieval
import Testing

@Suite("Batch metrics")
struct BatchMetricTests {
    /// The values of a metric after some rows of scores, each with its positive and weight.
    private func measure(
        _ metric: any BatchMetric, _ rows: (logits: [Float], positive: Int?, weight: Float)...
    ) -> [Double] {
        var run = BatchMetricRun(metric)
        for row in rows {
            run.measure(
                row.logits.span,
                labels: RowLabels(positive: row.positive, columns: row.logits.count),
                weight: row.weight)
        }
        return run.summarize().map(\.value)
    }

    @Test("Nothing measured, or nothing but weight 0, is 0")
    func empty() {
        for entry in Catalog.builtIn.batchMetrics.entries {
            let defaults = Catalog.builtIn.resolving(
                .object(FieldValues()),
                as: .object(ObjectDescription(name: "", fields: entry.description.fields)))
            guard case .object(let values) = defaults, let metric = try? entry.make(values) else {
                Issue.record("\(entry.description.name) is not made from its defaults")
                continue
            }
            #expect(measure(metric).allSatisfy { $0 == 0 }, "\(entry.description.name)")
            #expect(
                measure(metric, ([0.25, 0.5], 1, 0)).allSatisfy { $0 == 0 },
                "\(entry.description.name)")
        }
    }

    @Test("Ties are hits of top-k, but of accuracy only for the first column")
    func ties() {
        #expect(measure(TopKCategoricalAccuracy(k: 1), ([2, 2, 1], 1, 1)) == [1])
        #expect(measure(CategoricalAccuracy(), ([2, 2, 1], 1, 1)) == [0])
        #expect(measure(CategoricalAccuracy(), ([2, 2, 1], 0, 1)) == [1])
    }

    @Test("A k beyond the row always hits; a score that is not finite misses")
    func topKEdges() {
        #expect(measure(TopKCategoricalAccuracy(k: 9), ([3, 2, 1], 2, 1)) == [1])
        #expect(measure(TopKCategoricalAccuracy(k: 9), ([3, .infinity, 1], 2, 1)) == [0])
        #expect(measure(TopKCategoricalAccuracy(k: 9), ([3, .nan], 0, 1)) == [0])
    }

    @Test("Binary accuracy averages over elements")
    func binaryAccuracy() {
        let rows: [Double] = measure(
            BinaryAccuracy(threshold: 0), ([1, -1, -1, -1], 0, 1), ([-1, 1], 0, 1))
        #expect(rows == [4.0 / 6])
    }

    @Test("Precision and recall of the top k leave masked scores out")
    func topKConfusion() {
        let masked: Float = -3.4e36
        #expect(measure(Precision(topK: 2), ([1, 5, 3], 2, 1)) == [0.5])
        #expect(measure(Recall(topK: 2), ([1, 5, 3], 2, 1), ([1, 5, 3], 0, 3)) == [0.25])
        #expect(measure(Precision(topK: 2), ([1, masked, masked], 0, 1)) == [1])
    }

    @Test("Several thresholds are several values")
    func thresholds() {
        let precision = Precision(thresholds: [0, 2])
        #expect(measure(precision, ([1, 3, -1], 0, 1)) == [0.5, 0])
    }

    @Test("A perfect order has area 1, a reversed one 0, equal scores a half")
    func auc() {
        let perfect = measure(AUC(), ([5, -5], 0, 1), ([-5, 5], 1, 1))
        #expect(abs(perfect[0] - 1) < 1e-12)
        #expect(abs(measure(AUC(), ([-5, 5], 0, 1))[0]) < 1e-12)
        #expect(abs(measure(AUC(), ([0, 0], 0, 1))[0] - 0.5) < 1e-12)
        #expect(abs(measure(AUC(curve: .pr), ([5, -5], 0, 1))[0] - 1) < 1e-12)
    }

    @Test("Rank metrics count strictly higher scores")
    func ranks() {
        #expect(measure(BatchMeanReciprocalRank(), ([1, 3, 3, 1], 0, 1)) == [Double(Float(1) / 3)])
        #expect(measure(BatchNDCG(k: 3), ([1, 3, 3], 0, 1)) == [0.5])
        #expect(measure(BatchNDCG(k: 2), ([1, 3, 3], 0, 1)) == [0])
        #expect(measure(BatchMeanReciprocalRank(), ([1, 3], nil, 1), ([4, 3], 0, 1)) == [1])
    }

    @Test("Score metrics leave removed columns out")
    func scores() {
        let removed: Float = -3.4e36
        #expect(measure(MeanPositiveScore(), ([2, 1], 0, 1), ([removed, 1], 0, 1)) == [2])
        #expect(measure(MeanNegativeScore(), ([2, 1, removed, 3], 0, 1)) == [2])
        #expect(measure(ScoreMargin(), ([2, 1, removed], 0, 1)) == [1])
        #expect(measure(ScoreMargin(), ([2, removed], 0, 1)) == [0])
    }

    @Test("Counted columns measure as if they were written out")
    func counts() {
        let metrics: [any BatchMetric] = [
            TopKCategoricalAccuracy(k: 2), TopKCategoricalAccuracy(k: 4),
            BatchMeanReciprocalRank(), BatchNDCG(k: 9), MeanPositiveScore(),
        ]
        for metric in metrics {
            #expect(metric.supportsCounts)
            var counted = BatchMetricRun(metric)
            counted.measure(
                ([2, 3, 1] as [Float]).span,
                labels: RowLabels(positive: 0, counts: [2, 3, 1], columnCount: 6), weight: 1)
            let dense = measure(metric, ([2, 2, 3, 3, 3, 1], 0, 1))
            #expect(counted.summarize().map(\.value) == dense)
        }
    }

    @Test("Merging equals measuring in one run")
    func merging() {
        let rows: [[Float]] = [[0.5, 0.25], [-1, 2], [0.75, 0.125]]
        for entry in Catalog.builtIn.batchMetrics.entries {
            guard let metric = try? entry.make(FieldValues()) else { continue }
            var whole = BatchMetricRun(metric)
            var merged = BatchMetricRun(metric)
            for row in rows {
                let labels = RowLabels(positive: 0, columns: 2)
                var part = BatchMetricRun(metric)
                part.measure(row.span, labels: labels, weight: 1)
                whole.measure(row.span, labels: labels, weight: 1)
                merged.merge(part)
            }
            #expect(merged.summarize() == whole.summarize())
        }
    }
}
