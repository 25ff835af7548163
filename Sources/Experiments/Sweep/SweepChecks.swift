import ResultsFormat
import Retrieval
import YAMLTree

/// Rules between a sweep and the specs of its trials.
struct SweepChecks {
    let catalog: Catalog
    let sweep: SweepSpec
    /// The spec with its sweep.
    let tree: YAMLNode

    /// What the objective asks for has to be in the results of every trial.
    func findings(in trials: [(trial: SweepTrial, spec: ExperimentSpec)]) -> [Diagnostic] {
        guard let objective = sweep.objective,
            let node = tree.value(at: ["sweep", "objective"])
        else { return [] }
        var diagnostics: [Diagnostic] = []
        for (trial, spec) in trials {
            let findings = SpecFindings(spec: spec, catalog: catalog)
            let which = trials.count == 1 ? "" : " of trial '\(trial.name)'"
            if objective.part == "validation", findings.hasValidationPart == false {
                diagnostics.append(
                    Diagnostic(
                        message: "data.split\(which) has no validation part for the objective",
                        source: node.source, range: (node.mapping?["on"] ?? node).range,
                        path: "sweep.objective.on"))
            }
            let known = findings.metrics.flatMap(\.names) + ["loss"]
            if !known.contains(objective.metric) {
                let meant = Suggestion.closest(to: objective.metric, among: known)
                let message =
                    "no metric\(which) is called '\(objective.metric)'; "
                    + (meant.map { "did you mean '\($0)'?" }
                        ?? "there are \(known.joined(separator: ", "))")
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, message: message, source: node.source,
                        range: (node.mapping?["metric"] ?? node).range,
                        path: "sweep.objective.metric"))
            }
            // The first says enough.
            if !diagnostics.isEmpty { break }
        }
        return diagnostics
    }
}
