import Retrieval

extension SpecFindings {
    /// The results know a metric by its name.
    mutating func checkMetrics() {
        checkNames(metrics)
        checkNames(trainingMetrics)
        for (index, choice) in spec.metrics.batch.enumerated()
        where choice.values["from_logits"] == .boolean(false) {
            warn(
                at: "metrics.batch[\(index)].from_logits",
                "'from_logits: false' takes scores for probabilities, which dot products are not")
        }
    }

    private mutating func checkNames(_ metrics: [(path: String, names: [String])]) {
        var owners: [String: String] = [:]
        for (path, names) in metrics {
            let twice = names.indices.first { names[..<$0].contains(names[$0]) }
            guard let name = names.first(where: { owners[$0] != nil }) ?? twice.map({ names[$0] })
            else {
                for name in names { owners[name] = path }
                continue
            }
            error(
                at: path,
                owners[name] == nil
                    ? "this metric has two values called '\(name)': a k is given twice"
                    : "two metrics are called '\(name)'; give one of them another 'name'")
        }
    }

    /// What each metric calls its values, with its place in the spec.
    var metrics: [(path: String, names: [String])] {
        names(spec.metrics.loss, at: "metrics.loss") {
            made($0, in: catalog.lossMetrics).map { RetrievalTask(lossMetrics: [$0]) }
        }
            + names(spec.metrics.batch, at: "metrics.batch") {
                made($0, in: catalog.batchMetrics).map { RetrievalTask(batchMetrics: [$0]) }
            }
            + names(spec.metrics.factorized, at: "metrics.factorized") {
                made($0, in: catalog.factorizedMetrics).map { RetrievalTask(metrics: [$0]) }
            }
    }

    var trainingMetrics: [(path: String, names: [String])] {
        names(spec.evaluate.metrics ?? [], at: "evaluate.metrics") {
            made($0, in: catalog.factorizedMetrics).map { RetrievalTask(metrics: [$0]) }
        }
    }

    private func names(
        _ choices: [ComponentChoice], at path: String,
        _ task: (ComponentChoice) -> RetrievalTask?
    ) -> [(path: String, names: [String])] {
        choices.enumerated().compactMap { index, choice in
            task(choice).map { task in
                ("\(path)[\(index)]", task.makeMetricState().summarize().map(\.name))
            }
        }
    }
}
