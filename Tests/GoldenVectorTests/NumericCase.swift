import Foundation
import Retrieval

/// One recorded case of a layer of numbers: its output, and the gradients of `sum(output * R)`.
struct NumericCase {
    let header: LayerCase
    private let inputs: [String: Tensor]
    private let weights: [RecordedWeight]
    private let outputWeights: Tensor

    init(_ value: Any) throws {
        var fields = try Fields(value, "case")
        header = try LayerCase(&fields)
        let place = "\(header.name): inputs"
        guard let members = fields.take("inputs") as? [String: Any] else {
            throw VectorProblem("\(place): not an object")
        }
        inputs = try Dictionary(
            uniqueKeysWithValues: members.map { ($0.key, try Tensor($0.value, place)) })
        weights = try fields.list("weights").map(RecordedWeight.init)
        outputWeights = try fields.requiredTensor("R")
        try fields.finish()
    }

    /// Why our outcome is another one on purpose, and what may differ; nil where it is not.
    var deliberateDifference: Difference? {
        get throws {
            var options = try Fields(header.options, "options")
            switch header.layer {
            case "Embedding+GlobalAveragePooling1D" where try options.flag("mask_zero"):
                let ids = try inputs["ids"]?.indices() ?? []
                let width = inputs["ids"]?.shape[1] ?? 1
                let isEmpty = stride(from: 0, to: ids.count, by: width).contains { row in
                    ids[row..<(row + width)].allSatisfy { $0 == 0 }
                }
                return isEmpty ? .emptyList : nil
            case "LayerNormalization" where try options.number("epsilon") ?? 1 < 1e-5:
                let rows = try inputs["x"]?.rows() ?? Matrix(rows: 0, columns: 0)
                let isConstant = (0..<rows.rows).contains { Set(rows.row($0)).count == 1 }
                return isConstant ? .constantRow : nil
            default:
                return nil
            }
        }
    }

    enum Difference: String {
        case emptyList = "an empty list is zeros, not 0/0"
        case constantRow =
            "a constant row is exactly beta; Keras scales row and mean before it subtracts"
    }

    /// What differs from the recorded outcome.
    func run() throws -> [String] {
        var options = try Fields(header.options, "\(header.name): options")
        let call = try NumericLayers.call(header.layer, &options, inputs, weights)
        try options.finish()

        let difference = try deliberateDifference
        func known(_ want: [Float]) -> [Float] {
            difference == .emptyList ? want.map { $0.isNaN ? 0 : $0 } : want
        }
        let tolerance = Tolerance(relative: difference == .constantRow ? 1e-4 : 1e-5)
        var differences: [String] = []
        func compare(_ what: String, _ got: [Float], _ want: Tensor) throws {
            differences += [tolerance.difference(what, got, known(try want.floats()))]
                .compactMap { $0 }
        }
        var expected = try Fields(header.expected, "\(header.name): expected")
        try compare("output", call.output, try expected.requiredTensor("output"))
        var gradients = Gradients(for: call.parameters)
        let ofInputs = call.pullback(try outputWeights.floats(), &gradients)
        var wanted = try Fields(expected.take("grad_inputs") ?? [:], "\(header.name): grad_inputs")
        for (input, got) in ofInputs.sorted(by: { $0.key < $1.key }) {
            try compare("gradient of \(input)", got, try wanted.requiredTensor(input))
        }
        try wanted.finish()
        let own = zip(weights, call.parameters.ids).filter(\.0.isTrainable)
        let recorded = try gradientTensors(expected.take("grad_weights"))
        guard recorded.count == own.count else {
            return ["\(recorded.count) gradients of \(own.count) weights"]
        }
        for ((weight, id), want) in zip(own, recorded) {
            try compare(
                "gradient of \(weight.name)", gradients.dense(of: id, in: call.parameters), want)
        }
        if let after = expected.take("weights_after") {
            var after = try Fields(after, "\(header.name): weights_after")
            for (weight, id) in zip(weights, call.parameters.ids) where !weight.isTrainable {
                let got = gradients.state(of: id) ?? call.parameters[id]
                try compare(
                    "\(weight.name) after", got.values, try after.requiredTensor(weight.name))
            }
            try after.finish()
        }
        try expected.finish()
        return differences
    }

    /// The recorded gradients in the order of the trainable weights.
    private func gradientTensors(_ value: Any?) throws -> [Tensor] {
        if let list = value as? [Any] { return try list.map { try Tensor($0, "grad_weights") } }
        var byName = try Fields(value ?? [:], "\(header.name): grad_weights")
        let tensors = try weights.filter(\.isTrainable).map { try byName.requiredTensor($0.name) }
        try byName.finish()
        return tensors
    }
}

/// A weight of a recorded layer; a vector is a matrix of one row.
struct RecordedWeight {
    let name: String
    let isTrainable: Bool
    let value: Matrix

    init(_ value: Any) throws {
        var fields = try Fields(value, "weight")
        name = try fields.string("name") ?? ""
        isTrainable = try fields.flag("trainable")
        let tensor = try fields.requiredTensor("value")
        self.value = try tensor.rows()
        try fields.finish()
    }
}

extension Tensor {
    /// The vectors along the last dimension.
    func rows() throws -> Matrix {
        let columns = shape.last ?? 1
        return Matrix(
            rows: columns == 0 ? 0 : shape.reduce(1, *) / columns, columns: columns,
            values: try floats())
    }

    func indices() throws -> [Int32] {
        guard case .integers(let values) = elements else { throw VectorProblem("not integers") }
        return values.map { Int32($0) }
    }
}

extension Gradients {
    /// The whole gradient of a parameter; zeros where there is none.
    fileprivate func dense(of id: ParameterID, in parameters: Parameters) -> [Float] {
        var sum = Matrix(rows: parameters[id].rows, columns: parameters[id].columns)
        switch self[id] {
        case nil: break
        case .dense(let gradient)?: return gradient.values
        case .sparse(let indices, let rows)?:
            for (row, index) in indices.enumerated() {
                for column in 0..<rows.columns { sum[Int(index), column] += rows[row, column] }
            }
        }
        return sum.values
    }
}
