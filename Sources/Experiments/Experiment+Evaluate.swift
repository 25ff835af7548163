import ResultsFormat
import Retrieval

extension Experiment {
    /// Evaluates a saved model by a spec: on its data, split, metrics and rules. Nothing is trained.
    ///
    /// - Throws: `SpecError` where the spec's towers or loss are not those of the model, or where
    ///   data and spec do not fit; `DataError` where there is no data.
    public func evaluate(
        _ model: SavedModel, on spec: ExperimentSpec,
        observe: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> ExperimentResults {
        let total = Stopwatch()
        for name in [ExperimentSpec.towersField.name, ExperimentSpec.lossField.name]
        where spec.resolved[name] != model.spec.resolved[name] {
            throw spec.error(
                at: name,
                "'\(name)' requires what the model was trained with (tfrs-run inspect "
                    + "\(model.path) --format json shows its spec)")
        }
        guard spec.baseline == nil, spec.warmStart == nil else {
            throw spec.error(
                at: spec.baseline == nil ? "warm_start" : "baseline",
                "what is evaluated is the model; found another")
        }
        var spec = spec
        spec.output = OutputSection()
        spec.checkpoint = nil
        var planner = Planner(catalog: catalog, options: options)
        planner.built = model.built
        var plan = try planner.plan(spec) { observe(.data($0)) }
        let planSeconds = total.seconds
        observe(.planned(plan))
        let trainer = Trainer(
            plan, model: plan.takeModel(), lanes: Lanes(threads: options.threads))
        var record = ExperimentRunner(plan: plan, threads: options.threads, observe: observe)
            .evaluated(trainer, RunRecord())
        record.model = ModelReference(path: model.path, digest: model.digest)
        record.seconds.insert(("plan", planSeconds), at: 0)
        var results = try ExperimentResults(
            plan: plan, record: record, catalog: catalog,
            host: HostEnvironment.current(threads: options.threads),
            totalSeconds: total.seconds)
        results.trained = trainer.model
        return results
    }
}
