import ResultsFormat
import Retrieval
import YAMLTree

/// Rules between a sweep and the specs of its trials.
struct SweepChecks {
    let catalog: Catalog
    let sweep: SweepSpec
    /// The spec with its sweep.
    let tree: YAMLNode
    private(set) var diagnostics: [Diagnostic] = []

    init(catalog: Catalog, sweep: SweepSpec, tree: YAMLNode) {
        self.catalog = catalog
        self.sweep = sweep
        self.tree = tree
    }

    /// What trials are ranked by, completed by what the trials' specs say of their figures. What
    /// it asks for has to be in the results of every trial.
    mutating func objective(
        of trials: [(trial: SweepTrial, spec: ExperimentSpec)]
    ) -> SweepSpec.Objective? {
        guard let first = trials.first else { return sweep.objective }
        var objective = sweep.objective ?? SweepSpec.Objective()
        let figures = SpecFigures(first.spec, catalog: catalog).ofEvaluation
        // A loss changes its meaning with the task; it is ranked by where it is asked for.
        objective.metric =
            objective.metric ?? gatedMetric(of: first.spec)
            ?? figures.first { $0.isOfMetric && $0.direction != nil }?.name
        guard let metric = objective.metric else { return nil }
        objective.direction =
            objective.direction ?? figures.first { $0.name == metric }?.direction
        if objective.part == nil {
            let parts = Set(
                trials.map { SpecFindings(spec: $0.spec, catalog: catalog).hasValidationPart })
            objective.part = parts == [true] ? "validation" : parts == [false] ? "test" : nil
            if parts.isSuperset(of: [true, false]) {
                diagnostics.append(
                    Diagnostic(
                        severity: .warning,
                        message: "only some trials have a validation part, and only these are "
                            + "ranked; 'objective: {on: test}' ranks all, by the test part",
                        source: sweep.key.source, range: sweep.key.range, path: "sweep"))
            }
        }
        for (trial, spec) in trials where diagnostics.errors.isEmpty {
            let which = trials.count == 1 ? "" : " of trial '\(trial.name)'"
            check(metric, objective, spec, which: which)
        }
        if diagnostics.errors.isEmpty, objective.direction == nil {
            report(
                .error, "metric",
                "objective requires 'direction', maximize or minimize: '\(metric)' does not say "
                    + "which way it is better")
        }
        for (name, isUsed) in [("halving", sweep.halving != nil), ("tpe", sweep.tpe != nil)] {
            guard isUsed, objective.part != "validation",
                let node = tree.value(at: ["sweep", .key(name)])
            else { continue }
            diagnostics.append(
                Diagnostic(
                    message: "\(name) requires a validation part and, where the split does not "
                        + "tell, an objective with 'on: validation': what picks the "
                        + "configurations cannot judge them too",
                    source: node.source, range: node.range, path: "sweep.\(name)"))
        }
        if sweep.objective?.part == "test",
            trials.contains(where: { _, spec in
                SpecFindings(spec: spec, catalog: catalog).hasValidationPart != false
            })
        {
            report(
                .warning, "on",
                "the test part chooses the best trial and then judges it: its figures will be too "
                    + "good; 'on: validation' ranks by the validation part")
        }
        return objective
    }

    /// The first metric that the gate has a rule for: what decides there ranks here.
    private func gatedMetric(of spec: ExperimentSpec) -> String? {
        let rules = spec.resolved[ExperimentSpec.gateField].flatMap {
            $0[GateSection.metricsField]
        }
        return rules?.first.map { $0[GateSection.nameField] }
    }

    private mutating func check(
        _ metric: String, _ objective: SweepSpec.Objective, _ spec: ExperimentSpec, which: String
    ) {
        let findings = SpecFindings(spec: spec, catalog: catalog)
        if objective.part == "validation", findings.hasValidationPart == false {
            report(
                .error, "on", "data.split\(which) has no validation part for the objective")
        }
        let known = findings.figures.ofEvaluation.map(\.name)
        if !known.contains(metric) {
            let meant = Suggestion.closest(to: metric, among: known)
            report(
                objective.direction == nil ? .error : .warning, "metric",
                "no metric\(which) is called '\(metric)'; "
                    + (meant.map { "did you mean '\($0)'?" }
                        ?? "there are \(known.joined(separator: ", "))"))
        }
    }

    /// Blames a member of the objective, or the objective where it does not have it.
    private mutating func report(
        _ severity: Diagnostic.Severity, _ member: String, _ message: String
    ) {
        guard let node = tree.value(at: ["sweep", "objective"]) else { return }
        let blamed = node.mapping?[member] ?? node
        diagnostics.append(
            Diagnostic(
                severity: severity, message: message, source: node.source, range: blamed.range,
                path: "sweep.objective.\(member)"))
    }
}
