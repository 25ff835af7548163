import Foundation
import Retrieval

/// Successive calls of one task, whose metrics carry over.
struct MetricCase {
    private var task: RetrievalTask
    private var temperature: Double?
    private var corpus: RetrievalCorpus<VectorID>?
    private var ks: [Int] = []
    private let calls: [RetrievalInput]
    private let expected: [Any]
    private let computesMetrics: [Bool]
    private let computesBatchMetrics: [Bool]

    init(inputs: Any?, options: Any?, expected: Any?) throws {
        var inputs = try Fields(inputs, "inputs")
        calls = try inputs.list("calls").map { try RetrievalInput($0) }
        let corpus = inputs.take("corpus")
        try inputs.finish()
        var expectedFields = try Fields(expected, "expected")
        self.expected = try expectedFields.list("calls")
        try expectedFields.finish()

        var options = try Fields(options, "options")
        let common = try RetrievalOptions(&options)
        temperature = common.temperature
        task = common.task(try KerasLosses.make(options.take("loss")))
        _ = try options.string("loss_name")
        task.batchMetrics = try options.list("batch_metrics").map(KerasMetrics.batchMetric)
        task.lossMetrics = try options.list("loss_metrics").map(KerasMetrics.lossMetric)
        computesMetrics = try options.flags("compute_metrics")
        computesBatchMetrics = try options.flags("compute_batch_metrics")
        let factorized = options.take("factorized_metrics")
        try options.finish()
        if let factorized { try read(factorized, corpus) }
        guard calls.count == computesMetrics.count, calls.count == computesBatchMetrics.count else {
            throw VectorProblem("\(calls.count) calls, but not as many switches")
        }
    }

    private mutating func read(_ factorized: Any, _ corpus: Any?) throws {
        var fields = try Fields(factorized, "factorized_metrics")
        guard let ks = try fields.list("ks") as? [Int],
            try fields.string("retrieval") == "brute_force"
        else {
            throw VectorProblem("unknown factorized_metrics \(factorized)")
        }
        try fields.finish()
        self.ks = ks
        task.factorizedMetrics = [FactorizedTopK(ks: ks)]
        var corpusFields = try Fields(corpus, "corpus")
        let embeddings = try corpusFields.requiredTensor("embeddings").matrix()
        let ids = try corpusFields.tensor("ids")?.ids()
        try corpusFields.finish()
        self.corpus = try RetrievalCorpus(
            embeddings: embeddings, ids: ids ?? (0..<embeddings.rows).map(VectorID.number))
    }

    func run() throws -> CaseResult {
        var result = CaseResult()
        var state = task.makeMetricState()
        var mean = MeanLoss().makeAccumulator()
        for (index, expected) in expected.enumerated() {
            var fields = try Fields(expected, "expected.calls[\(index)]")
            let expectedCall = try ExpectedCall(&fields)
            let input = calls[index]
            let output: RetrievalOutput
            do {
                output = try task(
                    queryEmbeddings: input.queryEmbeddings(),
                    candidateEmbeddings: input.candidates.matrix(), options: input.options(),
                    corpus: corpus, computeMetrics: computesMetrics[index],
                    computeBatchMetrics: computesBatchMetrics[index], metrics: &state)
            } catch let error as RetrievalError {
                if !expectedCall.raises { result.differences.append("raised: \(error)") }
                return result
            }
            if expectedCall.raises {
                result.deliberateDifference = whyNotRaised(index)
                if result.deliberateDifference == nil {
                    result.differences.append("calls[\(index)]: nothing was raised")
                }
                return result
            }
            let reduction = task.loss.reduction
            MeanLoss().measure(
                reduction == .none ? output.exampleLosses : [output.loss], into: &mean)
            let differences =
                try expectedCall.differences(
                    output, reduction: reduction, .loss(temperature: temperature))
                + compareLossMetrics(&fields, state, mean)
                + compareBatchMetrics(&fields, state) + compareFactorized(&fields, state)
            try fields.finish()
            result.differences += differences.map { "calls[\(index)].\($0)" }
        }
        if expected.count != calls.count {
            result.differences.append("\(expected.count) results for \(calls.count) calls")
        }
        return result
    }

    /// Where we answer although TFRS raises.
    private func whyNotRaised(_ index: Int) -> String? {
        guard let corpus, computesMetrics[index], !calls[index].hasHeads else { return nil }
        if calls[index].hasExtraNegatives && calls[index].ids != nil {
            return "ids of extra negatives are cut to the queries, where TFRS raises"
        }
        if (ks.max() ?? 0) > corpus.index.count {
            return "a k beyond the corpus always hits, where BruteForce raises"
        }
        return nil
    }

    private func compareLossMetrics(
        _ fields: inout Fields, _ state: RetrievalMetricState, _ mean: WeightedMean
    ) throws -> [String] {
        let tolerance = Tolerance.loss(temperature: temperature)
        return try compare(&fields, "loss_metrics", state.lossMetrics) { index, entry, got in
            _ = entry.take("metric")
            let result = try entry.requiredTensor("result").floats()
            var differences = [tolerance.difference("result", got, result)]
            if let value = entry.take("variables") {
                var variables = try Fields(value, "variables")
                let isMean = task.lossMetrics[index] is MeanLoss
                let total = try variables.requiredTensor("total").floats()
                differences.append(tolerance.difference("total", [Float(mean.total)], total))
                if isMean {
                    let count = try variables.requiredTensor("count").floats()
                    differences.append(tolerance.difference("count", [Float(mean.weight)], count))
                }
                try variables.finish()
            }
            return differences.compactMap { $0 }
        }
    }

    private func compareBatchMetrics(
        _ fields: inout Fields, _ state: RetrievalMetricState
    ) throws -> [String] {
        try compare(&fields, "batch_metrics", state.batchMetrics) { index, entry, got in
            let name = entry.take("metric").map { "\($0)" } ?? ""
            let tolerance = KerasMetrics.tolerance(
                task.batchMetrics[index], temperature: temperature)
            let result = try entry.requiredTensor("result").floats()
            return [tolerance.difference(name, got, result)].compactMap { $0 }
        }
    }

    private func compareFactorized(
        _ fields: inout Fields, _ state: RetrievalMetricState
    ) throws -> [String] {
        let values = state.factorizedMetrics.flatMap { $0 }
        let tolerance = Tolerance(relative: 0)
        return try compare(
            &fields, "factorized_metrics", values.map { [$0] }
        ) { index, entry, got in
            let name = try entry.string("metric") ?? ""
            let k = try entry.integer("k")
            guard name == values[index].name, k == ks[index] else {
                return ["\(values[index].name) instead of \(name)"]
            }
            let result = try entry.requiredTensor("result").floats()
            return [tolerance.difference(name, got, result)].compactMap { $0 }
        }
    }

    /// Compares a list of recorded metrics with ours, one by one.
    private func compare(
        _ fields: inout Fields, _ name: String, _ metrics: [[MetricValue]],
        _ body: (Int, inout Fields, [Float]) throws -> [String]
    ) throws -> [String] {
        let list = try fields.list(name)
        guard list.count == metrics.count else {
            return ["\(name): \(metrics.count) instead of \(list.count)"]
        }
        return try list.enumerated().flatMap { index, value in
            var entry = try Fields(value, "\(name)[\(index)]")
            let differences = try body(index, &entry, metrics[index].map { Float($0.value) })
            try entry.finish()
            return differences.map { "\(name)[\(index)].\($0)" }
        }
    }
}
