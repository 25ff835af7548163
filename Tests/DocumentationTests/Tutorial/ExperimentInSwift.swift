import Experiments
import ResultsFormat
import Retrieval

/// The code of the article "An experiment in Swift", which the tests run.
struct ExperimentInSwift {
    let results: String

    func run() throws -> (record: RunRecord, results: ExperimentResults) {
        let text = """
            name: two-tower
            data: {source: synthetic, users: 200, items: 100, interactions: 4000}
            towers:
              query:
                features: [{type: string_lookup, column: user_id, embedding: {output_dim: 16}}]
              candidate:
                features: [{type: string_lookup, column: item_id, embedding: {output_dim: 16}}]
            train: {epochs: 3, batch_size: 512, optimizer: {type: adagrad, learning_rate: 0.1}}
            """
        let reader = SpecReader(catalog: .builtIn)
        let spec = try reader.read(text: text, name: "two-tower.yaml")

        let planner = Planner(catalog: .builtIn, options: RunOptions(threads: 2))
        let plan = try planner.plan(spec)
        print(plan.counts.train, "interactions train")
        print(plan.model.parameters.scalarCount, "weights")

        let runner = ExperimentRunner(plan: plan, threads: 2) { event in
            if case .epoch(let epoch, let count) = event {
                print("epoch \(epoch.epoch) of \(count): loss \(epoch.loss)")
            }
        }
        let record = runner.run()

        if let test = record.test {
            for metric in test.metrics {
                print(metric.key, metric.value, test.intervals[metric.key] ?? "no interval")
            }
        }

        let experiment = Experiment(catalog: .builtIn, options: RunOptions(threads: 2))
        let results = try experiment.run(spec)
        try results.write(to: self.results)

        return (record, results)
    }

    func sweep(spec: String, folder: String) throws -> (SweepOutcome, SweepIndex) {
        let file = try SpecReader(catalog: .builtIn).readFile(path: spec)
        var sweep = SweepRun.inThisProcess(file, folder: folder, catalog: .builtIn) { event in
            if case .ended(let trial, let seconds, _) = event {
                print(trial.name, trial.status.rawValue, seconds)
            }
        }
        let outcome = try sweep.run()
        if let best = sweep.index.best { print(best.name, best.metrics["test"] ?? "no figures") }
        return (outcome, sweep.index)
    }

    func runWithLossOfOnesOwn(_ text: String) throws -> ExperimentResults {
        var catalog = Catalog.builtIn
        catalog.losses.register(LeadLoss.entry)
        let spec = try SpecReader(catalog: catalog)
            .read(text: text + "\nloss: {type: lead}", name: "two-tower.yaml")
        return try Experiment(catalog: catalog, options: RunOptions()).run(spec)
    }
}
