import Foundation
import Retrieval

/// Sequence encoders as their definitions read, one sequence and one number at a time, in double
/// precision.
struct PlainEncoder {
    /// The encoder's fields, by name.
    var name: String
    var fields: FieldValues
    /// Its parameters by the end of their name.
    var parameters: [String: [[Double]]]

    typealias Vector = [Double]

    /// What it makes of a sequence whose first step stands at a position.
    func callAsFunction(_ sequence: [Vector], firstPosition: Int) -> Vector {
        guard !sequence.isEmpty else {
            let units = name == "gru" || name == "lstm"
            return Vector(repeating: 0, count: units ? integer("units") : parameterCount)
        }
        switch name {
        case "average": return average(sequence, decay: 1)
        case "decayed_average": return average(sequence, decay: number("decay"))
        case "gru": return gru(sequence)
        case "lstm": return lstm(sequence)
        case "self_attention": return selfAttention(sequence, firstPosition)
        default: fatalError("no plain version of \(name)")
        }
    }

    /// The vectors' length, where no parameter says it.
    var parameterCount: Int

    private func number(_ key: String) -> Double { fields[key].flatMap(Double.init(fieldValue:))! }
    private func integer(_ key: String) -> Int { fields[key].flatMap(Int.init(fieldValue:))! }
    private func isOn(_ key: String) -> Bool {
        fields[key].flatMap(Bool.init(fieldValue:)) ?? true
    }

    private func average(_ sequence: [Vector], decay: Double) -> Vector {
        var (sum, total) = (Vector(repeating: 0, count: sequence[0].count), 0.0)
        for (age, vector) in sequence.reversed().enumerated() {
            let weight = pow(decay, Double(age))
            total += weight
            for index in sum.indices { sum[index] += weight * vector[index] }
        }
        return sum.map { $0 / total }
    }

    // MARK: Recurrence

    private func times(_ vector: Vector, _ matrix: [[Double]]) -> Vector {
        matrix[0].indices.map { column in
            vector.indices.reduce(0) { $0 + vector[$1] * matrix[$1][column] }
        }
    }

    private func sum(_ first: Vector, _ second: Vector) -> Vector { zip(first, second).map(+) }

    private func biased(_ vector: Vector, _ row: Int) -> Vector {
        guard let bias = parameters["bias"], row < bias.count else { return vector }
        return sum(vector, bias[row])
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private func gru(_ sequence: [Vector]) -> Vector {
        let units = integer("units")
        var state = Vector(repeating: 0, count: units)
        for vector in sequence {
            let x = biased(times(vector, parameters["kernel"]!), 0)
            let kernel = parameters["recurrent_kernel"]!
            let resetAfter = isOn("reset_after")
            let h = resetAfter ? biased(times(state, kernel), 1) : times(state, kernel)
            let z = (0..<units).map { sigmoid(x[$0] + h[$0]) }
            let r = (0..<units).map { sigmoid(x[units + $0] + h[units + $0]) }
            let reset = times(zip(r, state).map(*), kernel)
            let candidate = (0..<units).map {
                let place = 2 * units + $0
                return tanh(x[place] + (resetAfter ? r[$0] * h[place] : reset[place]))
            }
            state = (0..<units).map { z[$0] * state[$0] + (1 - z[$0]) * candidate[$0] }
        }
        return state
    }

    private func lstm(_ sequence: [Vector]) -> Vector {
        let units = integer("units")
        var (state, memory) = (
            Vector(repeating: 0, count: units), Vector(repeating: 0, count: units)
        )
        for vector in sequence {
            let gates = sum(
                biased(times(vector, parameters["kernel"]!), 0),
                times(state, parameters["recurrent_kernel"]!))
            for unit in 0..<units {
                memory[unit] =
                    sigmoid(gates[units + unit]) * memory[unit] + sigmoid(gates[unit])
                    * tanh(gates[2 * units + unit])
                state[unit] = sigmoid(gates[3 * units + unit]) * tanh(memory[unit])
            }
        }
        return state
    }

    // MARK: Self-attention

    private func normalized(_ vector: Vector, _ path: String) -> Vector {
        let count = Double(vector.count)
        let mean = vector.reduce(0, +) / count
        let variance = vector.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        return vector.indices.map {
            (vector[$0] - mean) / (variance + 1e-6).squareRoot()
                * parameters[path + "/gamma"]![0][$0] + parameters[path + "/beta"]![0][$0]
        }
    }

    private func dense(_ vector: Vector, _ path: String) -> Vector {
        sum(times(vector, parameters[path + "/kernel"]!), parameters[path + "/bias"]![0])
    }

    private func selfAttention(_ sequence: [Vector], _ firstPosition: Int) -> Vector {
        let dimension = sequence[0].count
        var x = sequence.enumerated().map { step, vector in
            let scaled = vector.map { $0 * Double(dimension).squareRoot() }
            return parameters["positions"].map { sum(scaled, $0[firstPosition + step]) } ?? scaled
        }
        let heads = fields["heads"].flatMap(Int.init(fieldValue:)) ?? 1
        for block in 0..<integer("blocks") {
            let path = "block_\(block)"
            let y = x.map { normalized($0, path + "/attention_normalization") }
            let (q, k, v) = (
                y.map { dense($0, path + "/query") }, y.map { dense($0, path + "/key") },
                y.map { dense($0, path + "/value") }
            )
            for step in x.indices.reversed() {
                var attended: Vector = []
                for head in 0..<heads {
                    let part = head * dimension / heads..<(head + 1) * dimension / heads
                    let scores = (0...step).map { other in
                        part.reduce(0) { $0 + q[step][$1] * k[other][$1] }
                            / Double(part.count).squareRoot()
                    }
                    let weights = scores.map { exp($0 - scores.max()!) }
                    let total = weights.reduce(0, +)
                    attended += part.map { unit in
                        (0...step).reduce(0) { $0 + weights[$1] / total * v[$1][unit] }
                    }
                }
                x[step] = sum(x[step], dense(attended, path + "/output"))
            }
            x = x.map { vector in
                let y = normalized(vector, path + "/network_normalization")
                let hidden = dense(y, path + "/inner").map { max($0, 0) }
                return sum(vector, dense(hidden, path + "/outer"))
            }
        }
        return normalized(x[x.count - 1], "normalization")
    }
}
