/// The gradients of the batches that make one optimizer step.
///
/// They make that of the loss over all the batches' examples, by its own reduction: a sum of a
/// summed loss, a mean over the examples of an averaged one. (Keras 3 averages always.) Negatives
/// stay those of each batch, and penalties on weights count once a step.
struct GradientAccumulation: Sendable {
    private let steps: Int
    private let averages: Bool
    private var pending: Gradients?
    private var batches = 0
    private var examples = 0

    init(steps: Int, averages: Bool) {
        precondition(steps >= 1, "a step needs a batch")
        self.steps = steps
        self.averages = averages
    }

    /// Whether there are enough batches for a step.
    var isComplete: Bool { batches == steps }

    mutating func add(_ gradients: Gradients, examples: Int) {
        let isWeighted = averages && steps > 1
        let gradients = isWeighted ? gradients.scaled(by: Float(examples)) : gradients
        pending = pending?.adding(gradients) ?? gradients
        batches += 1
        self.examples += examples
    }

    /// What the batches since the last step give; nil if there are none.
    mutating func take() -> Gradients? {
        defer { (pending, batches, examples) = (nil, 0, 0) }
        let isWeighted = averages && steps > 1
        return isWeighted ? pending?.scaled(by: 1 / Float(examples)) : pending
    }
}

extension GradientAccumulation {
    /// The gradients that wait, each under its parameter's name.
    func save(to arrays: inout NamedArrays, as name: String, of parameters: Parameters) {
        batches.save(to: &arrays, as: NamedArrays.path(name, "batches"))
        examples.save(to: &arrays, as: NamedArrays.path(name, "examples"))
        for (id, gradient) in pending?.ordered ?? [] {
            let gradient = parameters.partition(of: id)?.whole(of: gradient) ?? gradient
            let path = NamedArrays.path(name, parameters.names[id.index])
            gradient.values.save(to: &arrays, as: path + "/gradient")
            if case .sparse(let indices, _) = gradient {
                arrays.add(.integers(indices.map(Int64.init)), as: path + "/rows")
            }
        }
    }

    mutating func restore(
        from arrays: inout NamedArrays, as name: String, of parameters: Parameters
    ) throws(StateError) {
        batches = try arrays.takeCount(
            NamedArrays.path(name, "batches"), in: 0...(steps - 1))
        examples = try arrays.takeCount(NamedArrays.path(name, "examples"), in: 0...(1 << 48))
        pending = nil
        guard batches > 0 else { return }
        var gradients = Gradients(for: parameters)
        for id in parameters.ids {
            let path = NamedArrays.path(name, parameters.names[id.index])
            guard arrays[path + "/gradient"] != nil else { continue }
            let whole = try Gradient(
                restoring: &arrays, as: path, rows: parameters.rows(of: id),
                columns: parameters.matrices[id.index].columns)
            gradients.add(parameters.partition(of: id)?.share(of: whole) ?? whole, to: id)
        }
        pending = gradients
    }
}

extension Gradient {
    /// The gradient of a parameter as ``GradientAccumulation`` has saved it.
    fileprivate init(
        restoring arrays: inout NamedArrays, as path: String, rows: Int, columns: Int
    ) throws(StateError) {
        guard arrays[path + "/rows"] != nil else {
            self = .dense(
                try arrays.takeMatrix(path + "/gradient", rows: rows, columns: columns))
            return
        }
        let indices = try arrays.takeIntegers(path + "/rows", count: nil)
        guard indices.allSatisfy({ (0..<Int64(rows)).contains($0) }) else {
            throw .mismatch(
                name: path + "/rows", required: "rows of \(rows)", found: "others")
        }
        self = .sparse(
            indices: indices.map(Int32.init),
            rows: try arrays.takeMatrix(
                path + "/gradient", rows: indices.count, columns: columns))
    }
}

extension Gradients {
    /// The gradients of both.
    fileprivate func adding(_ other: Gradients) -> Gradients {
        var sum = self
        for (id, gradient) in other.ordered { sum.add(gradient, to: id) }
        sum.regularizationLoss += other.regularizationLoss
        return sum
    }

    fileprivate func scaled(by factor: Float) -> Gradients {
        mapping { gradient in
            var gradient = gradient
            gradient.mapValues { $0 *= factor }
            return gradient
        }
    }
}
