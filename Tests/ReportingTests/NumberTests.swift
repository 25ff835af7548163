import Reporting
import ResultsFormat
import Testing

/// The numbers of a page are those of the results.
struct NumberTests {
    private func numbers(_ inputs: ReportInput...) throws -> [(value: String, shown: String)] {
        try PageReading(Report.page(of: inputs).html).numbers
    }

    @Test func everyNumberOfARunIsThereExactly() throws {
        let document = try Samples.run()
        let found = Set(
            try numbers(.run(try Samples.input(document))).compactMap { Double($0.value) })
        var expected: [Double] = []
        for epoch in document.training?.epochs ?? [] {
            expected += [epoch.loss, epoch.examplesPerSecond] + epoch.metrics.values
            expected += epoch.learningRates.values
        }
        for part in document.evaluation.values {
            expected += part.metrics.values + [try #require(part.loss)]
            expected += part.intervals.values.flatMap { [$0.lower, $0.upper] }
            expected += part.baselines.values.flatMap(\.values)
            expected += part.slices.values.flatMap { $0.metrics.values + [Double($0.examples)] }
        }
        expected += document.timing.seconds.values
        expected += document.data?.counts.values.map { Double($0) } ?? []
        for value in expected { #expect(found.contains(value), "\(value) is not in the page") }
    }

    @Test func everyNumberOfASweepIsThereExactly() throws {
        let sweep = Samples.sweep()
        let found = Set(try numbers(.sweep(sweep)).compactMap { Double($0.value) })
        for trial in sweep.index.trials where trial.status == .completed {
            for value in trial.metrics["validation"]?.values ?? [] {
                #expect(found.contains(value))
            }
            #expect(found.contains(try #require(sweep.costs[trial.name]?.seconds)))
        }
    }

    @Test func everyNumberOfAGateIsThereExactly() throws {
        let found = Set(
            try numbers(.gate(path: "check.json", Samples.gate())).compactMap { Double($0.value) })
        for value in [0.0197, 0.0084, -0.5736, 0.000394, 0.0002, -0.01375, -0.00885, 0.5, 0.125] {
            #expect(found.contains(value), "\(value) is not in the page")
        }
    }

    /// What is shown is the number, rounded to what one reads.
    @Test func shownNumbersAreRounded() throws {
        let inputs: [ReportInput] = [
            .run(try Samples.input(try Samples.run())), .sweep(Samples.sweep()),
            .gate(path: "check.json", Samples.gate()), .queries(path: "q", Samples.queries()),
        ]
        for number in try PageReading(Report.page(of: inputs).html).numbers {
            let value = try #require(Double(number.value), "\(number.value)")
            var shown = number.shown.replacing(",", with: "").replacing("+", with: "")
            var scale = 1.0
            if shown.hasSuffix("%") {
                shown.removeLast()
                scale = 0.01
            }
            let read = try #require(Double(shown), "'\(number.shown)' of \(number.value)") * scale
            // Percents have two digits at least, others four.
            let tolerance = scale == 1 ? 0.0006 : 0.051
            #expect(abs(read - value) <= tolerance * abs(value), "\(number.shown) of \(value)")
        }
    }

    @Test(arguments: [
        (0.0, "0"), (0.25085, "0.2509"), (1.5e-7, "1.5e-07"), (100_000, "100,000"),
        (1682, "1682"), (12345.678, "12,346"), (-0.5, "-0.5"), (1e300, "1e+300"),
    ])
    func numbersAreShort(value: Double, text: String) {
        #expect(NumberText.short(value) == text)
    }

    @Test(arguments: [
        (0.0, "0 s"), (0.25, "250 ms"), (1.25, "1.2 s"), (59.6, "1 min"), (61, "1 min 1 s"),
        (7505, "2 h 5 min"), (.infinity, "unknown"),
    ])
    func durationsAreShort(value: Double, text: String) {
        #expect(NumberText.duration(value) == text)
    }
}
