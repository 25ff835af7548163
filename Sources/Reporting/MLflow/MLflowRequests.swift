import ResultsFormat

/// What MLflow's tracking server is asked for, by its REST API 2.0.
package struct MLflowRequest: Sendable {
    /// Such as `runs/create`.
    package var endpoint: String
    /// Nil: asked for by GET, with the parameters.
    package var body: JSONValue?
    package var parameters: [(name: String, value: String)] = []
}

/// The requests that publish a run, and what their answers say.
package enum MLflow {
    /// The tag that a run is known by: nobody publishes the same results twice.
    package static let digestTag = "tfrs_run.digest"

    package static func experiment(named name: String) -> MLflowRequest {
        MLflowRequest(
            endpoint: "experiments/get-by-name", body: nil,
            parameters: [("experiment_name", name)])
    }

    package static func createExperiment(named name: String) -> MLflowRequest {
        MLflowRequest(endpoint: "experiments/create", body: ["name": .string(name)])
    }

    /// The run of a digest, if it was published and not deleted since.
    package static func find(digest: String, in experiment: String) -> MLflowRequest {
        MLflowRequest(
            endpoint: "runs/search",
            body: [
                "experiment_ids": [.string(experiment)], "max_results": 10,
                "run_view_type": "ACTIVE_ONLY",
                "filter": .string("tags.`\(digestTag)` = '\(digest)'"),
            ])
    }

    package static func create(
        _ document: ResultsDocument, in experiment: String, startMilliseconds: Int
    ) -> MLflowRequest {
        MLflowRequest(
            endpoint: "runs/create",
            body: [
                "experiment_id": .string(experiment),
                "run_name": .string(clipped(document.experiment.name, 250)),
                "start_time": .integer(startMilliseconds), "tags": .array(tags(of: document)),
            ])
    }

    package static func end(
        _ document: ResultsDocument, run: String, endMilliseconds: Int
    ) -> MLflowRequest {
        let status =
            switch document.status {
            case .completed: "FINISHED"
            case .failed: "FAILED"
            case .interrupted: "KILLED"
            }
        return MLflowRequest(
            endpoint: "runs/update",
            body: [
                "run_id": .string(run), "status": .string(status),
                "end_time": .integer(endMilliseconds),
            ])
    }

    package static func delete(run: String) -> MLflowRequest {
        MLflowRequest(endpoint: "runs/delete", body: ["run_id": .string(run)])
    }

    /// Everything that is logged of a run, in batches as large as the server takes.
    package static func log(
        _ document: ResultsDocument, run: String, milliseconds: Int
    ) -> [MLflowRequest] {
        var requests: [MLflowRequest] = []
        let metrics = metrics(of: document, milliseconds)
        for start in stride(from: 0, to: metrics.count, by: 1000) {
            requests.append(
                MLflowRequest(
                    endpoint: "runs/log-batch",
                    body: [
                        "run_id": .string(run),
                        "metrics": .array(Array(metrics[start..<min(start + 1000, metrics.count)])),
                    ]))
        }
        let parameters = parameters(of: document)
        for start in stride(from: 0, to: parameters.count, by: 100) {
            requests.append(
                MLflowRequest(
                    endpoint: "runs/log-batch",
                    body: [
                        "run_id": .string(run),
                        "params": .array(
                            Array(parameters[start..<min(start + 100, parameters.count)])),
                    ]))
        }
        return requests
    }

    // MARK: What is logged

    private static func tags(of document: ResultsDocument) -> [JSONValue] {
        var tags: [(String, String)] = [
            (digestTag, document.digest ?? ""),
            ("tfrs_run.spec_sha256", document.experiment.specSHA256),
            ("tfrs_run.version", document.environment.toolVersion),
            ("mlflow.source.name", "tfrs-run"), ("mlflow.source.type", "JOB"),
        ]
        if let commit = document.environment.commit {
            tags.append(("mlflow.source.git.commit", commit))
        }
        if let host = document.environment.host { tags.append(("tfrs_run.host", host)) }
        if let data = document.data { tags.append(("tfrs_run.data", data.fingerprint)) }
        return tags.map { ["key": .string($0.0), "value": .string(clipped($0.1, 5000))] }
    }

    private static func metrics(of document: ResultsDocument, _ time: Int) -> [JSONValue] {
        var metrics: [JSONValue] = []
        func add(_ name: String, _ value: Double, step: Int) {
            metrics.append([
                "key": .string(self.name(name)), "value": .number(value),
                "timestamp": .integer(time), "step": .integer(step),
            ])
        }
        for epoch in document.training?.epochs ?? [] {
            add("loss", epoch.loss, step: epoch.epoch)
            for metric in epoch.metrics { add(metric.key, metric.value, step: epoch.epoch) }
            for rate in epoch.learningRates {
                add("learning_rate/" + rate.key, rate.value, step: epoch.epoch)
            }
        }
        let last = document.training?.epochs.last?.epoch ?? 0
        for part in document.evaluation {
            if let loss = part.value.loss { add("\(part.key)/loss", loss, step: last) }
            for metric in part.value.metrics {
                add("\(part.key)/\(metric.key)", metric.value, step: last)
            }
        }
        add("seconds", document.timing.totalSeconds, step: last)
        return metrics
    }

    private static func parameters(of document: ResultsDocument) -> [JSONValue] {
        var parameters: [JSONValue] = []
        func add(_ value: JSONValue, _ path: JSONPath) {
            switch value {
            case .object(let members) where !members.isEmpty:
                for member in members { add(member.value, path.appending(.key(member.key))) }
            case .array(let elements) where elements.contains { $0.objectValue != nil }:
                for (index, element) in elements.enumerated() {
                    add(element, path.appending(.index(index)))
                }
            default:
                let text = value.stringValue ?? (try? value.jsonText(.compact)) ?? ""
                parameters.append([
                    "key": .string(name(path.text)), "value": .string(clipped(text, 500)),
                ])
            }
        }
        add(document.experiment.spec, [])
        return parameters
    }

    /// A name of letters, digits, `_`, `-`, `.`, space, `:` and `/`, which are all that a server
    /// takes; others become `_`, but for what stands before a cut-off and around an index.
    static func name(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", " ", ":", "/":
                text.unicodeScalars.append(scalar)
            case "@": text += "_at_"
            case "[": text += "."
            case "]": break
            default: text += "_"
            }
        }
        // A name is also a path to some servers, and has to be the shortest one to its place.
        let steps = text.split(separator: "/").filter { $0 != "." && $0 != ".." }
        text = steps.joined(separator: "/")
        return clipped(text.isEmpty ? "_" : text, 250, "...")
    }

    /// At most so many bytes, none of a character's alone.
    private static func clipped(_ text: String, _ most: Int, _ end: String = "…") -> String {
        guard text.utf8.count > most else { return text }
        var (shown, used) = ("", 0)
        for character in text {
            used += character.utf8.count
            if used > most - 3 { break }
            shown.append(character)
        }
        return shown + end
    }
}
