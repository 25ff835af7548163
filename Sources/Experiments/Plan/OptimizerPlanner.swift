import Retrieval

/// Makes the optimizers of a spec and finds what each of them moves.
struct OptimizerPlanner {
    let catalog: Catalog
    let spec: ExperimentSpec

    func optimizers(of parameters: Parameters) throws -> [OptimizerGroup] {
        var assignment = try pointing(at: "train.optimizer") {
            OptimizerAssignment(try catalog.make(.optimizer, spec.train.optimizer))
        }
        for (index, choice) in spec.train.optimizers.enumerated() {
            let path = "train.optimizers[\(index)]"
            let optimizer = try pointing(at: path) { try catalog.make(.optimizer, choice) }
            try pointing(at: path + "." + TrainSection.matchField.name) {
                try assignment.add(
                    OptimizerAssignment.Rule(
                        match: choice.values[TrainSection.matchField], optimizer: optimizer),
                    for: parameters)
            }
        }
        return assignment.groups(of: parameters)
    }

    private func pointing<Result>(at path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as OptimizerError {
            throw spec.error(at: path, error.description)
        }
    }
}
