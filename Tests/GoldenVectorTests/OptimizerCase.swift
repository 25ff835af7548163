import Retrieval

/// Some steps of an optimizer as Keras took them. The slots that are recorded are not compared:
/// the trajectories follow from them.
struct OptimizerCase {
    let name: String
    let isInformational: Bool
    private let optimizer: any Optimizer
    private let inputs: OptimizerInputs
    private let expected: Any?

    /// Trajectories of ten steps amplify rounding.
    private static let tolerance = Tolerance(relative: 1e-4)

    init(_ value: Any) throws {
        var fields = try Fields(value, "case")
        name = try fields.string("name") ?? ""
        isInformational = try fields.flag("informational")
        _ = try fields.flag("extreme")
        _ = fields.take("note")
        inputs = try OptimizerInputs(fields.take("inputs"))
        var options = try Fields(fields.take("options"), "options")
        optimizer = try KerasOptimizers.make(options.take("optimizer"))
        try options.finish()
        expected = fields.take("expected")
        try fields.finish()
    }

    /// What differs from Keras's.
    func differences() throws -> [String] {
        var fields = try Fields(expected, "expected")
        for unused in [
            "slots_after_last_step", "densified_max_abs_difference",
            "after_step_if_densified_first",
        ] { _ = fields.take(unused) }
        // Nadam: eager execution is what we do, by design; compiled, its product runs ahead as
        // soon as there are two variables.
        let compiled = try fields.tensor("tf_function")
        let eager = try fields.tensor("eager")
        let after = fields.take("after_step")
        try fields.finish()

        let got = trajectories()
        if let eager {
            let all = inputs.interleaved(got)
            let tensors = [eager] + (got.count == 1 ? [compiled].compactMap { $0 } : [])
            return try tensors.compactMap {
                Self.tolerance.difference("after_step", all, try $0.floats())
            }
        }
        guard let members = after as? [String: Any], members["data"] == nil else {
            let want = try Tensor(after, "after_step").floats()
            return [Self.tolerance.difference("after_step", inputs.interleaved(got), want)]
                .compactMap { $0 }
        }
        var byName = try Fields(members, "after_step")
        let differences = try zip(inputs.names, got).map { name, got in
            Self.tolerance.difference(name, got, try byName.requiredTensor(name).floats())
        }
        try byName.finish()
        return differences.compactMap { $0 }
    }

    /// The values of each variable after each step, one after another.
    private func trajectories() -> [[Float]] {
        var parameters = Parameters()
        let ids = zip(inputs.names, inputs.initial).map { parameters.add($0, $1) }
        var run = OptimizerRun(optimizer, for: parameters)
        var trajectories = ids.map { _ in [Float]() }
        for step in inputs.steps {
            var gradients = Gradients()
            for (id, gradient) in zip(ids, step) {
                if let gradient { gradients.add(gradient, to: id) }
            }
            run.apply(gradients, to: &parameters)
            for (index, id) in ids.enumerated() { trajectories[index] += parameters[id].values }
        }
        return trajectories
    }
}

/// The variables of a case and their gradients of each step.
struct OptimizerInputs {
    private(set) var names: [String] = []
    private(set) var initial: [Matrix] = []
    /// By step, then by variable; nil where a variable has no gradient.
    private(set) var steps: [[Gradient?]] = []

    init(_ value: Any?) throws {
        var fields = try Fields(value, "inputs")
        let start = fields.take("initial")
        let gradients = fields.take("gradients")
        let steps = try fields.list("steps")
        try fields.finish()
        if let members = start as? [String: Any], members["data"] == nil {
            names = members.keys.sorted()
            initial = try names.map { try Self.matrix(Tensor(members[$0], $0)) }
            try readNamed(gradients, steps)
        } else {
            try readUnnamed(try Tensor(start, "initial"), gradients, steps)
        }
    }

    private mutating func readNamed(_ gradients: Any?, _ steps: [Any]) throws {
        if let gradients {
            var fields = try Fields(gradients, "gradients")
            let each = try zip(names, initial).map {
                try Self.slices(fields.requiredTensor($0), like: $1)
            }
            try fields.finish()
            self.steps = (each.first?.indices ?? 0..<0).map { step in
                each.map { .dense($0[step]) }
            }
        } else {
            self.steps = try steps.map { value in
                var fields = try Fields(value, "step")
                let sparse = try Self.sparse(&fields)
                let all: [Gradient?] = try zip(names, initial).map { name, matrix in
                    try fields.tensor(name + "_gradient").map {
                        .dense(try Self.slices($0, like: matrix)[0])
                    } ?? sparse
                }
                try fields.finish()
                return all
            }
        }
    }

    private mutating func readUnnamed(
        _ start: Tensor, _ gradients: Any?, _ steps: [Any]
    ) throws {
        guard let gradients else {
            names = ["e"]
            initial = [try start.matrix()]
            self.steps = try steps.map { value in
                var fields = try Fields(value, "step")
                let gradient = try Self.sparse(&fields)
                try fields.finish()
                return [gradient]
            }
            return
        }
        // The rows are the variables; where a step has one row only, it is the first's.
        let rows = try Self.matrix(start)
        names = (0..<rows.rows).map { "v\($0)" }
        initial = (0..<rows.rows).map {
            Matrix(rows: 1, columns: rows.columns, values: Array(rows.row($0)))
        }
        let all = try Self.slices(Tensor(gradients, "gradients"), like: initial[0])
        let given = all.count / (try Tensor(gradients, "gradients").shape[0])
        self.steps = stride(from: 0, to: all.count, by: given).map { first in
            (0..<rows.rows).map { $0 < given ? .dense(all[first + $0]) : nil }
        }
    }

    /// The values of all variables after the first step, then after the second, and so on.
    func interleaved(_ trajectories: [[Float]]) -> [Float] {
        steps.indices.flatMap { step in
            zip(initial, trajectories).flatMap { variable, values in
                let size = variable.values.count
                return values[step * size..<(step + 1) * size]
            }
        }
    }

    private static func sparse(_ fields: inout Fields) throws -> Gradient {
        let indices = try fields.requiredTensor("indices").ids().map { id -> Int32 in
            guard case .number(let index) = id else { throw VectorProblem("not an index") }
            return Int32(index)
        }
        return .sparse(indices: indices, rows: try fields.requiredTensor("values").matrix())
    }

    private static func slices(_ tensor: Tensor, like shape: Matrix) throws -> [Matrix] {
        let values = try tensor.floats()
        let size = shape.values.count
        return stride(from: 0, to: values.count, by: size).map {
            Matrix(
                rows: shape.rows, columns: shape.columns, values: Array(values[$0..<$0 + size]))
        }
    }

    /// A vector is a matrix of one row.
    private static func matrix(_ tensor: Tensor) throws -> Matrix {
        tensor.shape.count == 2
            ? try tensor.matrix()
            : Matrix(rows: 1, columns: tensor.shape.reduce(1, *), values: try tensor.floats())
    }
}
