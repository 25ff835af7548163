import Retrieval

extension SpecFindings {
    mutating func checkGate() {
        guard let gate = spec.resolved[ExperimentSpec.gateField] else { return }
        if gate[GateSection.partField] == "validation", hasValidationPart == false {
            error(at: "gate.on", "data.split has no validation part for the gate to look at")
        }
        let known = figures.ofEvaluation.map(\.name)
        var first: [String: Int] = [:]
        for (index, rule) in (gate[GateSection.metricsField] ?? []).enumerated() {
            let path = "gate.metrics[\(index)]"
            let name = rule[GateSection.nameField]
            if let other = first[name] {
                error(at: path + ".name", "gate.metrics[\(other)] is a rule for '\(name)' already")
            }
            first[name] = first[name] ?? index
            if !known.contains(name), !name.hasPrefix("per_query/") {
                let meant = Suggestion.closest(to: name, among: known)
                warn(
                    at: path + ".name",
                    "no metric of this spec is called '\(name)'; "
                        + (meant.map { "did you mean '\($0)'?" }
                            ?? "there are \(known.joined(separator: ", "))"))
            }
            if let floor = rule[GateSection.floorField],
                let ceiling = rule[GateSection.ceilingField], floor > ceiling
            {
                error(
                    at: path + ".floor",
                    "nothing passes: 'floor' lies above 'ceiling'")
            }
        }
    }
}
