import Experiments
import Foundation
import ResultsFormat
import TestSupport
import Testing

/// The gate's verdicts on results made by hand.
struct GateCheckTests {
    static let metric = "factorized_top_k/top_10_categorical_accuracy"

    /// What results say of a metric that is better higher.
    static func described(_ metric: String = metric) -> JSONValue {
        let record = FigureRecord(better: .higher, source: "metrics.factorized[0]")
        return .object([metric: record.json])
    }

    /// A set of runs, one for each value, read from a baseline file as the tool reads it.
    static func runs(
        _ values: [Double], metric: String = metric, gate: JSONValue = .null,
        fingerprint: String = "f", content: String = "c", definitions: JSONObject = [:],
        metrics: JSONValue = [:], evaluate: JSONValue = [:], digest: String? = nil,
        queries: [[Double]]? = nil, more: [String] = []
    ) throws -> RunSet {
        let spec: JSONValue = [
            "name": "x", "gate": gate, "metrics": metrics, "evaluate": evaluate,
        ]
        var definitions = definitions
        definitions["metrics"] = described(metric)
        let runs = values.enumerated().map { index, value in
            AcceptedResults.Run(
                seed: index + 1, digest: digest ?? "\(index) \(value)",
                dataFingerprint: fingerprint, contentSHA256: content,
                metrics: ["test": [metric: value]], definitions: ["test": .object(definitions)],
                perQuery: queries.map {
                    [
                        "test": PerQueryValues(
                            queries: Array($0[index].indices), metrics: [metric: $0[index]])
                    ]
                } ?? [:])
        }
        let baseline = AcceptedResults(
            toolVersion: "1.0.0",
            experiments: (["x"] + more).map {
                .init(name: $0, configurations: [.init(name: "", spec: spec, runs: runs)])
            })
        return try withTemporaryFolder { folder in
            try ResultsFile.write(json: baseline.json(), to: folder + "/b.json")
            return try RunSet(reading: [folder + "/b.json"])
        }
    }

    static func verdict(_ new: RunSet, _ old: RunSet) throws -> GateVerdict? {
        try GateCheck(results: new, baseline: old).report().cases.first?.verdict
    }

