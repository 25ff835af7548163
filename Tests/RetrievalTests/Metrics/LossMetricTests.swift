import Retrieval
import Testing

@Suite("Loss metrics")
struct LossMetricTests {
    private func measure(_ metric: any LossMetric, _ calls: [[Float]]) -> Double? {
        var run = LossMetricRun(metric)
        for losses in calls { run.measure(losses) }
        return run.summarize().first?.value
    }

    @Test("Every returned value is one observation")
    func observations() {
        let calls: [[Float]] = [[1, 2, 3], [6]]
        #expect(measure(MeanLoss(), calls) == 3)
        #expect(measure(SumLoss(), calls) == 12)
        #expect(measure(LastLoss(), calls) == 6)
        #expect(measure(StandardDeviationLoss(), calls) == (14.0 / 4).squareRoot())
    }

    @Test("Nothing measured is 0")
    func empty() {
        let metrics: [any LossMetric] = [
            MeanLoss(), SumLoss(), LastLoss(), StandardDeviationLoss(),
        ]
        for metric in metrics { #expect(measure(metric, []) == 0) }
    }
}
