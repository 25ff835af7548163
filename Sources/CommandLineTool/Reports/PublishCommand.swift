import ArgumentParser
import Platform
import Reporting
import ResultsFormat

struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Show results on an MLflow tracking server.",
        discussion: """
            Results files, indexes of sweeps, and folders of them: each run, and each trial, \
            becomes a run of the experiment of its name, with metrics by epoch, the final figures, \
            the spec's settings as parameters, and the results file and its page as artifacts \
            where the server takes them. What was published before, by its digest, is left as it \
            is.

            Credentials come from the environment alone: MLFLOW_TRACKING_TOKEN, or \
            MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD. It takes curl. A server that \
            does not answer ends it after --timeout, with exit code 1; results are only read.
            """)

    @Argument(help: "Results to publish.", completion: .results)
    var results: [String]

    @Option(
        help: ArgumentHelp(
            "The tracking server.",
            discussion: "Such as http://127.0.0.1:5000; $MLFLOW_TRACKING_URI without it.",
            valueName: "url"))
    var mlflow: String?

    @Option(
        help: ArgumentHelp(
            "Seconds that all of it may take.", valueName: "seconds"))
    var timeout = 60.0

    mutating func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout takes a number above 0 and up to 3600")
        }
        guard mlflow != nil || ProcessEnvironment.variable("MLFLOW_TRACKING_URI") != nil else {
            throw ValidationError("--mlflow or $MLFLOW_TRACKING_URI has to name the server")
        }
    }

    func run() throws {
        let files = try Self.files(of: ReportFiles.read(results))
        let url = mlflow ?? ProcessEnvironment.variable("MLFLOW_TRACKING_URI") ?? ""
        do throws(MLflowClient.Failure) {
            let client = try MLflowClient(url: url, seconds: timeout)
            defer { client.close() }
            var publisher = Publisher(client: client)
            for file in files { try publisher.publish(file) }
        } catch {
            StandardError.writeLine("tfrs-run: warning: not published at \(url): \(error)")
            throw ExitStatus.runFailed
        }
    }

    /// The results files of runs and of sweeps' trials.
    private static func files(of inputs: [ReportInput]) throws(ExitStatus) -> [RunInput] {
        for input in inputs {
            switch input {
            case .run, .sweep: break
            case .gate(let path, _), .queries(let path, _):
                StandardError.writeLine(
                    "tfrs-run: '\(path)' is no run: there is nothing to publish")
                throw .usage
            }
        }
        return try ReportFiles.trials(of: inputs)
    }
}

/// Publishes runs one after the other.
private struct Publisher {
    let client: MLflowClient
    /// The server's numbers of experiments, by name.
    private var experiments: [String: String] = [:]

    init(client: MLflowClient) { self.client = client }

    mutating func publish(_ input: RunInput) throws(MLflowClient.Failure) {
        let document = input.document
        let name = document.experiment.name
        guard let digest = document.digest, input.objection == nil else {
            StandardError.writeLine(
                "tfrs-run: warning: \(input.path) is not published: "
                    + (input.objection ?? "it has no digest"))
            return
        }
        let experiment = try experiment(named: name)
        if try isPublished(digest, in: experiment) {
            StandardError.writeLine("\(input.path): published before")
            return
        }
        // Times are of the server's metrics alone, so now will do where results do not say when.
        let start = Int(
            (document.environment.started.flatMap(UTCTime.seconds(of:))
                ?? Date.now.timeIntervalSince1970 - document.timing.totalSeconds) * 1000)
        let end = start + Int(document.timing.totalSeconds * 1000)
        let created = try client.ask(
            MLflow.create(document, in: experiment, startMilliseconds: start))
        guard let run = created?["run"]?["info"]?["run_id"]?.stringValue else {
            throw MLflowClient.Failure(description: "the server names no run that it created")
        }
        for request in MLflow.log(document, run: run, milliseconds: end) {
            _ = try client.ask(request)
        }
        upload(input, created?["run"]?["info"]?["artifact_uri"]?.stringValue)
        _ = try client.ask(MLflow.end(document, run: run, endMilliseconds: end))
        StandardError.writeLine("\(input.path): published as run \(run)")
    }

    private mutating func experiment(named name: String) throws(MLflowClient.Failure) -> String {
        if let known = experiments[name] { return known }
        var found = try client.ask(MLflow.experiment(named: name))?["experiment"]?["experiment_id"]?
            .stringValue
        if found == nil {
            found = try client.ask(MLflow.createExperiment(named: name))?["experiment_id"]?
                .stringValue
        }
        guard let found else {
            throw MLflowClient.Failure(description: "the server names no experiment for '\(name)'")
        }
        experiments[name] = found
        return found
    }

    /// Whether a run of the digest is there, whole; one that was broken off is taken away.
    private func isPublished(
        _ digest: String, in experiment: String
    ) throws(MLflowClient.Failure) -> Bool {
        let answer = try client.ask(MLflow.find(digest: digest, in: experiment))
        for run in answer?["runs"]?.arrayValue ?? [] {
            guard let id = run["info"]?["run_id"]?.stringValue else { continue }
            guard run["info"]?["status"]?.stringValue == "RUNNING" else { return true }
            _ = try client.ask(MLflow.delete(run: id))
        }
        return false
    }

    /// Artifacts are welcome, not needed.
    private func upload(_ input: RunInput, _ place: String?) {
        let scheme = "mlflow-artifacts:/"
        guard let place, place.hasPrefix(scheme) else {
            StandardError.writeLine(
                "tfrs-run: warning: the server takes no artifacts by HTTP; metrics and parameters "
                    + "are published without")
            return
        }
        let root = String(place.dropFirst(scheme.count).drop { $0 == "/" })
        do throws(MLflowClient.Failure) {
            try client.upload(input.path, to: root + "/results.json")
            let page = try client.page(Report.page(of: [.run(input)]).html)
            try client.upload(page, to: root + "/report.html")
        } catch {
            StandardError.writeLine("tfrs-run: warning: no artifacts of \(input.path): \(error)")
        }
    }
}