    @Test func verdicts() throws {
        let old = try Self.runs([0.50, 0.51, 0.49, 0.505, 0.495])
        func against(_ values: [Double], gate: JSONValue = .null) throws -> GateVerdict? {
            try Self.verdict(try Self.runs(values, gate: gate), old)
        }
        #expect(try Self.verdict(old, old) == .identical)
        #expect(try against([0.45, 0.46, 0.44, 0.4551, 0.4452]) == .regressed)
        #expect(try against([0.55, 0.56, 0.54, 0.5551, 0.5452]) == .improved)
        #expect(try against([0.30, 0.70, 0.2, 0.6, 0.3]) == .uncertain)
        #expect(try against([0.501, 0.509, 0.4905, 0.504, 0.4955]) == .unchanged)
        #expect(try against([0.4975, 0.5075, 0.4875, 0.5026, 0.4926]) == .tolerated)
        #expect(
            try against(
                [0.45, 0.46, 0.44, 0.4551, 0.4452],
                gate: ["metrics": [["name": .string(Self.metric), "relative_tolerance": 0.2]]])
                == .tolerated)
        #expect(
            try against(
                [0.55, 0.56, 0.54, 0.5551, 0.5452],
                gate: ["metrics": [["name": .string(Self.metric), "direction": "minimize"]]])
                == .regressed)
        #expect(
            try against(
                [0.501, 0.509, 0.4905, 0.504, 0.4955],
                gate: ["metrics": [["name": .string(Self.metric), "floor": 0.6]]]) == .regressed)
    }

    /// Equal digests do not excuse a floor.
    @Test func floorsHoldOfIdenticalRuns() throws {
        let runs = try Self.runs(
            [0.5], gate: ["metrics": [["name": .string(Self.metric), "floor": 0.6]]])
        #expect(try Self.verdict(runs, runs) == .regressed)
    }

    @Test func relativeToleranceOfZeroIsZero() throws {
        let rule = MetricRule(name: "m", absoluteTolerance: 0.1, relativeTolerance: 0.5)
        #expect(rule.allowance(for: 0) == 0.1)
        #expect(rule.allowance(for: -1) == 0.5)
        let old = try Self.runs([0])
        #expect(try Self.verdict(try Self.runs([-1e-9]), old) == .regressed)
    }

    /// A difference that equals its tolerance passes, whatever binary makes of the decimals.
    @Test(
        arguments: [
            (
                0.8, 0.7, ["absolute_tolerance": 0.1, "relative_tolerance": 0],
                GateVerdict.unchanged
            ),
            (0.3, 0.2, ["absolute_tolerance": 0.1, "relative_tolerance": 0], .unchanged),
            (1, 0.99, [:], .unchanged), (0.7, 0.693, [:], .unchanged), (100, 99, [:], .unchanged),
            (0.7, 0.8, ["absolute_tolerance": 0.1, "relative_tolerance": 0], .unchanged),
            (0.1, 0.3, ["absolute_tolerance": 0.2, "direction": "minimize"], .unchanged),
            (0.8, 0.699_999, ["absolute_tolerance": 0.1, "relative_tolerance": 0], .regressed),
            (1, 0.989_999, [:], .regressed), (0.7, 0.707_001, [:], .improved),
            (0.5, 0.7, ["floor": 0.7], .improved), (0.5, 0.699_999, ["floor": 0.7], .regressed),
            (3e-7, 2e-7, ["absolute_tolerance": 1e-7, "relative_tolerance": 0], .unchanged),
        ] as [(Double, Double, JSONObject, GateVerdict)])
    func tolerancesAreInclusive(
        old: Double, new: Double, rule: JSONObject, verdict: GateVerdict
    ) throws {
        var rule = rule
        rule["name"] = .string(Self.metric)
        let gate: JSONValue = ["metrics": [.object(rule)]]
        #expect(
            try Self.verdict(try Self.runs([new], gate: gate), try Self.runs([old])) == verdict)
    }

    /// The mean of three runs is no decimal; its rounding is forgiven too.
    @Test func boundsForgiveTheRoundingOfMeans() throws {
        let gate: JSONValue = ["metrics": [["name": .string(Self.metric), "ceiling": 0.1]]]
        let values = [0.1, 0.1, 0.1]
        #expect(values.reduce(0, +) / 3 > 0.1)
        let verdict = try Self.verdict(
            try Self.runs(values, gate: gate), try Self.runs([0.1, 0.1, 0.09]))
        #expect(verdict != .regressed)
    }

    /// Values at the end of all numbers: their differences, or the squares of these, are none.
    @Test(arguments: [
        ([1.7e308, -1.7e308], [-1.7e308, 1.7e308], GateVerdict.notComparable),
        ([1.7e308, 1.7e308], [1.7e308, 1.6e308], .notComparable),
        ([1e200, -1e200], [-1e200, 1.1e200], .regressed),
        ([1e-300, 0], [1e-300, 1e308], .regressed), ([1.7e308], [-1.7e308], .notComparable),
    ])
    func valuesWithoutADifference(
        new: [Double], old: [Double], verdict: GateVerdict
    ) throws {
        let report = try GateCheck(
            results: try Self.runs(new), baseline: try Self.runs(old)
        ).report()
        #expect(report.cases.first?.verdict == verdict)
        #expect(try report.json.jsonText().isEmpty == false)
        #expect(!report.table().isEmpty && !report.markdown().isEmpty)
    }

    /// What the baseline has and the results lack.
    @Test func absentExperimentsAreListed() throws {
        let old = try Self.runs([0.5])
        let both = try Self.runs([0.5], more: ["y"])
        func outcome(_ isPartial: Bool) throws -> GateReport {
            try GateCheck(results: old, baseline: both, isPartial: isPartial).report()
        }
        #expect(try outcome(false).outcome == .notComparable)
        #expect(try outcome(true).outcome == .pass)
        for isPartial in [false, true] {
            #expect(try outcome(isPartial).cases.contains { $0.experiment == "y" })
        }
        // To accept what there is would not bring what is missing.
        var lacking = try outcome(false)
        lacking.acceptCommand = "tfrs-run accept x --baseline y"
        #expect(lacking.advice?.hasPrefix("The results lack y: check these as well") == true)
        // Nothing at all was checked.
        #expect(
            try GateCheck(results: RunSet(), baseline: old, isPartial: true).report().outcome
                == .notComparable)
    }

    @Test func whatIsNotComparable() throws {
        let old = try Self.runs([0.5], definitions: ["id_based": false])
        func reason(_ new: RunSet) throws -> String? {
            let report = try GateCheck(results: new, baseline: old).report()
            #expect(report.outcome == .notComparable)
            return report.cases.first?.reason
        }
        #expect(
            try reason(try Self.runs([0.4], fingerprint: "g", content: "d")) == "the data differ")
        #expect(
            try reason(try Self.runs([0.4], fingerprint: "g"))
                == "the split of the data differs")
        #expect(
            try reason(try Self.runs([0.4], definitions: ["id_based": true]))?.hasPrefix(
                "the evaluation protocol differs") == true)
        #expect(
            try reason(try Self.runs([0.4], metric: "auc"))
                == "the baseline lack this metric of the test part")
        let defined: JSONValue = [
            "factorized": [["type": "factorized_top_k", "ks": [10], "ties": "other"]]
        ]
        #expect(
            try reason(try Self.runs([0.4], metrics: defined))?.hasPrefix(
                "the metric's definition differs") == true)
        #expect(
            try reason(try Self.runs([0.5, 0.5]))?.hasPrefix("seed 2: the baseline lacks it")
                == true)
        #expect(
            try GateCheck(results: old, baseline: RunSet()).report().outcome == .notComparable)
        #expect(
            try GateCheck(results: RunSet(), baseline: old).report().outcome == .notComparable)
    }

    /// What only a newer version knows of counts as its default, at every depth; all else that
    /// differs is another protocol.
    @Test(
        arguments: [
            ([:], ["relevance": nil, "leave_out": [], "sampled_negatives": nil], true),
            ([:], ["tie_policy": "expected", "exclude_seen": "nothing"], true),
            (["candidates": "brute_force"], ["candidates": ["type": "brute_force"]], true),
            (
                ["sampled_negatives": ["count": 10]],
                ["sampled_negatives": ["count": 10, "distribution": "uniform"]], true
            ),
            (["relevance": ["min": 4]], ["relevance": ["column": "rating", "min": 4.0]], true),
            (["of_a_later_version": nil], [:], true), (["of_a_later_version": []], [:], true),
            (["batch_size": 16, "bootstrap_samples": 0], [:], true),
            (["of_a_later_version": "something"], [:], false),
            (["tie_policy": "tfrs"], [:], false), ([:], ["exclude_seen": "train"], false),
            ([:], ["relevance": ["min": 4]], false),
            ([:], ["leave_out": ["unseen_queries"]], false),
            (
                ["sampled_negatives": ["count": 10]],
                ["sampled_negatives": ["count": 10, "distribution": "popularity"]], false
            ),
            (["sampled_negatives": ["count": 10]], ["sampled_negatives": ["count": 11]], false),
            (["candidates": "brute_force"], ["candidates": ["type": "hnsw"]], false),
        ] as [(JSONValue, JSONValue, Bool)])
    func settingsThatCameLater(one: JSONValue, other: JSONValue, isSame: Bool) throws {
        for (old, new) in [(one, other), (other, one)] {
            let report = try GateCheck(
                results: try Self.runs([0.4], evaluate: new),
                baseline: try Self.runs([0.5], evaluate: old)
            ).report()
            #expect((report.outcome == .regression) == isSame, "\(report.cases)")
            #expect((report.outcome == .notComparable) == !isSame, "\(report.cases)")
            if isSame, one["batch_size"] == nil { #expect(report.differences.isEmpty) }
        }
    }

    /// The same of the options of metrics.
    @Test(
        arguments: [
            (["type": "ndcg"], ["type": "ndcg", "per": "interaction", "ks": [1, 10]], true),
            ("ndcg", ["type": "ndcg", "gain": nil], true),
            (["type": "ndcg"], ["type": "ndcg", "per": "query"], false),
            (["type": "ndcg"], ["type": "mrr"], false),
        ] as [(JSONValue, JSONValue, Bool)])
    func optionsThatCameLater(one: JSONValue, other: JSONValue, isSame: Bool) throws {
        func runs(_ value: Double, _ metric: JSONValue) throws -> RunSet {
            try Self.runs([value], metrics: ["factorized": .array([metric])])
        }
        for (old, new) in [(one, other), (other, one)] {
            let report = try GateCheck(
                results: try runs(0.4, new), baseline: try runs(0.5, old)
            ).report()
            #expect((report.outcome == .regression) == isSame, "\(report.cases)")
        }
    }

    /// One run with values per query: a drop in every query is significant, one in a few is not.
    @Test func pairedByQuery() throws {
        let base = (0..<40).map { Double($0 % 2) }
        let old = try Self.runs([0.5], queries: [base])
        let worse = base.enumerated().map { $0 < 30 ? 0 : $1 }
        let new = try Self.runs([worse.reduce(0, +) / 40], queries: [worse])
        #expect(try Self.verdict(new, old) == .regressed)
        let slightly = base.enumerated().map { $0 < 4 ? 0 : $1 }
        let less = try Self.runs([slightly.reduce(0, +) / 40], queries: [slightly])
        #expect(try Self.verdict(less, old) == .uncertain)
    }

    @Test func reportsAreEscaped() throws {
        let nasty = "a<b>&\"|%\n::error::,x"
        var old = RunSet()
        old = try Self.runs([0.5], metric: nasty)
        let new = try Self.runs(
            [0.4], metric: nasty,
            gate: ["metrics": [["name": .string(nasty), "direction": "maximize"]]])
        let report = try GateCheck(results: new, baseline: old).report()
        #expect(report.outcome == .regression)
        let annotations = report.gitHubAnnotations().split(separator: "\n")
        #expect(annotations.count == 1)
        #expect(annotations[0].hasPrefix("::error title=regressed%3A x%3A a<b>&\"|%25%0A"))
        #expect(!report.junit().contains("a<b>"))
        #expect(report.junit().contains("a&lt;b&gt;&amp;&quot;|%&#10;"))
        let row = try #require(
            report.markdown().split(separator: "\n").last { $0.hasPrefix("| reg") })
        #expect(row.contains("a&lt;b&gt;&amp;\"\\|% ::error::"))
    }

    @Test func annotationsAreCapped() throws {
        let names = (0..<30).map { "m\($0)" }
        func runs(_ value: Double) throws -> RunSet {
            let run = AcceptedResults.Run(
                seed: 1, digest: "\(value)", dataFingerprint: "f",
                metrics: ["test": OrderedMap(names.map { ($0, value) })])
            let rules = names.map { ["name": .string($0), "direction": "maximize"] as JSONValue }
            let spec: JSONValue = ["gate": ["metrics": .array(rules)]]
            let baseline = AcceptedResults(
                toolVersion: "1",
                experiments: [
                    .init(name: "x", configurations: [.init(name: "", spec: spec, runs: [run])])
                ])
            return try withTemporaryFolder { folder in
                try ResultsFile.write(json: baseline.json(), to: folder + "/b.json")
                return try RunSet(reading: [folder + "/b.json"])
            }
        }
        let report = try GateCheck(results: try runs(0.4), baseline: try runs(0.5)).report()
        let lines = report.gitHubAnnotations().split(separator: "\n")
        #expect(lines.count == 10)
        #expect(lines.last == "::error::and 21 more; see the job's summary")
    }
}
